#include "core/http/api/owners_api.h"

#include "core/base/json_fields.h"
#include "core/base/limits.h"
#include "core/documents/document_json.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

namespace llmemory::http {

namespace {

constexpr int kPage = 20;

/// The owner in the path, for routes that take no parameters.
Result<OwnerId> ownerOf(const Call &call)
{
    if (const auto none = jsonFromQuery(call.request(), {}); !none)
        return none.error();
    return OwnerId::parse(call.pathPart(QStringLiteral("owner_id")));
}

Response list(Memory &memory, Call &call)
{
    const auto query = jsonFromQuery(
        call.request(), {{"limit", FieldKind::Integer}, {"offset", FieldKind::Integer}});
    if (!query)
        return toResponse(query.error());
    JsonFields fields(*query);
    const int limit = fields.integer("limit", kPage);
    const int offset = fields.integer("offset", 0);
    for (const auto &ok :
         {limits::checkLimit(limit, limits::kPageLimit), limits::checkOffset(offset)}) {
        if (!ok)
            fields.fail(ok.error());
    }
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto owners = call.await(memory.listOwners());
    if (!owners)
        return toResponse(owners.error());
    Json page = Json::array();
    for (const Owner &owner : owners->mid(offset, limit))
        page.push_back(toJson(owner));
    return Response::json({{"owners", std::move(page)},
                           {"total", owners->size()},
                           {"limit", limit},
                           {"offset", offset}});
}

Response create(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    const OwnerId id = fields.owner();
    const QString name = fields.text("display_name");
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto owner = call.await(memory.addOwner(id, name));
    if (!owner)
        return toResponse(owner.error());
    Response response = Response::json(toJson(*owner), 201);
    response.headers.append(Header{"Location", "/v1/owners/" + id.toString().toLatin1()});
    return response;
}

Response show(Memory &memory, Call &call)
{
    const auto id = ownerOf(call);
    if (!id)
        return toResponse(id.error());
    const auto owner = call.await(memory.owner(*id));
    return owner ? Response::json(toJson(*owner)) : toResponse(owner.error());
}

Response rename(Memory &memory, Call &call)
{
    const auto id = ownerOf(call);
    if (!id)
        return toResponse(id.error());
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    const QString name = fields.requiredText("display_name");
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto owner = call.await(memory.renameOwner(*id, name));
    return owner ? Response::json(toJson(*owner)) : toResponse(owner.error());
}

Response remove(Memory &memory, Call &call)
{
    const auto id = ownerOf(call);
    if (!id)
        return toResponse(id.error());
    const auto deleted = call.await(memory.deleteOwner(*id));
    if (!deleted)
        return toResponse(deleted.error());
    return Response::json({{"owner_id", toJson(id->toString())}, {"documents_deleted", *deleted}});
}

Response statistics(Memory &memory, Call &call)
{
    const auto id = ownerOf(call);
    if (!id)
        return toResponse(id.error());
    const auto figures = call.await(memory.statistics(*id));
    return figures ? Response::json(toJson(*figures)) : toResponse(figures.error());
}

} // namespace

void addOwnerRoutes(Router &router, Memory &memory)
{
    const auto bound = [&memory](Response (*handler)(Memory &, Call &)) {
        return [&memory, handler](Call &call) { return handler(memory, call); };
    };
    const QByteArray one = "/v1/owners/{owner_id}";
    router.add({.method = "GET", .pattern = "/v1/owners", .handler = bound(list)});
    router.add({.method = "POST",
                .pattern = "/v1/owners",
                .body = BodyKind::Json,
                .handler = bound(create)});
    router.add({.method = "GET", .pattern = one, .handler = bound(show)});
    router.add(
        {.method = "PATCH", .pattern = one, .body = BodyKind::Json, .handler = bound(rename)});
    router.add({.method = "DELETE", .pattern = one, .handler = bound(remove)});
    router.add({.method = "GET", .pattern = one + "/statistics", .handler = bound(statistics)});
}

} // namespace llmemory::http
