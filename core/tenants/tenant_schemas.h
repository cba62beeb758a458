#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"

#include <QFuture>
#include <QList>

namespace llmemory {

/// A tenant that has a schema of its own.
struct TenantSchema
{
    OwnerId owner;
    QString schema;
};

/// What moved with a tenant.
struct MovedTenant
{
    OwnerId owner;
    qint64 documents = 0;
    qint64 chunks = 0;  ///< of both levels
    qint64 vectors = 0; ///< of the models that both schemas know
};

/// One schema per tenant, the stronger isolation: no statement of one tenant's Memory can name
/// another's rows. All of them share one pool. Open a tenant with `Memory(*tenants.database(owner),
/// config)`.
///
/// A schema is named after its tenant and says in its comment whose it is. A value; any thread.
/// Futures are completed on the pool's threads. Errors of all: Validation for an empty owner,
/// Database, Permission, Unavailable, Cancelled.
class TenantSchemas
{
public:
    /// @param prefix  of every schema's name, 1-20 bytes; what several programs of one database
    /// tell their tenants
    ///                apart by.
    /// @param config  migrations and the model whose vector table new schemas get; its database is
    /// not used. Error: Configuration.
    static Result<TenantSchemas> create(std::shared_ptr<db::ConnectionPool> pool,
                                        const QString &prefix = QStringLiteral("tenant_"),
                                        const Config &config = {});

    /// The name of a tenant's schema, whether it exists or not: the prefix and the owner's id; of a
    /// long one its beginning and a hash, so that PostgreSQL does not cut it off. Pure.
    QString schemaOf(const OwnerId &owner) const;
    /// The pool through a tenant's schema. Error: Validation.
    Result<db::DatabaseManager> database(const OwnerId &owner) const;

    /// Makes the schema with its tables and the tenant in it, and brings one that exists up to
    /// date. Error: Conflict when a schema of that name is not this tenant's.
    QFuture<Result<TenantSchema>> add(const OwnerId &owner) const;
    /// The tenants with a schema of this prefix, by schema name.
    QFuture<Result<QList<TenantSchema>>> list() const;
    /// Deletes the schema with everything in it. Close what works on it first. Error: NotFound.
    QFuture<Result<>> drop(const OwnerId &owner) const;

    /// Moves a tenant out of a shared schema into its own, which is made where it is missing. One
    /// transaction: the tenant is in one place or the other, never in both. Vectors of models that
    /// only the old schema knows stay behind; their passages are embedded again. Close what works
    /// on the tenant first. Error: NotFound; Conflict when its own schema has documents already, or
    /// files of it are being read; Configuration when the two schemas are not of the same version.
    QFuture<Result<MovedTenant>> moveIn(const OwnerId &owner,
                                        const db::DatabaseManager &from) const;
    /// The way back, into a shared schema; the tenant's own schema stays, empty. Errors as
    /// moveIn().
    QFuture<Result<MovedTenant>> moveOut(const OwnerId &owner, const db::DatabaseManager &to) const;

private:
    /// A tenant's schema with the model that its vector table is for.
    struct Home
    {
        db::DatabaseManager database;
        std::shared_ptr<const embed::Embedder> embedder;
    };

    Result<Home> makeHome(const OwnerId &owner) const;
    TenantSchemas(std::shared_ptr<db::ConnectionPool> pool, QString prefix, Config config);

    std::shared_ptr<db::ConnectionPool> m_pool;
    QString m_prefix;
    Config m_config;
};

} // namespace llmemory
