#include "core/documents/document_repository.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/db/sql_array.h"
#include "core/documents/chunk_repository.h"
#include "core/tenants/owner_repository.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/text_index.h"

#include <QCoreApplication>

// Columns of a Document, in the order that documentFrom() reads.
#define DOCUMENT_COLUMNS                                                                           \
    "d.document_id, d.owner_id, d.id_at_origin, d.document_type, d.document_name, "                \
    "d.document_date, "                                                                            \
    "d.metadata::text, d.language, d.content_hash, d.char_count, d.page_count, d.chunk_count, "    \
    "(SELECT count(*) FROM {{tables.embedding_queue}} q "                                          \
    "WHERE q.owner_id = d.owner_id AND q.document_id = d.document_id), d.created_at, "             \
    "d.updated_at "

#define DOCUMENT_FILTER                                                                            \
    "FROM {{tables.documents}} d WHERE d.owner_id = $1 AND ($2::text IS NULL OR d.document_type "  \
    "= $2) "                                                                                       \
    "AND ($3::jsonb IS NULL OR d.metadata @> $3::jsonb) "                                          \
    "AND ($4::text IS NULL OR d.document_name ILIKE $4 OR d.id_at_origin ILIKE $4) "

#define DOCUMENT_LIST(ORDER)                                                                       \
    "SELECT " DOCUMENT_COLUMNS DOCUMENT_FILTER "ORDER BY " ORDER " LIMIT $5 OFFSET $6"

namespace llmemory::documents {

using db::Statement;

namespace {

// Row by DocumentOrder, column by direction (ascending first); each order has its index.
constexpr Statement kLists[3][2] = {
    {{"list_documents_created", DOCUMENT_LIST("d.created_at, d.document_id DESC")},
     {"list_documents_created_desc", DOCUMENT_LIST("d.created_at DESC, d.document_id")}},
    {{"list_documents_updated", DOCUMENT_LIST("d.updated_at, d.document_id DESC")},
     {"list_documents_updated_desc", DOCUMENT_LIST("d.updated_at DESC, d.document_id")}},
    {{"list_documents_name", DOCUMENT_LIST("d.document_name, d.document_id")},
     {"list_documents_name_desc", DOCUMENT_LIST("d.document_name DESC, d.document_id DESC")}},
};
constexpr Statement kCount{"count_documents", "SELECT count(*) " DOCUMENT_FILTER};
constexpr Statement kCountAll{"count_all_documents",
                              "SELECT document_count FROM {{tables.owners}} WHERE owner_id = $1"};
constexpr Statement kFind{
    "find_document",
    "SELECT " DOCUMENT_COLUMNS
    "FROM {{tables.documents}} d WHERE d.owner_id = $1 AND d.document_id = $2"};
constexpr Statement kFindSome{
    "find_documents",
    "SELECT " DOCUMENT_COLUMNS
    "FROM {{tables.documents}} d WHERE d.owner_id = $1 AND d.document_id = ANY ($2::uuid[])"};
constexpr Statement kContent{
    "document_content",
    "SELECT content FROM {{tables.document_contents}} WHERE owner_id = $1 AND document_id = $2"};
// What is NULL stays; $4 says whether the date counts, since it may become NULL.
constexpr Statement kUpdate{
    "change_document",
    "UPDATE {{tables.documents}} SET document_name = coalesce($3, document_name), "
    "document_date = CASE WHEN $4::boolean THEN $5::timestamptz ELSE document_date END, "
    "metadata = coalesce($6::jsonb, metadata), updated_at = now() "
    "WHERE owner_id = $1 AND document_id = $2::uuid"};
// In one order, so that two that delete the same documents do not wait for each other.
constexpr Statement kLock{
    "lock_documents",
    "SELECT document_id FROM {{tables.documents}} WHERE owner_id = $1 AND document_id = ANY "
    "($2::uuid[]) ORDER BY document_id FOR UPDATE"};
constexpr Statement kLockMatching{
    "lock_matching_documents",
    "SELECT document_id FROM {{tables.documents}} WHERE owner_id = $1 AND metadata @> $2::jsonb "
    "ORDER BY document_id FOR UPDATE"};
constexpr Statement kDelete{
    "delete_documents",
    "DELETE FROM {{tables.documents}} WHERE owner_id = $1 AND document_id = ANY ($2::uuid[]) "
    "RETURNING document_id, chunk_count"};

Document documentFrom(const db::Row &row)
{
    Document document;
    document.id = DocumentId(row.value(0).toUuid());
    if (auto owner = OwnerId::parse(row.text(1)))
        document.owner = *owner;
    document.idAtOrigin = row.text(2);
    document.type = documentTypeFromString(row.text(3)).value_or(DocumentType::Unknown);
    document.name = row.text(4);
    document.date = row.time(5);
    document.metadata = Json::parse(row.text(6).toStdString(), nullptr, false);
    document.language = row.text(7);
    document.contentHash = row.text(8);
    document.characters = row.bigint(9);
    document.pageCount = row.integer(10);
    document.chunkCount = row.integer(11);
    document.embeddingsPending = row.integer(12);
    document.createdAt = row.time(13);
    document.updatedAt = row.time(14);
    return document;
}

/// `%text%` for ILIKE with its own wildcards made literal; NULL for an empty text.
QVariant likePattern(QString text)
{
    if (text.isEmpty())
        return QVariant(QMetaType::fromType<QString>());
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    text.replace(QLatin1Char('%'), QLatin1String("\\%"));
    text.replace(QLatin1Char('_'), QLatin1String("\\_"));
    const QString pattern = QLatin1Char('%') + text + QLatin1Char('%');
    return pattern;
}

Result<> check(const DocumentListQuery &query)
{
    if (query.owner.isEmpty())
        return OwnerId::parse({}).error();
    if (auto ok = limits::checkLimit(query.limit, limits::kPageLimit); !ok)
        return ok;
    if (auto ok = limits::checkListOffset(query.offset); !ok)
        return ok;
    return limits::checkMetadataFilter(query.metadataFilter);
}

Result<> check(const DocumentChange &change)
{
    if (!change.name && !change.date && !change.metadata)
        return Error::validation(
            QStringLiteral("document_name"),
            QCoreApplication::translate(
                "llmemory::documents",
                "There is nothing to change: give document_name, document_date or metadata."));
    if (change.name) {
        if (auto ok = limits::checkDocumentName(*change.name); !ok)
            return ok;
    }
    return change.metadata ? limits::checkMetadata(*change.metadata) : Result<>();
}

Result<> check(const DocumentSelection &selection)
{
    if (!selection.ids.isEmpty())
        return {};
    // An empty object is contained in every document's metadata.
    if (selection.metadataFilter.is_null() || selection.metadataFilter.empty())
        return Error::validation(
            QStringLiteral("document_ids"),
            QCoreApplication::translate(
                "llmemory::documents",
                "Nothing says which documents to delete: give document_ids or a metadata_filter."));
    return limits::checkMetadataFilter(selection.metadataFilter);
}

} // namespace

namespace {

/// Documents whose words are in memory at a time.
constexpr qsizetype kDeletedAtOnce = 256;

/// Documents that this transaction has locked.
Result<> deleteLocked(db::Session &session, const OwnerId &owner, const QList<DocumentId> &ids)
{
    auto chunks = deleteChunks(session, owner, ids);
    if (!chunks)
        return chunks.error();
    QStringList texts;
    for (const DocumentId &id : ids)
        texts << id.toString();
    auto rows = session.query(kDelete, {owner.toString(), db::textArray(texts)});
    if (!rows)
        return rows.error();
    qint64 passages = 0;
    for (const db::Row &row : *rows)
        passages += row.bigint(1);
    if (auto ok = tenants::changeCounts(session, owner, -rows->size(), -passages); !ok)
        return ok;
    if (chunks->isEmpty())
        return {};
    const auto number = textindex::reserveNumbers(session, owner, 1);
    if (!number)
        return number.error();
    return textindex::changeIndex(session, owner, *number, *chunks);
}

} // namespace

Result<DocumentPage> listDocuments(db::Session &session, const DocumentListQuery &query)
{
    if (auto ok = check(query); !ok)
        return ok.error();
    const QVariant null(QMetaType::fromType<QString>());
    const QVariant type = query.type ? QVariant(toString(*query.type)) : null;
    const QVariant metadata =
        query.metadataFilter.is_null()
            ? null
            : QVariant(QString::fromUtf8(toUtf8(scrubbed(query.metadataFilter))));
    const QVariant name = likePattern(query.nameContains);
    const QVariantList filter{query.owner.toString(), type, metadata, name};
    const bool filtered =
        query.type || !query.metadataFilter.is_null() || !query.nameContains.isEmpty();

    auto total = filtered ? session.query(kCount, filter)
                          : session.query(kCountAll, {query.owner.toString()});
    if (!total)
        return total.error();
    const Statement &list = kLists[int(query.order)][query.descending ? 1 : 0];
    auto rows = session.query(list, filter + QVariantList{query.limit, query.offset});
    if (!rows)
        return rows.error();

    DocumentPage page;
    page.limit = query.limit;
    page.offset = query.offset;
    page.total = total->isEmpty() ? 0 : total->first().bigint(0);
    for (const db::Row &row : *rows)
        page.documents.append(documentFrom(row));
    return page;
}

Result<Document> findDocument(db::Session &session, const OwnerId &owner, const DocumentId &id)
{
    auto rows = session.query(kFind, {owner.toString(), id.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return noSuchDocument();
    return documentFrom(rows->first());
}

Result<QList<Document>> findDocuments(db::Session &session,
                                      const OwnerId &owner,
                                      const QList<DocumentId> &ids)
{
    QStringList texts;
    for (const DocumentId &id : ids)
        texts << id.toString();
    auto rows = session.query(kFindSome, {owner.toString(), db::textArray(texts)});
    if (!rows)
        return rows.error();
    QList<Document> documents;
    for (const db::Row &row : *rows)
        documents.append(documentFrom(row));
    return documents;
}

Result<QString> documentContent(db::Session &session, const OwnerId &owner, const DocumentId &id)
{
    auto rows = session.query(kContent, {owner.toString(), id.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return noSuchDocument();
    return rows->first().text(0);
}

Result<Document> updateDocument(db::Session &session,
                                const OwnerId &owner,
                                const DocumentId &id,
                                const DocumentChange &change)
{
    if (auto ok = check(change); !ok)
        return ok.error();
    const QVariant name = change.name ? QVariant(scrubbed(*change.name)) : QVariant();
    const QVariant date =
        change.date && change.date->isValid() ? QVariant(*change.date) : QVariant();
    const QVariant metadata = change.metadata
                                  ? QVariant(QString::fromUtf8(toUtf8(scrubbed(*change.metadata))))
                                  : QVariant();
    auto changed = session.execute(
        kUpdate, {owner.toString(), id.toString(), name, change.date.has_value(), date, metadata});
    if (!changed)
        return changed.error();
    if (*changed > 0 && change.name) {
        if (auto ok = renameChunks(session, owner, id, name.toString()); !ok)
            return ok.error();
    }
    return findDocument(session, owner, id);
}

Result<QList<DocumentId>> deleteDocuments(db::Session &session,
                                          const OwnerId &owner,
                                          const DocumentSelection &selection)
{
    if (auto ok = check(selection); !ok)
        return ok.error();
    QStringList texts;
    for (const DocumentId &id : selection.ids)
        texts << id.toString();
    auto locked =
        texts.isEmpty()
            ? session.query(
                  kLockMatching,
                  {owner.toString(), QString::fromUtf8(toUtf8(scrubbed(selection.metadataFilter)))})
            : session.query(kLock, {owner.toString(), db::textArray(texts)});
    if (!locked)
        return locked.error();
    QList<DocumentId> deleted;
    for (const db::Row &row : *locked)
        deleted.append(DocumentId(row.value(0).toUuid()));
    for (qsizetype from = 0; from < deleted.size(); from += kDeletedAtOnce) {
        if (auto ok = deleteLocked(session, owner, deleted.mid(from, kDeletedAtOnce)); !ok)
            return ok.error();
    }
    return deleted;
}

Error noSuchDocument()
{
    return Error::notFound(
        QCoreApplication::translate("llmemory::documents", "There is no such document."));
}

} // namespace llmemory::documents
