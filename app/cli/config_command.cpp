#include "app/cli/config_command.h"

#include "app/cli/format.h"
#include "app/cli/text_table.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

QString sourceText(const settings::Settings &settings, settings::Key key)
{
    const QString source = toString(settings.source(key));
    const QString origin = settings.origin(key);
    return origin.isEmpty() ? source : QStringLiteral("%1 (%2)").arg(source, origin);
}

} // namespace

ExitCode runConfigShow(const ConfigShowCommand &command, CommandContext &context)
{
    const settings::Settings &settings = context.settings();
    TextTable table({tr("SETTING"), tr("VALUE"), tr("FROM"), tr("MEANING")});
    for (const settings::Definition &row : settings::definitions()) {
        if (command.json) {
            context.console().printJson({{"name", toJson(row.name)},
                                         {"value", toJson(settings.shown(row.key))},
                                         {"source", toJson(toString(settings.source(row.key)))},
                                         {"origin", toJson(settings.origin(row.key))}});
        } else {
            const QString value = settings.shown(row.key);
            table.add({row.name,
                       value.isEmpty() ? QStringLiteral("-") : value,
                       sourceText(settings, row.key),
                       settings::describe(row)});
        }
    }
    if (!command.json)
        printTable(table, context.console());
    return kDone;
}

} // namespace llmemory::app
