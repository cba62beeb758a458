#include "core/http/api/stored_documents_api.h"

#include "core/documents/document_json.h"
#include "core/http/api/document_request.h"
#include "core/memory.h"

namespace llmemory::http {

namespace {

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
    const auto details =
        call.await(memory.document(address->owner, address->document, {.content = true}));
    if (!details)
        return toResponse(details.error());
    return Response::json({{"document_id", toJson(details->document.id.toString())},
                           {"content", toJson(details->content)}});
}

Response chunks(Memory &memory, Call &call)
{
    const auto query = chunkListQuery(call);
    if (!query)
        return toResponse(query.error());
    const auto page = call.await(memory.documentChunks(*query));
    return page ? Response::json(toJson(*page)) : toResponse(page.error());
}

Response change(Memory &memory, Call &call)
{
    const auto address = documentAddress(call);
    if (!address)
        return toResponse(address.error());
    const auto body = bodyAsJson(call.request());
    if (!body)
        return toResponse(body.error());
    const auto change = documentChangeFromJson(*body);
    if (!change)
        return toResponse(change.error());
    const auto document =
        call.await(memory.updateDocument(address->owner, address->document, *change));
    return document ? Response::json(toJson(*document)) : toResponse(document.error());
}

Response removeOne(Memory &memory, Call &call)
{
    const auto address = documentAddress(call);
    if (!address)
        return toResponse(address.error());
    const auto deleted = call.await(memory.deleteDocument(address->owner, address->document));
    if (!deleted)
        return toResponse(deleted.error());
    return Response::json(
        {{"document_id", toJson(address->document.toString())}, {"documents_deleted", 1}});
}

Response removeMany(Memory &memory, Call &call)
{
    const auto body = jsonFromBody(call.request());
    if (!body)
        return toResponse(body.error());
    const auto selection = ownedSelection(*body);
    if (!selection)
        return toResponse(selection.error());
    const auto deleted = call.await(memory.deleteDocuments(selection->owner, selection->documents));
    if (!deleted)
        return toResponse(deleted.error());
    Json ids = Json::array();
    for (const DocumentId &id : *deleted)
        ids.push_back(toJson(id.toString()));
    return Response::json({{"documents_deleted", deleted->size()}, {"document_ids", ids}});
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
    add("PATCH", one, change, BodyKind::Json);
    add("DELETE", one, removeOne);
    add("GET", one + "/content", content);
    add("GET", one + "/chunks", chunks);
}

} // namespace llmemory::http
