#pragma once

#include "core/db/connection_params.h"
#include "core/migrate/migration_runner.h"

namespace llmemory::migrate {

/// Where a schema lives and who owns and uses it.
struct SchemaTarget
{
    db::ConnectionParams connection; ///< a user who may create objects
    QString schema;
    QString ownerRole; ///< empty = the connected user
    QString appRole;   ///< empty = the connected user works with it
    /// Migrations of other modules, after ours in the same schema.
    QList<MigrationModule> modules = {};
};

// Each opens a connection of its own and blocks: call on a worker thread. Programs that have a pool
// use SchemaMigrations.

/// Error: as MigrationRunner::status(), or what keeps the connection from opening.
Result<SchemaStatus> schemaStatus(const SchemaTarget &target);
/// What migrateSchema() would run; changes nothing. Errors as schemaStatus().
Result<MigrationPlan> schemaPlan(const SchemaTarget &target);
/// Brings the schema up to date; how many migrations were applied. Also refuses a server that is
/// too old or has no pgvector, saying what to install.
Result<int> migrateSchema(const SchemaTarget &target);

} // namespace llmemory::migrate
