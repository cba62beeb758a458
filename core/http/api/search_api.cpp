#include "core/http/api/search_api.h"

#include "core/http/api/search_request.h"
#include "core/memory.h"
#include "core/search/search_request.h"

namespace llmemory::http {

namespace {

Response search(Memory &memory, Call &call, const Result<Json> &fields)
{
    if (!fields)
        return toResponse(fields.error());
    const auto query = search::searchQueryFromJson(*fields);
    if (!query)
        return toResponse(query.error());
    const auto answer = call.await(memory.search(*query));
    return answer ? Response::json(toJson(*answer)) : toResponse(answer.error());
}

} // namespace

void addSearchRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit)
{
    router.add({.method = "GET",
                .pattern = "/v1/search",
                .handler =
                    [&memory](Call &call) {
                        return search(memory, call, jsonFromQuery(call.request(), searchFields()));
                    },
                .timeLimit = timeLimit});
    router.add(
        {.method = "POST",
         .pattern = "/v1/search",
         .body = BodyKind::Json,
         .handler =
             [&memory](Call &call) { return search(memory, call, jsonFromBody(call.request())); },
         .timeLimit = timeLimit});
}

} // namespace llmemory::http
