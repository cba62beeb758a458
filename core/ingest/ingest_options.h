#pragma once

#include "core/ingest/ingest_types.h"

namespace llmemory::ingest {

/// What a batch gives to each of its documents; stored with the batch, so that another program can
/// go on.
struct IngestOptions
{
    std::optional<DocumentType> type = std::nullopt; ///< nothing = by the file's kind
    QDateTime date;                                  ///< invalid = the file's modification time
    Json metadata = Json::object();
};

IngestOptions optionsOf(const IngestRequest &request);
Json toJson(const IngestOptions &options);
/// The inverse; what is malformed keeps its default.
IngestOptions ingestOptionsFromJson(const Json &value);

} // namespace llmemory::ingest
