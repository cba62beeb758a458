#include "core/http/api/documents_api.h"

#include "core/documents/document_json.h"
#include "core/http/api/upload.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

namespace llmemory::http {

namespace {

Result<DocumentInput> readDocument(const Call &call, const FileReader &readFile)
{
    if (call.request().value("content-type").toLower().startsWith("multipart/"))
        return documentFromUpload(call.request(), readFile, call.interrupt().flag());
    const auto body = jsonFromBody(call.request());
    if (!body)
        return body.error();
    return documentInputFromJson(*body);
}

Response addOne(Memory &memory, const FileReader &readFile, Call &call)
{
    const auto input = readDocument(call, readFile);
    if (!input)
        return toResponse(input.error());
    const auto added = call.await(memory.addDocument(*input));
    if (!added)
        return toResponse(added.error());
    return Response::json(toJson(*added), added->status == AddStatus::Added ? 201 : 200);
}

/// The answer to one line; a line that fails does not touch the others.
Json addLine(Memory &memory, Call &call, const QByteArray &line, int number)
{
    const auto add = [&]() -> Result<AddedDocument> {
        if (call.interrupt().flag())
            return Error::cancelled();
        const auto value = parseJson(line, QStringLiteral("body"));
        if (!value)
            return value.error();
        const auto input = documentInputFromJson(*value);
        if (!input)
            return input.error();
        return call.await(memory.addDocument(*input));
    };
    const auto added = add();
    if (added)
        return toJson(*added);
    return {{"status", "failed"}, {"line", number}, {"error", toProblemJson(added.error())}};
}

Response addMany(Memory &memory, Call &call)
{
    if (const auto none = jsonFromQuery(call.request(), {}); !none)
        return toResponse(none.error());
    const QByteArray contentType = "application/x-ndjson";
    const QByteArray &body = call.request().body;
    int number = 0;
    qsizetype start = 0;
    while (start < body.size()) {
        qsizetype end = body.indexOf('\n', start);
        if (end < 0)
            end = body.size();
        const QByteArray line = body.mid(start, end - start).trimmed();
        start = end + 1;
        ++number;
        if (line.isEmpty())
            continue;
        if (!call.write(contentType, toUtf8(addLine(memory, call, line, number)) + '\n'))
            break;
    }
    Response nothing;
    nothing.contentType = contentType;
    return nothing;
}

} // namespace

void addDocumentRoutes(Router &router, Memory &memory, const FileReader &readFile)
{
    router.add(
        {.method = "POST",
         .pattern = "/v1/documents",
         .body = BodyKind::JsonOrForm,
         .handler = [&memory, readFile](Call &call) { return addOne(memory, readFile, call); }});
    router.add({.method = "POST",
                .pattern = "/v1/documents/bulk",
                .body = BodyKind::Ndjson,
                .handler = [&memory](Call &call) { return addMany(memory, call); }});
}

} // namespace llmemory::http
