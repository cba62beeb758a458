#include "core/http/api/similar_api.h"

#include "core/base/json_fields.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

struct SimilarRequest
{
    OwnerId owner;
    QUuid id; ///< of what the path names
    int limit = 10;
    bool sameDocument = false;
};

/// @param name  of the id in the path. @param isPassage  whether same_document may be said.
Result<SimilarRequest> readRequest(const Call &call, const char *name, bool isPassage)
{
    QList<QueryField> known{{"owner_id", FieldKind::Text}, {"limit", FieldKind::Integer}};
    if (isPassage)
        known.append({"same_document", FieldKind::Flag});
    const auto query = jsonFromQuery(call.request(), known);
    if (!query)
        return query.error();
    JsonFields fields(*query);
    SimilarRequest request;
    request.owner = fields.owner();
    request.limit = fields.integer("limit", request.limit);
    request.sameDocument = fields.flag("same_document", request.sameDocument);
    request.id = QUuid::fromString(call.pathPart(QString::fromLatin1(name)));
    if (request.id.isNull()) {
        const QString field = QString::fromLatin1(name);
        fields.fail(Error::validation(
            field, QCoreApplication::translate("llmemory::http", "%1 must be a UUID.").arg(field)));
    }
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return request;
}

Response toResponse(const Result<SearchAnswer> &answer)
{
    return answer ? Response::json(toJson(*answer)) : http::toResponse(answer.error());
}

Response similarDocuments(Memory &memory, Call &call)
{
    const auto request = readRequest(call, "document_id", false);
    if (!request)
        return http::toResponse(request.error());
    return toResponse(call.await(
        memory.similarDocuments(request->owner, DocumentId(request->id), request->limit)));
}

Response similarPassages(Memory &memory, Call &call)
{
    const auto request = readRequest(call, "chunk_id", true);
    if (!request)
        return http::toResponse(request.error());
    return toResponse(call.await(memory.similarPassages(
        request->owner, ChunkId(request->id), request->limit, request->sameDocument)));
}

} // namespace

void addSimilarRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit)
{
    const auto add = [&](const char *pattern, Response (*handler)(Memory &, Call &)) {
        router.add({.method = "GET",
                    .pattern = pattern,
                    .handler = [&memory, handler](Call &call) { return handler(memory, call); },
                    .timeLimit = timeLimit});
    };
    add("/v1/documents/{document_id}/similar", similarDocuments);
    add("/v1/chunks/{chunk_id}/similar", similarPassages);
}

} // namespace llmemory::http
