#include "core/ingest/ingest_repository.h"

#include "core/db/sql_array.h"

#include <QCoreApplication>

#define FILE_COLUMNS                                                                               \
    "file_id, batch_id, path, id_at_origin, state, attempts, document_id, chunks_created, "        \
    "coalesce(error_message, ''), coalesce(error_code, ''), updated_at"

namespace llmemory::ingest {

using db::Statement;

namespace {

constexpr Statement kInsertBatch{
    "insert_batch",
    "INSERT INTO {{tables.ingest_batches}} (owner_id, batch_id, host, options, lease_token, "
    "lease_until) "
    "VALUES ($1, $2::uuid, $3, $4::jsonb, $5::uuid, now() + make_interval(secs => $6))"};
constexpr Statement kInsertFiles{
    "insert_files",
    "INSERT INTO {{tables.ingest_files}} (owner_id, batch_id, file_id, position, path, "
    "id_at_origin, state, "
    "error_code, error_message) "
    "SELECT $1, $2::uuid, file_id, position - 1, path, id_at_origin, state, nullif(code, ''), "
    "nullif(message, '') "
    "FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) "
    "WITH ORDINALITY AS files (file_id, path, id_at_origin, state, code, message, position)"};
constexpr Statement kProgress{"batch_progress",
                              "SELECT state, count(*) FROM {{tables.ingest_files}} WHERE owner_id "
                              "= $1 AND batch_id = $2::uuid GROUP BY state"};
constexpr Statement kClaim{
    "claim_file",
    "UPDATE {{tables.ingest_files}} SET state = 'running', attempts = attempts + 1, updated_at = "
    "now() "
    "WHERE owner_id = $1 AND file_id = (SELECT file_id FROM {{tables.ingest_files}} "
    "WHERE owner_id = $1 AND batch_id = $2::uuid AND state = 'waiting' ORDER BY position LIMIT 1 "
    "FOR UPDATE SKIP LOCKED) RETURNING " FILE_COLUMNS};
constexpr Statement kUpdate{
    "update_file",
    "UPDATE {{tables.ingest_files}} SET state = $3, document_id = $4::uuid, chunks_created = $5, "
    "error_code = $6, "
    "error_message = $7, updated_at = now() WHERE owner_id = $1 AND file_id = $2::uuid"};
constexpr Statement kReturn{"return_file",
                            "UPDATE {{tables.ingest_files}} SET state = 'waiting', attempts = "
                            "attempts - 1, updated_at = now() "
                            "WHERE owner_id = $1 AND file_id = $2::uuid AND state = 'running'"};
constexpr Statement kCancel{
    "cancel_files",
    "UPDATE {{tables.ingest_files}} SET state = 'cancelled', updated_at = now() "
    "WHERE owner_id = $1 AND batch_id = $2::uuid AND state = 'waiting'"};
constexpr Statement kFinish{"finish_batch",
                            "UPDATE {{tables.ingest_batches}} SET finished_at = now() WHERE "
                            "owner_id = $1 AND batch_id = $2::uuid "
                            "AND NOT EXISTS (SELECT FROM {{tables.ingest_files}} WHERE owner_id = "
                            "$1 AND batch_id = $2::uuid "
                            "AND state IN ('waiting', 'running'))"};
constexpr Statement kRetryFiles{"retry_files",
                                "UPDATE {{tables.ingest_files}} SET state = 'waiting', attempts = "
                                "0, error_code = NULL, error_message = NULL, "
                                "updated_at = now() WHERE owner_id = $1 AND file_id = ANY "
                                "($2::uuid[]) AND state IN ('failed', 'cancelled') "
                                "RETURNING batch_id"};
constexpr Statement kReopen{
    "reopen_batches",
    "UPDATE {{tables.ingest_batches}} SET finished_at = NULL, host = $3, lease_token = $4::uuid, "
    "lease_until = now() + make_interval(secs => $5) WHERE owner_id = $1 AND batch_id = ANY "
    "($2::uuid[]) "
    "RETURNING owner_id, batch_id, options::text"};
constexpr Statement kRecent{
    "recent_files",
    "SELECT " FILE_COLUMNS " FROM {{tables.ingest_files}} WHERE owner_id = $1 "
    "AND state IN ('waiting', 'running', 'failed') "
    "ORDER BY state = 'failed', state = 'waiting', updated_at DESC, position LIMIT $2"};
constexpr Statement kClear{
    "clear_batches",
    "WITH gone AS (DELETE FROM {{tables.ingest_batches}} WHERE owner_id = $1 AND finished_at IS "
    "NOT NULL "
    "RETURNING batch_id) SELECT count(*) FROM {{tables.ingest_files}} f JOIN gone USING (batch_id) "
    "WHERE f.owner_id = $1"};
constexpr Statement kRenew{
    "renew_batches",
    "UPDATE {{tables.ingest_batches}} SET lease_until = now() + make_interval(secs => $2) "
    "WHERE lease_token = $1::uuid AND finished_at IS NULL"};
constexpr Statement kRelease{"release_batches",
                             "UPDATE {{tables.ingest_batches}} SET lease_until = now() WHERE "
                             "lease_token = $1::uuid AND finished_at IS NULL"};
constexpr Statement kAdopt{"adopt_batches",
                           "UPDATE {{tables.ingest_batches}} b SET lease_token = $2::uuid, "
                           "lease_until = now() + make_interval(secs => $3) "
                           "FROM (SELECT owner_id, batch_id FROM {{tables.ingest_batches}} WHERE "
                           "host = $1 AND finished_at IS NULL "
                           "AND lease_until <= now() FOR UPDATE SKIP LOCKED) free "
                           "WHERE b.owner_id = free.owner_id AND b.batch_id = free.batch_id "
                           "RETURNING b.owner_id, b.batch_id, b.options::text"};
constexpr Statement kReset{
    "reset_running",
    "UPDATE {{tables.ingest_files}} SET state = CASE WHEN attempts >= $3 THEN 'failed' ELSE "
    "'waiting' END, "
    "error_code = CASE WHEN attempts >= $3 THEN 'crashed' END, error_message = CASE WHEN attempts "
    ">= $3 THEN $4 END, "
    "updated_at = now() WHERE owner_id = $1 AND batch_id = $2::uuid AND state = 'running'"};

QVariant nullable(const QString &text)
{
    return text.isEmpty() ? QVariant(QMetaType::fromType<QString>()) : QVariant(text);
}

/// Most functions here only tell whether it worked.
Result<> done(const Result<qint64> &rows)
{
    return rows ? Result<>() : Result<>(rows.error());
}

IngestFile fileFrom(const db::Row &row, const OwnerId &owner)
{
    IngestFile file;
    file.owner = owner;
    file.id = IngestFileId(row.value(0).toUuid());
    file.batch = IngestBatchId(row.value(1).toUuid());
    file.path = row.text(2);
    file.idAtOrigin = row.text(3);
    file.state = ingestStateFromString(row.text(4));
    file.attempts = row.integer(5);
    file.document = DocumentId(row.value(6).toUuid());
    file.chunksCreated = row.integer(7);
    file.error = row.text(8);
    file.errorCode = row.text(9);
    file.updatedAt = row.time(10);
    return file;
}

Result<QList<LeasedBatch>> batchesFrom(const Result<db::Rows> &rows)
{
    if (!rows)
        return rows.error();
    QList<LeasedBatch> batches;
    for (const db::Row &row : *rows) {
        auto owner = OwnerId::parse(row.text(0));
        if (!owner)
            return owner.error();
        const Json options = Json::parse(row.text(2).toStdString(), nullptr, false);
        batches.append(
            {*owner, IngestBatchId(row.value(1).toUuid()), ingestOptionsFromJson(options)});
    }
    return batches;
}

/// $3 … $8 of kInsertFiles.
QVariantList fileColumns(const QList<IngestFile> &files)
{
    const auto column = [&](auto value) {
        QStringList texts;
        for (const IngestFile &file : files)
            texts << value(file);
        return QVariant(db::textArray(texts));
    };
    return {column([](const IngestFile &file) { return file.id.toString(); }),
            column([](const IngestFile &file) { return file.path; }),
            column([](const IngestFile &file) { return file.idAtOrigin; }),
            column([](const IngestFile &file) { return toString(file.state); }),
            column([](const IngestFile &file) { return file.errorCode; }),
            column([](const IngestFile &file) { return file.error; })};
}

} // namespace

Result<> insertBatch(db::Session &session,
                     const LeasedBatch &batch,
                     const QString &host,
                     const QUuid &lease,
                     const QList<IngestFile> &files)
{
    const QString options = QString::fromUtf8(toUtf8(toJson(batch.options)));
    auto inserted = session.execute(
        kInsertBatch,
        {batch.owner.toString(), batch.batch.toString(), host, options, lease, kBatchLeaseSeconds});
    if (!inserted)
        return inserted.error();
    return done(session.execute(kInsertFiles,
                                QVariantList{batch.owner.toString(), batch.batch.toString()} +
                                    fileColumns(files)));
}

Result<IngestProgress> batchProgress(db::Session &session,
                                     const OwnerId &owner,
                                     const IngestBatchId &batch)
{
    auto rows = session.query(kProgress, {owner.toString(), batch.toString()});
    if (!rows)
        return rows.error();
    IngestProgress progress;
    progress.owner = owner;
    progress.batch = batch;
    for (const db::Row &row : *rows) {
        const qint64 count = row.bigint(1);
        progress.total += count;
        switch (ingestStateFromString(row.text(0))) {
        case IngestState::Added:
            progress.added = count;
            break;
        case IngestState::Updated:
            progress.updated = count;
            break;
        case IngestState::Unchanged:
            progress.unchanged = count;
            break;
        case IngestState::Failed:
            progress.failed = count;
            break;
        case IngestState::Cancelled:
            progress.cancelled = count;
            break;
        case IngestState::Waiting:
        case IngestState::Running:
            break;
        }
    }
    progress.finished = progress.done() == progress.total;
    return progress;
}

Result<std::optional<IngestFile>> claimFile(db::Session &session,
                                            const OwnerId &owner,
                                            const IngestBatchId &batch)
{
    auto rows = session.query(kClaim, {owner.toString(), batch.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return std::optional<IngestFile>();
    return std::optional<IngestFile>(fileFrom(rows->first(), owner));
}

Result<> updateFile(db::Session &session, const IngestFile &file)
{
    const QVariant document = file.document.isNull() ? QVariant(QMetaType::fromType<QString>())
                                                     : QVariant(file.document.toString());
    return done(session.execute(kUpdate,
                                {file.owner.toString(),
                                 file.id.toString(),
                                 toString(file.state),
                                 document,
                                 file.chunksCreated,
                                 nullable(file.errorCode),
                                 nullable(file.error)}));
}

Result<> returnFile(db::Session &session, const IngestFile &file)
{
    return done(session.execute(kReturn, {file.owner.toString(), file.id.toString()}));
}

Result<qint64> cancelWaiting(db::Session &session, const OwnerId &owner, const IngestBatchId &batch)
{
    return session.execute(kCancel, {owner.toString(), batch.toString()});
}

Result<> finishBatch(db::Session &session, const OwnerId &owner, const IngestBatchId &batch)
{
    return done(session.execute(kFinish, {owner.toString(), batch.toString()}));
}

Result<QList<LeasedBatch>> retryFiles(db::Session &session,
                                      const OwnerId &owner,
                                      const QList<IngestFileId> &files,
                                      const QString &host,
                                      const QUuid &lease,
                                      qint64 *count)
{
    QStringList ids;
    for (const IngestFileId &file : files)
        ids << file.toString();
    auto rows = session.query(kRetryFiles, {owner.toString(), db::textArray(ids)});
    if (!rows)
        return rows.error();
    *count = rows->size();
    QStringList batches;
    for (const db::Row &row : *rows)
        batches << row.text(0);
    batches.removeDuplicates();
    return batchesFrom(session.query(
        kReopen, {owner.toString(), db::textArray(batches), host, lease, kBatchLeaseSeconds}));
}

Result<QList<IngestFile>> recentFiles(db::Session &session, const OwnerId &owner, int limit)
{
    auto rows = session.query(kRecent, {owner.toString(), limit});
    if (!rows)
        return rows.error();
    QList<IngestFile> files;
    for (const db::Row &row : *rows)
        files.append(fileFrom(row, owner));
    return files;
}

Result<qint64> clearFinished(db::Session &session, const OwnerId &owner)
{
    auto row = session.queryOne(kClear, {owner.toString()});
    if (!row)
        return row.error();
    return row->bigint(0);
}

Result<> renewLease(db::Session &session, const QUuid &lease)
{
    return done(session.execute(kRenew, {lease, kBatchLeaseSeconds}));
}

Result<> releaseLease(db::Session &session, const QUuid &lease)
{
    return done(session.execute(kRelease, {lease}));
}

Result<QList<LeasedBatch>> adoptBatches(db::Session &session,
                                        const QString &host,
                                        const QUuid &lease)
{
    return batchesFrom(session.query(kAdopt, {host, lease, kBatchLeaseSeconds}));
}

Result<> resetRunning(db::Session &session, const OwnerId &owner, const IngestBatchId &batch)
{
    const QString reason =
        QCoreApplication::translate("llmemory::ingest",
                                    "The program ended several times while it read this file. Not "
                                    "imported; the other files are.");
    return done(session.execute(kReset, {owner.toString(), batch.toString(), kMostDeaths, reason}));
}

} // namespace llmemory::ingest
