#include "core/embed/embedding_queue.h"

#include "core/db/sql_array.h"
#include "core/db/transaction.h"

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr Statement kDueOwner{
    "due_owner",
    "SELECT owner_id FROM {{tables.embedding_queue}} WHERE status = 'pending' AND provider_id = $1 "
    "AND run_after <= now() ORDER BY run_after LIMIT 1"};
constexpr Statement kClaim{
    "claim_jobs",
    "WITH due AS (SELECT chunk_id FROM {{tables.embedding_queue}} "
    "WHERE owner_id = $1 AND provider_id = $2 AND status = 'pending' AND run_after <= now() "
    "AND ($3::uuid IS NULL OR document_id = $3::uuid) ORDER BY run_after LIMIT $4 FOR UPDATE SKIP "
    "LOCKED), "
    "leased AS (UPDATE {{tables.embedding_queue}} q SET lease_token = $5::uuid, attempts = "
    "attempts + 1, "
    "run_after = now() + make_interval(secs => $6) FROM due "
    "WHERE q.owner_id = $1 AND q.provider_id = $2 AND q.chunk_id = due.chunk_id RETURNING "
    "q.chunk_id) "
    "SELECT c.chunk_id, c.content, d.document_name, d.document_type "
    "FROM leased JOIN {{tables.document_chunks}} c "
    "ON c.owner_id = $1 AND c.chunk_id = leased.chunk_id "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = c.document_id"};
constexpr Statement kRenew{"renew_jobs",
                           "UPDATE {{tables.embedding_queue}} SET run_after = now() + "
                           "make_interval(secs => $3) "
                           "WHERE owner_id = $1 AND lease_token = $2::uuid"};
constexpr Statement kStore{
    "store_vectors",
    "WITH ours AS (DELETE FROM {{tables.embedding_queue}} q WHERE q.owner_id = $1 AND "
    "q.lease_token = $2::uuid "
    "AND q.chunk_id = ANY ($3::uuid[]) RETURNING q.chunk_id, q.document_id) "
    "INSERT INTO {{embeddings}} (owner_id, chunk_id, document_id, embedding) "
    "SELECT $1, ours.chunk_id, ours.document_id, given.embedding "
    "FROM ours JOIN unnest($3::uuid[], $4::halfvec[]) AS given (chunk_id, embedding) USING "
    "(chunk_id) "
    "ON CONFLICT (owner_id, chunk_id) DO UPDATE SET embedding = excluded.embedding"};
constexpr Statement kFail{
    "fail_jobs",
    "UPDATE {{tables.embedding_queue}} SET lease_token = NULL, error_message = $4, "
    "status = CASE WHEN attempts >= $5 THEN 'failed' ELSE 'pending' END, "
    "run_after = now() + make_interval(secs => random() * least(300, power(2, attempts))) "
    "WHERE owner_id = $1 AND lease_token = $2::uuid AND chunk_id = ANY ($3::uuid[])"};
constexpr Statement kReturn{
    "return_jobs",
    "UPDATE {{tables.embedding_queue}} SET lease_token = NULL, attempts = attempts - 1, "
    "run_after = now() "
    "WHERE owner_id = $1 AND lease_token = $2::uuid AND chunk_id = ANY ($3::uuid[])"};
constexpr Statement kQueueFigures{
    "queue_figures",
    "SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'failed') "
    "FROM {{tables.embedding_queue}} WHERE provider_id = $1 "
    "AND (nullif($2, '') IS NULL OR owner_id = $2)"};
constexpr Statement kVectorCount{"count_vectors",
                                 "SELECT count(*) FROM {{embeddings}} WHERE owner_id = $1"};
constexpr Statement kPassages{
    "count_passages", "SELECT coalesce(sum(chunk_count), 0)::bigint FROM {{tables.owners}}"};

Result<OwnerId> dueOwner(db::Session &session, const QString &model)
{
    auto rows = db::inTransaction(session, "due_owner", db::Scope::queue(), [&](db::Session &s) {
        return s.query(kDueOwner, {model});
    });
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return OwnerId();
    return OwnerId::parse(rows->first().text(0));
}

/// $1 … $3 of the statements that end a lease or a part of it.
QVariantList jobsOf(const EmbeddingLease &lease)
{
    QStringList chunks;
    chunks.reserve(lease.jobs.size());
    for (const EmbeddingJob &job : lease.jobs)
        chunks << job.chunk.toString();
    return {lease.owner.toString(), lease.token, db::textArray(chunks)};
}

/// Runs a statement without rows in a transaction of the lease's owner.
Result<> change(db::Session &session,
                const EmbeddingLease &lease,
                const Statement &statement,
                const QVariantList &values)
{
    auto done = db::inTransaction(session,
                                  statement.name(),
                                  db::Scope::owner(lease.owner),
                                  [&](db::Session &s) { return s.execute(statement, values); });
    return done ? Result<>() : Result<>(done.error());
}

/// The reference's template.
QString contextualText(const QString &name, const QString &type, const QString &content)
{
    return QLatin1String("Document: ") + name + QLatin1String("\nType: ") + type +
           QLatin1String("\n\n") + content;
}

} // namespace

Result<EmbeddingLease> claimJobs(db::Session &session, const ClaimRequest &request)
{
    EmbeddingLease lease;
    lease.owner = request.owner;
    if (lease.owner.isEmpty()) {
        auto due = dueOwner(session, request.model);
        if (!due)
            return due.error();
        lease.owner = *due;
        if (lease.owner.isEmpty())
            return lease;
    }
    lease.token = QUuid::createUuid();
    const QVariant document = request.document ? QVariant(request.document->toString())
                                               : QVariant(QMetaType::fromType<QString>());
    auto rows = db::inTransaction(
        session, "claim_jobs", db::Scope::owner(lease.owner), [&](db::Session &s) {
            return s.query(kClaim,
                           {lease.owner.toString(),
                            request.model,
                            document,
                            request.most,
                            lease.token,
                            kLeaseSeconds});
        });
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows) {
        const QString text = request.text == PassageText::Contextual
                                 ? contextualText(row.text(2), row.text(3), row.text(1))
                                 : row.text(1);
        lease.jobs.append({lease.owner, ChunkId(row.value(0).toUuid()), text});
    }
    return lease;
}

Result<> renewJobs(db::Session &session, const EmbeddingLease &lease)
{
    return change(session, lease, kRenew, {lease.owner.toString(), lease.token, kLeaseSeconds});
}

Result<qint64> finishJobs(db::Session &session,
                          const EmbeddingLease &lease,
                          const std::vector<Vector> &vectors)
{
    QStringList literals;
    literals.reserve(qsizetype(vectors.size()));
    for (const Vector &vector : vectors)
        literals << db::vectorLiteral(vector);
    const QVariantList values = jobsOf(lease) + QVariantList{db::textArray(literals)};
    return db::inTransaction(session,
                             "store_vectors",
                             db::Scope::owner(lease.owner),
                             [&](db::Session &s) { return s.execute(kStore, values); });
}

Result<> failJobs(db::Session &session,
                  const EmbeddingLease &lease,
                  const QString &reason,
                  int mostAttempts)
{
    return change(session, lease, kFail, jobsOf(lease) + QVariantList{reason, mostAttempts});
}

Result<> returnJobs(db::Session &session, const EmbeddingLease &lease)
{
    return change(session, lease, kReturn, jobsOf(lease));
}

Result<EmbeddingStatus> embeddingStatus(db::Session &session,
                                        const Embedder &embedder,
                                        const OwnerId &owner)
{
    EmbeddingStatus status;
    status.model = embedder.modelId();
    status.dimension = embedder.dimension();
    const bool one = !owner.isEmpty();
    const db::Scope scope = one ? db::Scope::owner(owner) : db::Scope::queue();
    auto done =
        db::inTransaction(session, "embedding_status", scope, [&](db::Session &s) -> Result<> {
            auto queue = s.queryOne(kQueueFigures, {embedder.modelId(), owner.toString()});
            if (!queue)
                return queue.error();
            status.pending = queue->bigint(0);
            status.failed = queue->bigint(1);
            auto vectors =
                one ? s.queryOne(kVectorCount, {owner.toString()}) : s.queryOne(kPassages);
            if (!vectors)
                return vectors.error();
            // Of all owners the rows are not visible: every passage is embedded or has a job.
            status.embedded =
                one ? vectors->bigint(0) : vectors->bigint(0) - status.pending - status.failed;
            return {};
        });
    return done ? Result<EmbeddingStatus>(status) : Result<EmbeddingStatus>(done.error());
}

} // namespace llmemory::embed
