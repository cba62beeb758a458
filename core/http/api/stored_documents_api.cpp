#include "core/http/api/stored_documents_api.h"

#include "core/documents/document_json.h"
#include "core/http/api/document_request.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

Error noSuchDocument()
{
    return Error::notFound(
        QCoreApplication::translate("llmemory::documents", "There is no such document."));
}

Response list(Memory &memory, Call &call)
{
    const auto query = documentListQuery(call.request());
    if (!query)
        return toResponse(query.error());
    const auto page = call.await(memory.listDocuments(*query));
    return page ? Response::json(toJson(*page)) : toResponse(page.error());
}

Response show(Memory &memory, Call &call)
{
    const auto address = documentAddress(call);
    if (!address)
        return toResponse(address.error());
    const auto details = call.await(memory.document(address->owner, address->document));
    return details ? Response::json(toJson(details->document)) : toResponse(details.error());
}

Response content(Memory &memory, Call &call)
{
    const auto address = documentAddress(call);
    if (!address)
        return toResponse(address.error());
    const auto details = call.await(memory.document(address->owner, address->document, true));
    if (!details)
        return toResponse(details.error());
    return Response::json({{"document_id", toJson(details->document.id.toString())},
                           {"content", toJson(details->content)}});
}

Response chunks(Memory &memory, Call &call)
{
    const auto page = chunkPage(call);
    if (!page)
        return toResponse(page.error());
    const auto details =
        call.await(memory.document(page->address.owner, page->address.document, false, true));
    if (!details)
        return toResponse(details.error());
    Json part = Json::array();
    for (const Chunk &chunk : details->chunks.mid(page->offset, page->limit))
        part.push_back(toJson(chunk));
    return Response::json({{"chunks", std::move(part)},
                           {"total", details->chunks.size()},
                           {"limit", page->limit},
                           {"offset", page->offset}});
}

Response removeOne(Memory &memory, Call &call)
{
    const auto address = documentAddress(call);
    if (!address)
        return toResponse(address.error());
    const auto deleted = call.await(memory.deleteDocuments(address->owner, {address->document}));
    if (!deleted)
        return toResponse(deleted.error());
    if (*deleted == 0)
        return toResponse(noSuchDocument());
    return Response::json(
        {{"document_id", toJson(address->document.toString())}, {"documents_deleted", *deleted}});
}

Response removeMany(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    const auto selection = documentSelection(*body);
    if (!selection)
        return toResponse(selection.error());
    const auto deleted = call.await(memory.deleteDocuments(selection->owner, selection->documents));
    return deleted ? Response::json({{"documents_deleted", *deleted}})
                   : toResponse(deleted.error());
}

} // namespace

void addStoredDocumentRoutes(Router &router, Memory &memory)
{
    const auto add = [&](const char *method,
                         const QByteArray &pattern,
                         Response (*handler)(Memory &, Call &),
                         BodyKind body = BodyKind::None) {
        router.add({.method = method,
                    .pattern = pattern,
                    .body = body,
                    .handler = [&memory, handler](Call &call) { return handler(memory, call); }});
    };
    const QByteArray all = "/v1/documents";
    const QByteArray one = all + "/{document_id}";
    add("GET", all, list);
    add("POST", all + "/delete", removeMany, BodyKind::Json);
    add("GET", one, show);
    add("DELETE", one, removeOne);
    add("GET", one + "/content", content);
    add("GET", one + "/chunks", chunks);
}

} // namespace llmemory::http
