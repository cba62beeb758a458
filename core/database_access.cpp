#include "core/database_access.h"

#include "core/base/program_locator.h"
#include "core/cluster/cluster_directory.h"

namespace llmemory {

Result<std::shared_ptr<DatabaseAccess>> DatabaseAccess::open(
    const Config &config,
    const cluster::Lease::Progress &progress,
    const std::atomic_bool *cancelled)
{
    std::shared_ptr<DatabaseAccess> access(new DatabaseAccess);
    access->m_schema = config.database.schema;
    access->m_modules = config.migrations;
    if (config.database.connectionString.isEmpty()) {
        cluster::Options clusterOptions;
        clusterOptions.dataDirectory = config.dataDirectory;
        auto program = locateProgram(config.program);
        if (!program)
            return program.error();
        clusterOptions.supervisorProgram = *program;
        auto lease = cluster::Lease::acquire(clusterOptions, progress, cancelled);
        if (!lease)
            return lease.error();
        access->m_lease = std::move(*lease);
    } else {
        auto given = db::ConnectionParams::parse(config.database.connectionString);
        if (!given)
            return given.error();
        access->m_given = std::move(*given);
        if (access->m_given.password.isEmpty())
            access->m_given.password = config.database.password;
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
    target.modules = m_modules;
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
