#include "core/embed/embedding_model_repository.h"

#include "core/db/transaction.h"

#include <QCoreApplication>

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr Statement kLock{"model_lock",
                          "SELECT pg_advisory_xact_lock(hashtextextended('llmemory:' || $1, 0))"};
constexpr Statement kFind{
    "find_model", "SELECT dimension FROM {{tables.embedding_providers}} WHERE provider_id = $1"};
constexpr Statement kClearDefault{"clear_default_model",
                                  "UPDATE {{tables.embedding_providers}} SET is_default = false "
                                  "WHERE is_default AND provider_id <> $1"};
constexpr Statement kInsert{"insert_model",
                            "INSERT INTO {{tables.embedding_providers}} (provider_id, "
                            "provider_type, model_name, dimension, table_name, "
                            "is_default) VALUES ($1, 'builtin', $1, $2, $3, true) ON CONFLICT "
                            "(provider_id) DO UPDATE SET is_default = true"};

// hnsw with the reference's "balanced" values: m 16, ef_construction 200.
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
CREATE INDEX IF NOT EXISTS %2_hnsw ON {{embeddings}}
    USING hnsw (embedding halfvec_ip_ops) WITH (m = 16, ef_construction = 200);
ALTER TABLE {{embeddings}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{embeddings}} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON {{embeddings}};
CREATE POLICY tenant ON {{embeddings}}
    USING (owner_id = {{schema}}.current_owner()) WITH CHECK (owner_id = {{schema}}.current_owner())
)sql";

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
    auto known = session.query(kFind, {embedder.modelId()});
    if (!known)
        return known.error();
    if (!known->isEmpty() && known->first().integer(0) != embedder.dimension()) {
        return Error{
            .kind = ErrorKind::Configuration,
            .message = QCoreApplication::translate("llmemory::embed",
                                                   "The embedding model \"%1\" has %2 dimensions, "
                                                   "but this database knows it with %3.")
                           .arg(embedder.modelId())
                           .arg(embedder.dimension())
                           .arg(known->first().integer(0))};
    }
    if (!ownerRole.isEmpty()) {
        const QString role = QLatin1String("SET LOCAL ROLE ") + ownerRole;
        if (auto ok = session.runScript(QStringLiteral("model_role"), role); !ok)
            return ok;
    }
    if (known->isEmpty()) {
        if (auto ok = createTable(session, embedder, appRole); !ok)
            return ok;
    }
    if (auto ok = session.execute(kClearDefault, {embedder.modelId()}); !ok)
        return ok.error();
    auto inserted = session.execute(
        kInsert, {embedder.modelId(), embedder.dimension(), vectorTableName(embedder.modelId())});
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
    const QString table = vectorTableName(embedder.modelId());
    if (!db::isIdentifier(table))
        return Error::internal(
            QStringLiteral("model id \"%1\" makes no table name").arg(embedder.modelId()));
    return db::inTransaction(session, "ensure_model", db::Scope::registry(), [&](db::Session &s) {
        return ensureInTransaction(s, embedder, ownerRole, appRole);
    });
}

} // namespace llmemory::embed
