#include "core/ingest/ingest_options.h"

namespace llmemory::ingest {

IngestOptions optionsOf(const IngestRequest &request)
{
    return {request.type, request.date, request.metadata};
}

Json toJson(const IngestOptions &options)
{
    Json value = {{"metadata", options.metadata}};
    if (options.type)
        value["type"] = llmemory::toJson(toString(*options.type));
    if (options.date.isValid())
        value["date"] = llmemory::toJson(options.date.toUTC().toString(Qt::ISODateWithMs));
    return value;
}

IngestOptions ingestOptionsFromJson(const Json &value)
{
    IngestOptions options;
    if (!value.is_object())
        return options;
    options.type = documentTypeFromString(toQString(value.value("type", Json())));
    options.date = QDateTime::fromString(toQString(value.value("date", Json())), Qt::ISODateWithMs);
    const Json metadata = value.value("metadata", Json::object());
    if (metadata.is_object())
        options.metadata = metadata;
    return options;
}

} // namespace llmemory::ingest
