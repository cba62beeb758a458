#include "app/cli/config_command.h"

#include "app/cli/hidden_input.h"
#include "app/cli/setting_report.h"
#include "core/config.h"
#include "core/settings/config_file_writer.h"
#include "core/settings/setting_value.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// Whether a value would be in everybody's sight on a command line.
bool isSecret(const settings::Definition &row, const QString &text)
{
    return row.type == settings::Type::Secret || (row.type == settings::Type::ConnectionString &&
                                                  settings::maskedConnectionString(text) != text);
}

/// The value that the user means, in the form of the file.
Result<QString> readValue(const settings::Definition &row,
                          const QString &given,
                          CommandContext &context)
{
    if (!row.hasEffect())
        return Error{.kind = ErrorKind::Validation,
                     .message = tr("The setting %1 has no effect. %2")
                                    .arg(row.name, settings::whyWithoutEffect(row)),
                     .field = row.name};
    QString text = given;
    if (given == QLatin1String("-")) {
        const HiddenInput hidden;
        const auto line =
            context.ask(context.console().inputIsTerminal() ? tr("%1: ").arg(row.name) : QString());
        if (context.interrupts().isInterrupted())
            return Error::cancelled();
        if (!line || line->isEmpty())
            return Error::validation(row.name, tr("There is no value on standard input."));
        text = *line;
    } else if (isSecret(row, given)) {
        return Error::validation(
            row.name,
            tr("Others could read the value of %1 on the command line. Give - instead, and the "
               "value on standard input.")
                .arg(row.name));
    }
    auto value = settings::checkedValue(row, text);
    if (!value) {
        Error error = value.error();
        error.kind = ErrorKind::Validation;
        return error;
    }
    return value;
}

/// Tells what keeps the written value from counting.
void tellWhatIsInTheWay(const settings::Definition &row, CommandContext &context)
{
    const settings::Settings &written = context.settings();
    if (written.source(row.key) != settings::Source::Default)
        context.console().note(tr("%1 still goes before the file.").arg(written.origin(row.key)));
    const auto now = settings::Settings::load(
        {{settings::Key::ConfigFile, written.text(settings::Key::ConfigFile)}},
        QProcessEnvironment::systemEnvironment());
    const auto config = now ? configFrom(*now) : Result<Config>(now.error());
    if (!config)
        context.console().note(
            printable(tr("The settings cannot be used yet: %1").arg(config.error().message)));
}

} // namespace

ExitCode runConfigShow(const ConfigShowCommand &command, CommandContext &context)
{
    const settings::Settings &settings = context.settings();
    if (command.json) {
        for (const Json &row : settingsAsJson(settings))
            context.console().printJson(row);
    } else {
        printSettings(settings, context.console());
    }
    return kDone;
}

ExitCode runConfigSet(const ConfigSetCommand &command, CommandContext &context)
{
    const settings::Definition &row = *settings::findDefinition(command.name);
    const QString path = context.settings().text(settings::Key::ConfigFile);
    std::optional<QString> text;
    if (command.value) {
        const auto value = readValue(row, *command.value, context);
        if (!value)
            return context.fail(value.error());
        text = *value;
    }
    if (auto written = settings::writeConfigFile(path, row, text); !written)
        return context.fail(written.error());
    context.console().note(printable(
        (text ? tr("%1 is set in %2.") : tr("%1 is not in %2 now.")).arg(row.name, path)));
    tellWhatIsInTheWay(row, context);
    return kDone;
}

} // namespace llmemory::app
