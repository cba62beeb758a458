#include "core/embed/embedding_model_repository.h"

#include "core/db/transaction.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr int kMostDimensions = 4000; // of a halfvec with an HNSW index

constexpr Statement kLock{"model_lock",
                          "SELECT pg_advisory_xact_lock(hashtextextended('llmemory:' || $1, 0))"};
constexpr Statement kFind{"find_model",
                          "SELECT dimension, provider_id FROM {{tables.embedding_providers}} "
                          "WHERE provider_id = $1 OR table_name = $2"};
constexpr Statement kInsert{"insert_model",
                            "INSERT INTO {{tables.embedding_providers}} (provider_id, "
                            "provider_type, model_name, dimension, table_name) "
                            "VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement kIsActive{
    "is_active_model",
    "SELECT 1 FROM {{tables.embedding_providers}} WHERE provider_id = $1 AND is_default"};
constexpr Statement kClearActive{"clear_active_model",
                                 "UPDATE {{tables.embedding_providers}} SET is_default = false "
                                 "WHERE is_default AND provider_id <> $1"};
constexpr Statement kSetActive{
    "set_active_model",
    "UPDATE {{tables.embedding_providers}} SET is_default = true WHERE provider_id = $1"};
constexpr Statement kOwners{"owners_with_passages",
                            "SELECT owner_id FROM {{tables.owners}} WHERE owner_id > $1 AND "
                            "chunk_count > 0 ORDER BY owner_id LIMIT $2"};
constexpr Statement kDropOthers{
    "drop_jobs_of_other_models",
    "DELETE FROM {{tables.embedding_queue}} WHERE owner_id = $1 AND provider_id <> $2"};
// The lock makes passages that are being deleted drop out, instead of failing the foreign key.
constexpr Statement kQueueMissing{
    "queue_missing",
    "INSERT INTO {{tables.embedding_queue}} (owner_id, chunk_id, provider_id, document_id, "
    "content_hash) "
    "SELECT c.owner_id, c.chunk_id, $2, c.document_id, c.content_hash "
    "FROM {{tables.document_chunks}} c WHERE c.owner_id = $1 AND c.chunk_level = 1 "
    "AND NOT EXISTS (SELECT 1 FROM {{embeddings}} e "
    "WHERE e.owner_id = $1 AND e.chunk_id = c.chunk_id) "
    "AND NOT EXISTS (SELECT 1 FROM {{tables.embedding_queue}} q "
    "WHERE q.owner_id = $1 AND q.chunk_id = c.chunk_id AND q.provider_id = $2) "
    "LIMIT $3 FOR KEY SHARE OF c ON CONFLICT DO NOTHING"};

constexpr const char *kTable = R"sql(
CREATE TABLE IF NOT EXISTS {{embeddings}} (
    owner_id    text          NOT NULL,
    chunk_id    uuid          NOT NULL,
    document_id uuid          NOT NULL,
    embedding   halfvec(%1)   NOT NULL,
    created_at  timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, chunk_id),
    FOREIGN KEY (owner_id, chunk_id) REFERENCES {{tables.document_chunks}} ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS %2_by_document ON {{embeddings}} (owner_id, document_id);
ALTER TABLE {{embeddings}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{embeddings}} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON {{embeddings}};
CREATE POLICY tenant ON {{embeddings}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner())
)sql";

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

Result<> checkModel(const Embedder &embedder)
{
    static const QRegularExpression pattern(QStringLiteral("^[a-z0-9_-]{1,40}\\z"));
    const QString id = embedder.modelId();
    const int dimension = embedder.dimension();
    if (!pattern.match(id).hasMatch()) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("\"%1\" cannot be the id of an embedding model. Use 1 to 40 of "
                                   "the characters a-z 0-9 _ -.")
                                    .arg(id)};
    }
    if (dimension < 1 || dimension > kMostDimensions) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The embedding model \"%1\" has %2 dimensions; 1 to %3 can be "
                                   "stored.")
                                    .arg(id)
                                    .arg(dimension)
                                    .arg(kMostDimensions)};
    }
    return {};
}

Result<> createTable(db::Session &session, const Embedder &embedder, const QString &appRole)
{
    const QString script = QString::fromLatin1(kTable)
                               .arg(embedder.dimension())
                               .arg(vectorTableName(embedder.modelId()));
    if (auto ok = session.runScript(QStringLiteral("create_vector_table"), script); !ok)
        return ok;
    if (appRole.isEmpty())
        return {};
    return session.runScript(
        QStringLiteral("grant_vector_table"),
        QStringLiteral("GRANT SELECT, INSERT, UPDATE, DELETE ON {{embeddings}} TO %1")
            .arg(appRole));
}

Result<> ensureInTransaction(db::Session &session,
                             const Embedder &embedder,
                             const QString &ownerRole,
                             const QString &appRole)
{
    if (auto ok = session.query(kLock, {session.names().schema()}); !ok)
        return ok.error();
    const QString table = vectorTableName(embedder.modelId());
    auto known = session.query(kFind, {embedder.modelId(), table});
    if (!known)
        return known.error();
    if (!known->isEmpty() && known->first().text(1) != embedder.modelId()) {
        return Error{.kind = ErrorKind::Configuration,
                     .message =
                         tr("The embedding models \"%1\" and \"%2\" would share the table %3. "
                            "Give one of them another id.")
                             .arg(embedder.modelId(), known->first().text(1), table)};
    }
    if (!known->isEmpty()) {
        if (known->first().integer(0) == embedder.dimension())
            return {};
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The embedding model \"%1\" has %2 dimensions, but this "
                                   "database knows it with %3.")
                                    .arg(embedder.modelId())
                                    .arg(embedder.dimension())
                                    .arg(known->first().integer(0))};
    }
    if (!ownerRole.isEmpty()) {
        const QString role = QLatin1String("SET LOCAL ROLE ") + ownerRole;
        if (auto ok = session.runScript(QStringLiteral("model_role"), role); !ok)
            return ok;
    }
    if (auto ok = createTable(session, embedder, appRole); !ok)
        return ok;
    auto inserted = session.execute(kInsert,
                                    {embedder.modelId(),
                                     embedder.providerType(),
                                     embedder.modelName(),
                                     embedder.dimension(),
                                     vectorTableName(embedder.modelId())});
    return inserted ? Result<>() : Result<>(inserted.error());
}

} // namespace

QString vectorTableName(const QString &modelId)
{
    QString id = modelId;
    id.replace(QLatin1Char('-'), QLatin1Char('_'));
    return QLatin1String("embeddings_") + id;
}

Result<> ensureModel(db::Session &session,
                     const Embedder &embedder,
                     const QString &ownerRole,
                     const QString &appRole)
{
    if (auto ok = checkModel(embedder); !ok)
        return ok;
    return db::inTransaction(session, "ensure_model", db::Scope::registry(), [&](db::Session &s) {
        return ensureInTransaction(s, embedder, ownerRole, appRole);
    });
}

Result<bool> isActiveModel(db::Session &session, const QString &modelId)
{
    auto rows =
        db::inTransaction(session, "is_active_model", db::Scope::registry(), [&](db::Session &s) {
            return s.query(kIsActive, {modelId});
        });
    return rows ? Result<bool>(!rows->isEmpty()) : Result<bool>(rows.error());
}

Result<> setActiveModel(db::Session &session, const QString &modelId)
{
    return db::inTransaction(
        session, "set_active_model", db::Scope::registry(), [&](db::Session &s) -> Result<> {
            if (auto ok = s.query(kLock, {s.names().schema()}); !ok)
                return ok.error();
            if (auto ok = s.execute(kClearActive, {modelId}); !ok)
                return ok.error();
            auto set = s.execute(kSetActive, {modelId});
            if (!set)
                return set.error();
            if (*set == 0)
                return Error::notFound(
                    tr("This database does not know the embedding model \"%1\".").arg(modelId));
            return {};
        });
}

Result<QList<OwnerId>> ownersWithPassages(db::Session &session, const OwnerId &after, int most)
{
    // A null text would be bound as NULL, which nothing is greater than.
    const QString least = after.isEmpty() ? QStringLiteral("") : after.toString();
    auto rows = db::inTransaction(session, "owners", db::Scope::registry(), [&](db::Session &s) {
        return s.query(kOwners, {least, most});
    });
    if (!rows)
        return rows.error();
    QList<OwnerId> owners;
    for (const db::Row &row : *rows) {
        auto owner = OwnerId::parse(row.text(0));
        if (!owner)
            return owner.error();
        owners.append(*owner);
    }
    return owners;
}

Result<qint64> queueMissing(db::Session &session,
                            const QString &modelId,
                            const OwnerId &owner,
                            int most)
{
    if (session.names().embeddingsTable() != vectorTableName(modelId))
        return Error::internal(QStringLiteral("queueMissing() for a model that is not in use"));
    return db::inTransaction(
        session, "queue_missing", db::Scope::owner(owner), [&](db::Session &s) -> Result<qint64> {
            if (auto ok = s.execute(kDropOthers, {owner.toString(), modelId}); !ok)
                return ok;
            return s.execute(kQueueMissing, {owner.toString(), modelId, most});
        });
}

} // namespace llmemory::embed
