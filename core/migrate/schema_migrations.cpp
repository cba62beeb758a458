#include "core/migrate/schema_migrations.h"

namespace llmemory::migrate {

SchemaMigrations::SchemaMigrations(db::DatabaseManager manager, QList<MigrationModule> modules)
    : m_manager(std::move(manager)), m_modules(std::move(modules))
{
}

SchemaMigrations SchemaMigrations::ofMemory(db::DatabaseManager manager,
                                            QList<MigrationModule> others)
{
    others.prepend(ownModule());
    return SchemaMigrations(std::move(manager), std::move(others));
}

SchemaMigrations SchemaMigrations::ofModules(db::DatabaseManager manager,
                                             QList<MigrationModule> modules)
{
    return SchemaMigrations(std::move(manager), std::move(modules));
}

template <typename T, typename Work>
QFuture<Result<T>> SchemaMigrations::run(db::Access access, Work work) const
{
    return m_manager.run(access, [modules = m_modules, work](db::Session &session) -> Result<T> {
        auto files = readModules(modules);
        if (!files)
            return files.error();
        return work(MigrationRunner(*files), session);
    });
}

QFuture<Result<SchemaStatus>> SchemaMigrations::status() const
{
    return run<SchemaStatus>(
        db::Access::Read,
        [](const MigrationRunner &runner, db::Session &session) { return runner.status(session); });
}

QFuture<Result<MigrationPlan>> SchemaMigrations::plan() const
{
    return run<MigrationPlan>(
        db::Access::Read,
        [](const MigrationRunner &runner, db::Session &session) { return runner.plan(session); });
}

QFuture<Result<int>> SchemaMigrations::apply() const
{
    return run<int>(db::Access::Write, [](const MigrationRunner &runner, db::Session &session) {
        return runner.apply(session);
    });
}

} // namespace llmemory::migrate
