#pragma once

#include "core/db/database_manager.h"
#include "core/migrate/migration_runner.h"

namespace llmemory::migrate {

/// Migrations by hand, for programs that have a pool: what stands in a manager's schema, what would
/// be done, and doing it. The work runs on the pool's threads and uses one connection; cancelling a
/// future stops it in the server. A value; any thread.
class SchemaMigrations
{
public:
    /// llmemory's own migrations, then those of @p others, in the manager's schema.
    static SchemaMigrations ofMemory(db::DatabaseManager manager,
                                     QList<MigrationModule> others = {});
    /// Only those of @p modules: for a program whose own tables have a schema of their own.
    static SchemaMigrations ofModules(db::DatabaseManager manager, QList<MigrationModule> modules);

    // Errors: what is wrong with the files (readModules()), with the history or with a file's
    // statements (MigrationRunner), and what keeps the pool from working.

    QFuture<Result<SchemaStatus>> status() const;
    /// What apply() would run now, in order; changes nothing.
    QFuture<Result<MigrationPlan>> plan() const;
    /// Applies what is pending; how many this call applied.
    QFuture<Result<int>> apply() const;

private:
    SchemaMigrations(db::DatabaseManager manager, QList<MigrationModule> modules);

    template <typename T, typename Work>
    QFuture<Result<T>> run(db::Access access, Work work) const;

    db::DatabaseManager m_manager;
    QList<MigrationModule> m_modules;
};

} // namespace llmemory::migrate
