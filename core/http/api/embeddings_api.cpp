#include "core/http/api/embeddings_api.h"

#include "core/base/json_fields.h"
#include "core/http/api/document_request.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

namespace llmemory::http {

namespace {

/// Empty, for all owners, where none is named.
OwnerId optionalOwner(JsonFields &fields)
{
    return fields.has("owner_id") ? fields.owner() : OwnerId();
}

Response status(Memory &memory, Call &call)
{
    const auto query = jsonFromQuery(call.request(), {{"owner_id", FieldKind::Text}});
    if (!query)
        return toResponse(query.error());
    JsonFields fields(*query);
    const OwnerId owner = optionalOwner(fields);
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto figures = call.await(memory.embeddingStatus(owner));
    if (!figures)
        return toResponse(figures.error());
    return Response::json({{"model", toJson(figures->model)},
                           {"dimension", figures->dimension},
                           {"pending", figures->pending},
                           {"failed", figures->failed},
                           {"embedded", figures->embedded}});
}

Response process(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    PendingEmbeddings request;
    request.owner = optionalOwner(fields);
    request.batchSize = fields.integer("batch_size", request.batchSize);
    request.maxBatches = fields.integer("max_batches", request.maxBatches);
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto written = call.await(memory.processPendingEmbeddings(request));
    return written ? Response::json({{"embeddings_created", *written}})
                   : toResponse(written.error());
}

Response retry(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    EmbeddingRetry request;
    request.owner = optionalOwner(fields);
    request.documents = documentIds(fields);
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto queued = call.await(memory.retryEmbeddings(request));
    return queued ? Response::json({{"embeddings_queued", *queued}}) : toResponse(queued.error());
}

} // namespace

void addEmbeddingRoutes(Router &router, Memory &memory)
{
    const auto bound = [&memory](Response (*handler)(Memory &, Call &)) {
        return [&memory, handler](Call &call) { return handler(memory, call); };
    };
    const QByteArray queue = "/v1/embeddings";
    router.add({.method = "GET", .pattern = queue, .handler = bound(status)});
    router.add({.method = "POST",
                .pattern = queue + "/process",
                .body = BodyKind::Json,
                .handler = bound(process)});
    router.add({.method = "POST",
                .pattern = queue + "/retry",
                .body = BodyKind::Json,
                .handler = bound(retry)});
}

} // namespace llmemory::http
