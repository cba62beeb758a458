#include "core/migrate/migration_runner.h"

#include "core/base/logging.h"
#include "core/migrate/concurrent_build.h"
#include "core/migrate/migration_history.h"
#include "core/migrate/schema_lock.h"
#include "core/migrate/server_check.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace llmemory::migrate {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

} // namespace

MigrationRunner::MigrationRunner(QList<ModuleMigrations> modules,
                                 QString ownerRole,
                                 QString appRole)
    : m_modules(std::move(modules))
    , m_ownerRole(std::move(ownerRole))
    , m_appRole(std::move(appRole))
{
}

Result<SchemaStatus> MigrationRunner::status(db::Session &session) const
{
    SchemaStatus status;
    status.schema = session.names().schema();
    for (const ModuleMigrations &module : m_modules) {
        auto history = readHistory(session, module.module);
        if (!history)
            return history.error();
        if (auto ok = compareHistory(module, *history); !ok)
            return ok.error();
        for (const Migration &migration : module.migrations) {
            const auto done =
                std::find_if(history->begin(), history->end(), [&](const AppliedMigration &entry) {
                    return entry.fileName == migration.fileName;
                });
            const bool applied = done != history->end();
            status.entries.append({module.module,
                                   migration.number,
                                   migration.fileName,
                                   applied,
                                   applied ? done->appliedAt : QDateTime()});
            status.pending += applied ? 0 : 1;
        }
    }
    return status;
}

Result<QList<MigrationRunner::Step>> MigrationRunner::pending(db::Session &session) const
{
    auto now = status(session);
    if (!now)
        return now.error();
    QList<Step> steps;
    qsizetype entry = 0;
    for (const ModuleMigrations &module : m_modules) {
        for (const Migration &migration : module.migrations) {
            if (!now->entries.at(entry++).applied)
                steps.append({&module, &migration});
        }
    }
    return steps;
}

Result<MigrationPlan> MigrationRunner::plan(db::Session &session) const
{
    auto exists = schemaExists(session);
    if (!exists)
        return exists.error();
    auto steps = pending(session);
    if (!steps)
        return steps.error();
    MigrationPlan plan;
    plan.schema = session.names().schema();
    plan.createsSchema = !*exists;
    for (const ModuleMigrations &module : m_modules)
        plan.total += int(module.migrations.size());
    for (const Step &step : *steps)
        plan.steps.append({step.module->module,
                           step.migration->number,
                           step.migration->fileName,
                           session.names().expand(step.migration->sql),
                           step.migration->runsInTransaction()});
    return plan;
}

Result<> MigrationRunner::applyOne(db::Session &locked, const Step &step) const
{
    const Migration &migration = *step.migration;
    logging::info(QStringLiteral("applying migration %1 of module %2")
                      .arg(migration.fileName, step.module->module));
    QElapsedTimer timer;
    timer.start();
    auto ok = locked.runScript(migration.fileName, migration.sql);
    if (ok)
        ok = record(locked, step.module->module, migration, timer.elapsed());
    if (ok)
        return {};
    return migrationFailed(
        ok.error(),
        tr("The migration %1 of module \"%2\" failed. Nothing of it was kept, and what was applied "
           "before it stays; correct the cause and apply again.")
            .arg(migration.fileName, step.module->module));
}

Result<> MigrationRunner::grant(db::Session &session) const
{
    if (m_appRole.isEmpty())
        return {};
    const QString script =
        QStringLiteral(
            "GRANT USAGE ON SCHEMA {{schema}} TO %1; "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{schema}} TO %1; "
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {{schema}} TO %1; "
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {{schema}} TO %1")
            .arg(db::quotedIdentifier(m_appRole));
    return session.runScript(QStringLiteral("grant_schema"), script);
}

Result<std::optional<MigrationRunner::Step>> MigrationRunner::next(db::Session &locked) const
{
    using Found = std::optional<Step>;
    if (auto ok = prepareHistory(locked); !ok)
        return ok.error();
    // Read again under the lock: another program may have applied some meanwhile.
    auto steps = pending(locked);
    if (!steps)
        return steps.error();
    if (steps->isEmpty()) {
        auto granted = grant(locked);
        return granted ? Result<Found>(Found()) : Result<Found>(granted.error());
    }
    Step step = steps->first();
    if (step.migration->runsInTransaction()) {
        if (auto ok = applyOne(locked, step); !ok)
            return ok.error();
        step.isApplied = true;
    }
    return Found(step);
}

Result<int> MigrationRunner::apply(db::Session &session) const
{
    const bool hasOwn =
        std::any_of(m_modules.begin(), m_modules.end(), [](const ModuleMigrations &module) {
            return module.module == QLatin1String(kOwnModule);
        });
    if (hasOwn) {
        if (auto fit = checkServer(session); !fit)
            return fit.error();
    }
    auto steps = pending(session);
    if (!steps)
        return steps.error();
    if (steps->isEmpty() && m_appRole.isEmpty())
        return 0;

    int count = 0;
    for (;;) {
        if (session.isCancelled())
            return Error::cancelled();
        auto step = withSchemaLock(
            session, m_ownerRole, [this](db::Session &locked) { return next(locked); });
        if (!step)
            return step.error();
        if (!*step)
            return count;
        bool applied = (*step)->isApplied;
        if (!applied) {
            auto built = ConcurrentBuild((*step)->module->module, *(*step)->migration, m_ownerRole)
                             .run(session);
            if (!built)
                return built.error();
            applied = *built;
        }
        count += applied ? 1 : 0;
    }
}

} // namespace llmemory::migrate
