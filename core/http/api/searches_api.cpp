#include "core/http/api/searches_api.h"

#include "core/base/json_fields.h"
#include "core/http/api/owner_query.h"
#include "core/http/query_fields.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

Response list(Memory &memory, Call &call)
{
    const auto page = ownerPageFromQuery(call.request());
    if (!page)
        return toResponse(page.error());
    const auto history = call.await(memory.searchHistory(page->owner, page->limit, page->offset));
    if (!history)
        return toResponse(history.error());
    Json searches = Json::array();
    for (const SearchRecord &search : history->searches)
        searches.push_back(toJson(search));
    return Response::json({{"searches", std::move(searches)},
                           {"total", history->total},
                           {"limit", page->limit},
                           {"offset", page->offset}});
}

Response clear(Memory &memory, Call &call)
{
    const auto owner = ownerFromQuery(call.request());
    if (!owner)
        return toResponse(owner.error());
    const auto count = call.await(memory.clearSearchHistory(*owner));
    if (!count)
        return toResponse(count.error());
    return Response::json({{"owner_id", toJson(owner->toString())}, {"searches_deleted", *count}});
}

Response feedback(Memory &memory, Call &call)
{
    const QString place = call.pathPart(QStringLiteral("search_id"));
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    JsonFields fields(*body);
    SearchFeedback given;
    given.owner = fields.owner();
    given.search = SearchId::fromString(place);
    const QString chunk = fields.requiredText("chunk_id");
    given.chunk = ChunkId::fromString(chunk);
    const auto word = feedbackFromString(fields.requiredText("feedback"));
    if (!word)
        fields.fail(word.error());
    given.feedback = word.value_or(Feedback::None);
    if (given.chunk.isNull())
        fields.fail(Error::validation(QStringLiteral("chunk_id"),
                                      tr("\"%1\" is no passage's id.").arg(chunk.left(100))));
    if (const auto ok = fields.finish(); !ok)
        return toResponse(ok.error());
    if (given.search.isNull())
        return toResponse(Error::notFound(tr("There is no search \"%1\".").arg(place.left(100))));
    const auto done = call.await(memory.giveFeedback(given));
    if (!done)
        return toResponse(done.error());
    return Response::json({{"search_id", toJson(given.search.toString())},
                           {"chunk_id", toJson(given.chunk.toString())},
                           {"feedback", toJson(toString(given.feedback))}});
}

} // namespace

void addSearchHistoryRoutes(Router &router, Memory &memory)
{
    const auto bound = [&memory](Response (*handler)(Memory &, Call &)) {
        return [&memory, handler](Call &call) { return handler(memory, call); };
    };
    const QByteArray searches = "/v1/searches";
    router.add({.method = "GET", .pattern = searches, .handler = bound(list)});
    router.add({.method = "DELETE", .pattern = searches, .handler = bound(clear)});
    router.add({.method = "POST",
                .pattern = searches + "/{search_id}/feedback",
                .body = BodyKind::Json,
                .handler = bound(feedback)});
}

} // namespace llmemory::http
