#include "core/http/api/saved_searches_api.h"

#include "core/base/json_fields.h"
#include "core/http/api/owner_query.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

/// The id in the path. Error: NotFound for what is none.
Result<SavedSearchId> idOf(const Call &call)
{
    const QString place = call.pathPart(QStringLiteral("saved_id"));
    const auto id = SavedSearchId::fromString(place);
    if (id.isNull())
        return Error::notFound(
            QCoreApplication::translate("llmemory::http", "There is no saved search \"%1\".")
                .arg(place.left(100)));
    return id;
}

Result<SavedSearchInput> inputOf(const Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return body.error();
    JsonFields fields(*body);
    SavedSearchInput input;
    input.owner = fields.owner();
    input.name = fields.requiredText("name");
    input.request = fields.object("request", Json());
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return input;
}

Response list(Memory &memory, Call &call)
{
    const auto page = ownerPageFromQuery(call.request());
    if (!page)
        return toResponse(page.error());
    const auto saved = call.await(memory.savedSearches(page->owner, page->limit, page->offset));
    if (!saved)
        return toResponse(saved.error());
    Json searches = Json::array();
    for (const SavedSearch &search : saved->searches)
        searches.push_back(toJson(search));
    return Response::json({{"saved_searches", std::move(searches)},
                           {"total", saved->total},
                           {"limit", page->limit},
                           {"offset", page->offset}});
}

Response create(Memory &memory, Call &call)
{
    const auto input = inputOf(call);
    if (!input)
        return toResponse(input.error());
    const auto saved = call.await(memory.saveSearch(*input));
    if (!saved)
        return toResponse(saved.error());
    Response response = Response::json(toJson(*saved), 201);
    response.headers.append(
        Header{"Location", "/v1/saved-searches/" + saved->id.toString().toLatin1()});
    return response;
}

Response show(Memory &memory, Call &call)
{
    const auto owner = ownerFromQuery(call.request());
    if (!owner)
        return toResponse(owner.error());
    const auto id = idOf(call);
    if (!id)
        return toResponse(id.error());
    const auto saved = call.await(memory.savedSearch(*owner, *id));
    return saved ? Response::json(toJson(*saved)) : toResponse(saved.error());
}

Response replace(Memory &memory, Call &call)
{
    const auto input = inputOf(call);
    if (!input)
        return toResponse(input.error());
    const auto id = idOf(call);
    if (!id)
        return toResponse(id.error());
    const auto saved = call.await(memory.replaceSavedSearch(*id, *input));
    return saved ? Response::json(toJson(*saved)) : toResponse(saved.error());
}

Response remove(Memory &memory, Call &call)
{
    const auto owner = ownerFromQuery(call.request());
    if (!owner)
        return toResponse(owner.error());
    const auto id = idOf(call);
    if (!id)
        return toResponse(id.error());
    const auto done = call.await(memory.deleteSavedSearch(*owner, *id));
    if (!done)
        return toResponse(done.error());
    return Response::json(
        {{"owner_id", toJson(owner->toString())}, {"saved_id", toJson(id->toString())}});
}

Response run(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    SavedSearchRun wanted;
    wanted.owner = fields.owner();
    wanted.limit = fields.optionalInteger("limit");
    wanted.offset = fields.optionalInteger("offset");
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto id = idOf(call);
    if (!id)
        return toResponse(id.error());
    wanted.search = *id;
    const auto answer = call.await(memory.runSavedSearch(wanted));
    return answer ? Response::json(toJson(*answer)) : toResponse(answer.error());
}

} // namespace

void addSavedSearchRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit)
{
    const auto bound = [&memory](Response (*handler)(Memory &, Call &)) {
        return [&memory, handler](Call &call) { return handler(memory, call); };
    };
    const QByteArray all = "/v1/saved-searches";
    const QByteArray one = all + "/{saved_id}";
    router.add({.method = "GET", .pattern = all, .handler = bound(list)});
    router.add(
        {.method = "POST", .pattern = all, .body = BodyKind::Json, .handler = bound(create)});
    router.add({.method = "GET", .pattern = one, .handler = bound(show)});
    router.add(
        {.method = "PUT", .pattern = one, .body = BodyKind::Json, .handler = bound(replace)});
    router.add({.method = "DELETE", .pattern = one, .handler = bound(remove)});
    router.add({.method = "POST",
                .pattern = one + "/run",
                .body = BodyKind::Json,
                .handler = bound(run),
                .timeLimit = timeLimit});
}

} // namespace llmemory::http
