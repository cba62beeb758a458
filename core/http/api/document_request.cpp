#include "core/http/api/document_request.h"

#include "core/base/json_fields.h"
#include "core/base/limits.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

DocumentId documentId(JsonFields &fields, const QString &field, const QString &text)
{
    const DocumentId id = DocumentId::fromString(text);
    if (id.isNull())
        fields.fail(Error::validation(field, tr("%1 must be a UUID.").arg(field)));
    return id;
}

DocumentAddress address(JsonFields &fields, const Call &call)
{
    const QString name = QStringLiteral("document_id");
    const OwnerId owner = fields.owner();
    return {owner, documentId(fields, name, call.pathPart(name))};
}

std::optional<DocumentType> documentType(JsonFields &fields)
{
    if (!fields.has("document_type"))
        return std::nullopt;
    const QString word = fields.text("document_type");
    const auto type = documentTypeFromString(word);
    if (!type) {
        fields.fail(Error::validation(QStringLiteral("document_type"),
                                      tr("There is no document type \"%1\".").arg(word)));
    }
    return type;
}

DocumentOrder documentOrder(JsonFields &fields)
{
    const QString word = fields.text("order_by", QStringLiteral("created_at"));
    if (word == QLatin1String("updated_at"))
        return DocumentOrder::UpdatedAt;
    if (word == QLatin1String("document_name"))
        return DocumentOrder::Name;
    if (word != QLatin1String("created_at")) {
        fields.fail(
            Error::validation(QStringLiteral("order_by"),
                              tr("order_by must be created_at, updated_at or document_name.")));
    }
    return DocumentOrder::CreatedAt;
}

bool isDescending(JsonFields &fields)
{
    const QString word = fields.text("order", QStringLiteral("desc"));
    if (word != QLatin1String("asc") && word != QLatin1String("desc"))
        fields.fail(Error::validation(QStringLiteral("order"), tr("order must be asc or desc.")));
    return word != QLatin1String("asc");
}

} // namespace

Result<DocumentAddress> documentAddress(const Call &call)
{
    const auto query = jsonFromQuery(call.request(), {{"owner_id", FieldKind::Text}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    const DocumentAddress read = address(fields, call);
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return read;
}

Result<ChunkPage> chunkPage(const Call &call)
{
    const auto query = jsonFromQuery(call.request(),
                                     {{"owner_id", FieldKind::Text},
                                      {"limit", FieldKind::Integer},
                                      {"offset", FieldKind::Integer}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    ChunkPage page;
    page.address = address(fields, call);
    page.limit = fields.integer("limit", page.limit);
    page.offset = fields.integer("offset", page.offset);
    for (const auto &ok :
         {limits::checkLimit(page.limit, limits::kPageLimit), limits::checkOffset(page.offset)}) {
        if (!ok)
            fields.fail(ok.error());
    }
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return page;
}

Result<DocumentListQuery> documentListQuery(const Request &request)
{
    const auto query = jsonFromQuery(request,
                                     {{"owner_id", FieldKind::Text},
                                      {"document_type", FieldKind::Text},
                                      {"metadata", FieldKind::Object},
                                      {"order_by", FieldKind::Text},
                                      {"order", FieldKind::Text},
                                      {"limit", FieldKind::Integer},
                                      {"offset", FieldKind::Integer}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    DocumentListQuery list;
    list.owner = fields.owner();
    list.type = documentType(fields);
    list.metadataFilter = fields.object("metadata", Json());
    list.order = documentOrder(fields);
    list.descending = isDescending(fields);
    list.limit = fields.integer("limit", list.limit);
    list.offset = fields.integer("offset", list.offset);
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return list;
}

Result<DocumentSelection> documentSelection(const Json &value)
{
    JsonFields fields(value);
    DocumentSelection selection;
    selection.owner = fields.owner();
    const QString name = QStringLiteral("document_ids");
    const QStringList texts = fields.texts("document_ids");
    for (const QString &text : texts)
        selection.documents.append(documentId(fields, name, text));
    if (texts.isEmpty())
        fields.fail(Error::validation(name, tr("Say which documents to delete.")));
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return selection;
}

} // namespace llmemory::http
