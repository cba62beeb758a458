#pragma once

#include "core/cluster/cluster_lease.h"
#include "core/config.h"
#include "core/migrate/schema_admin.h"

#include <memory>

namespace llmemory {

/// Logins to the configured database: which server, and who works and who migrates there. Keeps
/// the embedded server running as long as it lives.
class DatabaseAccess
{
public:
    /// Starts the embedded server where the options name no other; connects to nothing yet.
    /// Blocks; @p progress and @p cancelled are those of cluster::Lease::acquire().
    /// Error: as there, or Configuration for a wrong connection string.
    static Result<std::shared_ptr<DatabaseAccess>> open(
        const Config &config,
        const cluster::Lease::Progress &progress = {},
        const std::atomic_bool *cancelled = nullptr);

    /// The hold on the embedded server; null with a server that was given.
    cluster::Lease *lease() const { return m_lease.get(); }
    /// What the program works as.
    db::ConnectionParams application() const;
    /// Where migrations are applied, and as whom.
    migrate::SchemaTarget schemaTarget() const;

private:
    DatabaseAccess() = default;

    std::unique_ptr<cluster::Lease> m_lease;
    db::ConnectionParams m_given; ///< only without a lease
    QString m_schema;
    QList<migrate::MigrationModule> m_modules;
};

} // namespace llmemory
