#include "app/cli/migrate_command.h"

#include "app/cli/format.h"
#include "app/memory_settings.h"
#include "core/memory.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

using migrate::MigrationPlan;
using migrate::SchemaStatus;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Json toJson(const SchemaStatus::Entry &entry)
{
    return {{"module", llmemory::toJson(entry.module)},
            {"number", entry.number},
            {"migration", llmemory::toJson(entry.fileName)},
            {"applied", entry.applied},
            {"applied_at",
             entry.appliedAt.isValid()
                 ? llmemory::toJson(entry.appliedAt.toString(Qt::ISODateWithMs))
                 : Json()}};
}

Json toJson(const MigrationPlan::Step &step)
{
    return {{"module", llmemory::toJson(step.module)},
            {"number", step.number},
            {"migration", llmemory::toJson(step.fileName)},
            {"applied", false},
            {"in_transaction", step.inTransaction},
            {"sql", llmemory::toJson(step.sql)}};
}

void printEntries(const SchemaStatus &status, bool json, Console &console)
{
    TextTable table({tr("MODULE"), tr("MIGRATION"), tr("APPLIED")});
    for (const SchemaStatus::Entry &entry : status.entries) {
        if (json)
            console.printJson(toJson(entry));
        else
            table.add({entry.module, entry.fileName, formatTime(entry.appliedAt)});
    }
    if (!table.isEmpty())
        printTable(table, console);
}

void printSummary(const QString &schema, qsizetype total, qsizetype pending, Console &console)
{
    console.printJson(
        {{"summary",
          {{"schema", llmemory::toJson(schema)}, {"total", total}, {"pending", pending}}}});
}

void printState(const QString &schema, qsizetype pending, Console &console)
{
    if (pending == 0) {
        console.print(tr("The schema %1 is up to date.").arg(schema));
    } else {
        console.print(
            tr("The schema %1 lacks migrations: %2. \"llmemory migrate apply\" applies them.")
                .arg(schema, formatCount(pending)));
    }
}

ExitCode showStatus(Memory &memory, bool json, CommandContext &context)
{
    const auto status = context.await(memory.migrationStatus());
    if (!status)
        return context.fail(status.error());
    Console &console = context.console();
    printEntries(*status, json, console);
    if (json)
        printSummary(status->schema, status->entries.size(), status->pending, console);
    else
        printState(status->schema, status->pending, console);
    return kDone;
}

ExitCode showPlan(Memory &memory, bool json, CommandContext &context)
{
    const auto plan = context.await(memory.planMigrations());
    if (!plan)
        return context.fail(plan.error());
    Console &console = context.console();
    for (const MigrationPlan::Step &step : plan->steps) {
        if (json) {
            console.printJson(toJson(step));
            continue;
        }
        // A comment of SQL, so that the plan can be kept as a file.
        console.print(
            QStringLiteral("-- %1 %2 (%3)\n%4")
                .arg(step.module,
                     step.fileName,
                     step.inTransaction ? tr("in one transaction") : tr("statement by statement"),
                     step.sql.trimmed()));
    }
    if (json)
        printSummary(plan->schema, plan->total, plan->steps.size(), console);
    else
        printState(plan->schema, plan->steps.size(), console);
    return kDone;
}

ExitCode apply(Memory &memory, bool json, CommandContext &context)
{
    const auto applied = context.await(memory.applyMigrations());
    if (!applied)
        return context.fail(applied.error());
    if (json)
        context.console().printJson({{"applied", *applied}});
    else
        context.console().print(tr("Migrations applied: %1.").arg(formatCount(*applied)));
    return kDone;
}

} // namespace

ExitCode runMigrate(const MigrateCommand &command, CommandContext &context)
{
    using Action = MigrateCommand::Action;
    const auto config = memoryConfig(context.settings(), Workers::DoNotRun);
    if (!config)
        return context.fail(config.error());
    Memory memory(*config);
    switch (command.action) {
    case Action::Apply:
        return apply(memory, command.json, context);
    case Action::Plan:
        return showPlan(memory, command.json, context);
    case Action::Status:
        break;
    }
    return showStatus(memory, command.json, context);
}

} // namespace llmemory::app
