#include "core/tenants/owner_repository.h"

#include <QCoreApplication>

namespace llmemory::tenants {

using db::Statement;

namespace {

constexpr Statement kList{
    "list_owners",
    "SELECT owner_id, display_name, document_count, chunk_count, created_at, updated_at "
    "FROM {{tables.owners}} ORDER BY lower(display_name), owner_id"};
constexpr Statement kFind{
    "find_owner",
    "SELECT owner_id, display_name, document_count, chunk_count, created_at, updated_at "
    "FROM {{tables.owners}} WHERE owner_id = $1"};
constexpr Statement kInsert{
    "insert_owner",
    "INSERT INTO {{tables.owners}} (owner_id, display_name) VALUES ($1, $2) ON CONFLICT DO NOTHING "
    "RETURNING owner_id, display_name, document_count, chunk_count, created_at, updated_at"};
constexpr Statement kEnsure{
    "ensure_owner",
    "INSERT INTO {{tables.owners}} (owner_id, display_name) SELECT $1, $1 "
    "WHERE NOT EXISTS (SELECT FROM {{tables.owners}} WHERE owner_id = $1) ON CONFLICT DO NOTHING"};
constexpr Statement kRename{
    "rename_owner",
    "UPDATE {{tables.owners}} SET display_name = $2, updated_at = now() WHERE owner_id = $1 "
    "RETURNING owner_id, display_name, document_count, chunk_count, created_at, updated_at"};
constexpr Statement kDelete{
    "delete_owner", "DELETE FROM {{tables.owners}} WHERE owner_id = $1 RETURNING document_count"};
constexpr Statement kChangeCounts{"change_owner_counts",
                                  "UPDATE {{tables.owners}} SET document_count = document_count + "
                                  "$2, chunk_count = chunk_count + $3, "
                                  "updated_at = now() WHERE owner_id = $1"};
constexpr Statement kStatistics{
    "owner_statistics",
    "SELECT o.document_count, o.chunk_count, "
    "(SELECT coalesce(sum(octet_length(content)), 0) FROM {{tables.document_contents}} WHERE "
    "owner_id = $1), "
    "(SELECT count(*) FROM {{tables.embedding_queue}} WHERE owner_id = $1 AND status = 'pending'), "
    "(SELECT count(*) FROM {{tables.embedding_queue}} WHERE owner_id = $1 AND status = 'failed'), "
    "(SELECT min(created_at) FROM {{tables.documents}} WHERE owner_id = $1), "
    "(SELECT max(created_at) FROM {{tables.documents}} WHERE owner_id = $1) "
    "FROM {{tables.owners}} o WHERE o.owner_id = $1"};
constexpr Statement kTypes{"owner_types",
                           "SELECT document_type, count(*) FROM {{tables.documents}} WHERE "
                           "owner_id = $1 GROUP BY document_type"};

Owner ownerFrom(const db::Row &row)
{
    Owner owner;
    // Stored ids were validated on their way in.
    if (auto id = OwnerId::parse(row.text(0)))
        owner.id = *id;
    owner.displayName = row.text(1);
    owner.documentCount = row.bigint(2);
    owner.chunkCount = row.bigint(3);
    owner.createdAt = row.time(4);
    owner.updatedAt = row.time(5);
    return owner;
}

Error missing(const OwnerId &id)
{
    return Error::notFound(
        QCoreApplication::translate("llmemory::tenants", "There is no owner \"%1\".")
            .arg(id.toString()));
}

Result<Owner> oneOwner(const Result<db::Rows> &rows, const OwnerId &id)
{
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return missing(id);
    return ownerFrom(rows->first());
}

} // namespace

Result<QList<Owner>> listOwners(db::Session &session)
{
    auto rows = session.query(kList);
    if (!rows)
        return rows.error();
    QList<Owner> owners;
    for (const db::Row &row : *rows)
        owners.append(ownerFrom(row));
    return owners;
}

Result<Owner> findOwner(db::Session &session, const OwnerId &id)
{
    return oneOwner(session.query(kFind, {id.toString()}), id);
}

Result<Owner> insertOwner(db::Session &session, const OwnerId &id, const QString &displayName)
{
    auto rows = session.query(kInsert,
                              {id.toString(), displayName.isEmpty() ? id.toString() : displayName});
    if (!rows)
        return rows.error();
    if (rows->isEmpty()) {
        return Error{.kind = ErrorKind::Conflict,
                     .message = QCoreApplication::translate("llmemory::tenants",
                                                            "The owner \"%1\" exists already.")
                                    .arg(id.toString()),
                     .field = QStringLiteral("owner_id"),
                     .code = QStringLiteral("owner_exists")};
    }
    return ownerFrom(rows->first());
}

Result<> ensureOwner(db::Session &session, const OwnerId &id)
{
    auto done = session.execute(kEnsure, {id.toString()});
    return done ? Result<>() : Result<>(done.error());
}

Result<Owner> renameOwner(db::Session &session, const OwnerId &id, const QString &displayName)
{
    return oneOwner(session.query(kRename, {id.toString(), displayName}), id);
}

Result<qint64> deleteOwner(db::Session &session, const OwnerId &id)
{
    auto rows = session.query(kDelete, {id.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return missing(id);
    return rows->first().bigint(0);
}

Result<OwnerStatistics> statistics(db::Session &session, const OwnerId &id, bool includeBreakdown)
{
    auto rows = session.query(kStatistics, {id.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return missing(id);
    const db::Row &row = rows->first();
    OwnerStatistics figures;
    figures.owner = id;
    figures.documentCount = row.bigint(0);
    figures.chunkCount = row.bigint(1);
    figures.totalSizeBytes = row.bigint(2);
    figures.embeddingsPending = row.bigint(3);
    figures.embeddingsFailed = row.bigint(4);
    figures.firstCreatedAt = row.time(5);
    figures.lastCreatedAt = row.time(6);
    if (!includeBreakdown)
        return figures;
    auto types = session.query(kTypes, {id.toString()});
    if (!types)
        return types.error();
    for (const db::Row &type : *types)
        figures.documentsByType.insert(type.text(0), type.bigint(1));
    return figures;
}

Result<> changeCounts(db::Session &session, const OwnerId &id, qint64 documents, qint64 chunks)
{
    auto done = session.execute(kChangeCounts, {id.toString(), documents, chunks});
    return done ? Result<>() : Result<>(done.error());
}

} // namespace llmemory::tenants
