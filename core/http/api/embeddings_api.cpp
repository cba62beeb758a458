#include "core/http/api/embeddings_api.h"

#include "core/base/json_fields.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

namespace llmemory::http {

namespace {

Response status(Memory &memory, Call &call)
{
    const auto query = jsonFromQuery(call.request(), {{"owner_id", FieldKind::Text}});
    if (!query)
        return toResponse(query.error());
    JsonFields fields(*query);
    const OwnerId owner = fields.has("owner_id") ? fields.owner() : OwnerId();
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

} // namespace

void addEmbeddingRoutes(Router &router, Memory &memory)
{
    router.add({.method = "GET", .pattern = "/v1/embeddings", .handler = [&memory](Call &call) {
                    return status(memory, call);
                }});
}

} // namespace llmemory::http
