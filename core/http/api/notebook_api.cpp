#include "core/http/api/notebook_api.h"

#include "core/base/json_fields.h"
#include "core/http/api/owner_query.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

Response list(Memory &memory, Call &call)
{
    const auto page = ownerPageFromQuery(call.request());
    if (!page)
        return toResponse(page.error());
    const auto notebook = call.await(memory.notebook(page->owner, page->limit, page->offset));
    if (!notebook)
        return toResponse(notebook.error());
    Json queries = Json::array();
    for (const NotebookQuery &query : notebook->queries)
        queries.push_back(toJson(query));
    return Response::json({{"queries", std::move(queries)},
                           {"total", notebook->total},
                           {"limit", page->limit},
                           {"offset", page->offset}});
}

Response report(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    const OwnerId owner = fields.owner();
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    const auto made = call.await(memory.notebookReport(owner));
    return made ? Response::json(toJson(*made)) : toResponse(made.error());
}

Response remove(Memory &memory, Call &call)
{
    const auto owner = ownerFromQuery(call.request());
    if (!owner)
        return toResponse(owner.error());
    const QString place = call.pathPart(QStringLiteral("query_id"));
    const auto id = NotebookQueryId::fromString(place);
    if (id.isNull())
        return toResponse(Error::notFound(
            QCoreApplication::translate("llmemory::http", "There is no query \"%1\".")
                .arg(place.left(100))));
    const auto done = call.await(memory.removeFromNotebook(*owner, id));
    if (!done)
        return toResponse(done.error());
    return Response::json(
        {{"owner_id", toJson(owner->toString())}, {"query_id", toJson(id.toString())}});
}

} // namespace

void addNotebookRoutes(Router &router, Memory &memory)
{
    const auto bound = [&memory](Response (*handler)(Memory &, Call &)) {
        return [&memory, handler](Call &call) { return handler(memory, call); };
    };
    const QByteArray notebook = "/v1/notebook";
    router.add({.method = "GET", .pattern = notebook, .handler = bound(list)});
    router.add({.method = "POST",
                .pattern = notebook + "/report",
                .body = BodyKind::Json,
                .handler = bound(report)});
    router.add({.method = "DELETE", .pattern = notebook + "/{query_id}", .handler = bound(remove)});
}

} // namespace llmemory::http
