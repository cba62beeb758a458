#include "core/database_access.h"

#include "core/cluster/cluster_directory.h"

namespace llmemory {

Result<std::shared_ptr<DatabaseAccess>> DatabaseAccess::open(
    const MemoryOptions &options,
    const cluster::Lease::Progress &progress,
    const std::atomic_bool *cancelled)
{
    std::shared_ptr<DatabaseAccess> access(new DatabaseAccess);
    access->m_schema = options.schema;
    if (options.connectionString.isEmpty()) {
        cluster::Options clusterOptions;
        clusterOptions.dataDirectory = options.dataDirectory;
        clusterOptions.supervisorProgram = options.program;
        auto lease = cluster::Lease::acquire(clusterOptions, progress, cancelled);
        if (!lease)
            return lease.error();
        access->m_lease = std::move(*lease);
    } else {
        auto given = db::ConnectionParams::parse(options.connectionString);
        if (!given)
            return given.error();
        access->m_given = std::move(*given);
    }
    return access;
}

db::ConnectionParams DatabaseAccess::application() const
{
    return m_lease ? m_lease->application() : m_given;
}

migrate::SchemaTarget DatabaseAccess::schemaTarget() const
{
    migrate::SchemaTarget target;
    target.schema = m_schema;
    if (m_lease) {
        target.connection = m_lease->administrator();
        target.ownerRole = QLatin1String(cluster::kOwnerRole);
        target.appRole = QLatin1String(cluster::kAppRole);
    } else {
        target.connection = m_given;
    }
    return target;
}

} // namespace llmemory
