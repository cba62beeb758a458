#include "core/embed/failed_embedding_repository.h"

#include "core/base/limits.h"
#include "core/db/sql_array.h"
#include "core/db/transaction.h"

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr Statement kFailed{
    "failed_jobs",
    "SELECT q.document_id, q.chunk_id, d.document_name, left(c.content, 200), "
    "coalesce(q.error_message, ''), q.attempts "
    "FROM {{tables.embedding_queue}} q "
    "JOIN {{tables.document_chunks}} c ON c.owner_id = $1 AND c.chunk_id = q.chunk_id "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = q.document_id "
    "WHERE q.owner_id = $1 AND q.provider_id = $2 AND q.status = 'failed' "
    "ORDER BY d.document_name, q.document_id, c.chunk_index LIMIT $3 OFFSET $4"};
constexpr Statement kOwners{"owners_with_failed_jobs",
                            "SELECT DISTINCT owner_id FROM {{tables.embedding_queue}} "
                            "WHERE provider_id = $1 AND status = 'failed'"};
constexpr Statement kRetry{
    "retry_jobs",
    "UPDATE {{tables.embedding_queue}} SET status = 'pending', attempts = 0, run_after = now(), "
    "lease_token = NULL, error_message = NULL "
    "WHERE owner_id = $1 AND provider_id = $2 AND status = 'failed' "
    "AND (cardinality($3::uuid[]) = 0 OR document_id = ANY ($3::uuid[])) "
    "AND (cardinality($4::uuid[]) = 0 OR chunk_id = ANY ($4::uuid[]))"};

template <typename Id>
QString arrayOf(const QList<Id> &ids)
{
    QStringList texts;
    for (const Id &id : ids)
        texts << id.toString();
    return db::textArray(texts);
}

Result<qint64> retryOfOwner(db::Session &session,
                            const QString &modelId,
                            const OwnerId &owner,
                            const EmbeddingRetry &request)
{
    return db::inTransaction(session, "retry_jobs", db::Scope::owner(owner), [&](db::Session &s) {
        return s.execute(
            kRetry,
            {owner.toString(), modelId, arrayOf(request.documents), arrayOf(request.chunks)});
    });
}

} // namespace

Result<QList<FailedEmbedding>> failedJobs(
    db::Session &session, const QString &modelId, const OwnerId &owner, int limit, int offset)
{
    if (owner.isEmpty())
        return OwnerId::parse({}).error();
    if (auto ok = limits::checkLimit(limit); !ok)
        return ok.error();
    if (auto ok = limits::checkOffset(offset); !ok)
        return ok.error();
    auto rows =
        db::inTransaction(session, "failed_jobs", db::Scope::owner(owner), [&](db::Session &s) {
            return s.query(kFailed, {owner.toString(), modelId, limit, offset});
        });
    if (!rows)
        return rows.error();
    QList<FailedEmbedding> failed;
    for (const db::Row &row : *rows) {
        FailedEmbedding job;
        job.document = DocumentId(row.value(0).toUuid());
        job.chunk = ChunkId(row.value(1).toUuid());
        job.documentName = row.text(2);
        job.excerpt = row.text(3);
        job.reason = row.text(4);
        job.attempts = row.integer(5);
        failed.append(job);
    }
    return failed;
}

Result<qint64> retryFailed(db::Session &session,
                           const QString &modelId,
                           const EmbeddingRetry &request)
{
    if (!request.owner.isEmpty())
        return retryOfOwner(session, modelId, request.owner, request);
    if (!request.documents.isEmpty() || !request.chunks.isEmpty())
        return OwnerId::parse({}).error();
    auto owners =
        db::inTransaction(session, "retry_owners", db::Scope::queue(), [&](db::Session &s) {
            return s.query(kOwners, {modelId});
        });
    if (!owners)
        return owners.error();
    qint64 total = 0;
    for (const db::Row &row : *owners) {
        auto owner = OwnerId::parse(row.text(0));
        if (!owner)
            return owner.error();
        auto retried = retryOfOwner(session, modelId, *owner, request);
        if (!retried)
            return retried;
        total += *retried;
    }
    return total;
}

} // namespace llmemory::embed
