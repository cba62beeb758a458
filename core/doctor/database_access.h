#pragma once

#include "core/cluster/cluster_lease.h"
#include "core/memory_options.h"
#include "core/migrate/schema_admin.h"

#include <memory>

namespace llmemory::doctor {

/// Logins to the database of the options, for administration beside or without a Memory. Keeps the
/// embedded server running as long as it lives.
class DatabaseAccess
{
public:
    /// Starts the embedded server where the options name no other; connects to nothing yet.
    /// Blocks. Error: as cluster::Lease::acquire(), or Configuration for a wrong connection string.
    static Result<std::shared_ptr<DatabaseAccess>> open(const MemoryOptions &options);

    bool isEmbedded() const { return m_lease != nullptr; }
    /// What the program works as.
    db::ConnectionParams application() const;
    /// Where migrations are applied, and as whom.
    migrate::SchemaTarget schemaTarget() const;

private:
    DatabaseAccess() = default;

    std::unique_ptr<cluster::Lease> m_lease;
    db::ConnectionParams m_given; ///< only without a lease
    QString m_schema;
};

} // namespace llmemory::doctor
