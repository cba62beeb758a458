#include "app/cli/migrate_command.h"

#include "app/cli/format.h"
#include "core/database_access.h"
#include "core/migrate/schema_admin.h"

#include <QCoreApplication>
#include <QtConcurrent>

namespace llmemory::app {

namespace {

using migrate::SchemaStatus;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Json toJson(const SchemaStatus::Entry &entry)
{
    return {{"migration", llmemory::toJson(entry.fileName)},
            {"applied", entry.applied},
            {"applied_at",
             entry.appliedAt.isValid()
                 ? llmemory::toJson(entry.appliedAt.toString(Qt::ISODateWithMs))
                 : Json()}};
}

void printEntries(const SchemaStatus &status, bool onlyPending, bool json, Console &console)
{
    TextTable table({tr("MIGRATION"), tr("APPLIED")});
    for (const SchemaStatus::Entry &entry : status.entries) {
        if (onlyPending && entry.applied)
            continue;
        if (json)
            console.printJson(toJson(entry));
        else
            table.add({entry.fileName, formatTime(entry.appliedAt)});
    }
    if (!table.isEmpty())
        printTable(table, console);
}

void printState(const SchemaStatus &status, bool json, Console &console)
{
    if (json) {
        console.printJson({{"summary",
                            {{"schema", llmemory::toJson(status.schema)},
                             {"total", status.entries.size()},
                             {"pending", status.pending}}}});
    } else if (status.pending == 0) {
        console.print(tr("The schema %1 is up to date.").arg(status.schema));
    } else {
        console.print(
            tr("The schema %1 lacks migrations: %2. \"llmemory migrate apply\" applies them.")
                .arg(status.schema, formatCount(status.pending)));
    }
}

} // namespace

ExitCode runMigrate(const MigrateCommand &command, CommandContext &context)
{
    using Action = MigrateCommand::Action;
    const MemoryOptions options = memoryOptions(context.settings(), Workers::DoNotRun);
    const auto access =
        context.await(QtConcurrent::run([options]() -> Result<std::shared_ptr<DatabaseAccess>> {
            return DatabaseAccess::open(options);
        }));
    if (!access)
        return context.fail(access.error());
    const migrate::SchemaTarget target = (*access)->schemaTarget();

    Console &console = context.console();
    if (command.action == Action::Apply) {
        const auto applied =
            context.await(QtConcurrent::run([target] { return migrate::migrateSchema(target); }));
        if (!applied)
            return context.fail(applied.error());
        if (command.json)
            console.printJson({{"applied", *applied}});
        else
            console.print(tr("Migrations applied: %1.").arg(formatCount(*applied)));
        return kDone;
    }
    const auto status =
        context.await(QtConcurrent::run([target] { return migrate::schemaStatus(target); }));
    if (!status)
        return context.fail(status.error());
    printEntries(*status, command.action == Action::Plan, command.json, console);
    printState(*status, command.json, console);
    return kDone;
}

} // namespace llmemory::app
