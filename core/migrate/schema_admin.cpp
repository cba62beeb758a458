#include "core/migrate/schema_admin.h"

namespace llmemory::migrate {

namespace {

/// Reads the files and opens the connection, then hands both to @p work.
template <typename T, typename Work>
Result<T> withRunner(const SchemaTarget &target, Work work)
{
    auto names = db::SqlNames::forSchema(target.schema);
    if (!names)
        return names.error();
    auto modules = readModules(QList<MigrationModule>{ownModule()} + target.modules);
    if (!modules)
        return modules.error();
    auto connection = db::Connection::open(target.connection);
    if (!connection)
        return connection.error();
    db::Session session(**connection, *names);
    return work(MigrationRunner(*modules, target.ownerRole, target.appRole), session);
}

} // namespace

Result<SchemaStatus> schemaStatus(const SchemaTarget &target)
{
    return withRunner<SchemaStatus>(
        target,
        [](const MigrationRunner &runner, db::Session &session) { return runner.status(session); });
}

Result<MigrationPlan> schemaPlan(const SchemaTarget &target)
{
    return withRunner<MigrationPlan>(
        target,
        [](const MigrationRunner &runner, db::Session &session) { return runner.plan(session); });
}

Result<int> migrateSchema(const SchemaTarget &target)
{
    return withRunner<int>(target, [](const MigrationRunner &runner, db::Session &session) {
        return runner.apply(session);
    });
}

} // namespace llmemory::migrate
