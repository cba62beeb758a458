#include "core/http/api/document_request.h"

#include "core/base/limits.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

constexpr int kPage = 20;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

DocumentId documentId(JsonFields &fields, const char *name, const QString &text)
{
    const DocumentId id = DocumentId::fromString(text);
    if (id.isNull()) {
        const QString field = QString::fromLatin1(name);
        fields.fail(Error::validation(field, tr("%1 must be a UUID.").arg(field)));
    }
    return id;
}

DocumentAddress address(JsonFields &fields, const Call &call)
{
    const OwnerId owner = fields.owner();
    const QString id = call.pathPart(QStringLiteral("document_id"));
    return {owner, documentId(fields, "document_id", id)};
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

QList<DocumentId> documentIds(JsonFields &fields)
{
    const char *name = "document_ids";
    QList<DocumentId> ids;
    const QStringList texts = fields.texts(name);
    for (const QString &text : texts)
        ids.append(documentId(fields, name, text));
    if (fields.has(name) && ids.isEmpty())
        fields.fail(Error::validation(QString::fromLatin1(name), tr("document_ids is empty.")));
    return ids;
}

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

Result<ChunkListQuery> chunkListQuery(const Call &call)
{
    const auto query = jsonFromQuery(call.request(),
                                     {{"owner_id", FieldKind::Text},
                                      {"limit", FieldKind::Integer},
                                      {"offset", FieldKind::Integer}});
    if (!query)
        return query.error();
    JsonFields fields(*query);
    const DocumentAddress document = address(fields, call);
    ChunkListQuery list;
    list.owner = document.owner;
    list.document = document.document;
    list.limit = fields.integer("limit", kPage);
    list.offset = fields.integer("offset", list.offset);
    // The library takes 0 for "all"; a page of an answer has an end.
    if (const auto ok = limits::checkLimit(list.limit, limits::kPageLimit); !ok)
        fields.fail(ok.error());
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return list;
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

Result<OwnedSelection> ownedSelection(const Json &value)
{
    JsonFields fields(value);
    OwnedSelection selection;
    selection.owner = fields.owner();
    selection.documents.ids = documentIds(fields);
    selection.documents.metadataFilter = fields.object("metadata_filter", Json());
    if (const auto ok = fields.finish(); !ok)
        return ok.error();
    return selection;
}

} // namespace llmemory::http
