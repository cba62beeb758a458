#include "app/cli/command_line.h"

#include "app/cli/command_reader.h"
#include "app/cli/command_spec.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

using Outcome = tl::expected<CommandLine, UsageError>;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

bool isHelp(const QString &argument)
{
    return argument == QLatin1String("--help") || argument == QLatin1String("-h");
}

/// Position of the first argument from @p from that is neither a global option nor its value;
/// size() if none.
qsizetype nextWord(const QStringList &arguments, qsizetype from)
{
    while (from < arguments.size()) {
        const QString &argument = arguments.at(from);
        if (!argument.startsWith(u'-'))
            break;
        bool takesNext = false;
        for (const OptionSpec &option : globalOptions())
            takesNext = takesNext || (option.takesValue() && option.nameText() == argument);
        from += takesNext ? 2 : 1;
    }
    return std::min(from, arguments.size());
}

tl::unexpected<UsageError> usageError(const QString &message, const CommandSpec &command)
{
    return tl::unexpected(UsageError{
        .message = message, .usage = usageLine(command), .helpTopic = command.nameText()});
}

tl::unexpected<UsageError> programError(const QString &message)
{
    return tl::unexpected(UsageError{.message = message, .usage = usageLine()});
}

/// --help and --version need nothing else to be right.
bool asksForHelp(const QStringList &arguments, qsizetype end)
{
    for (qsizetype i = 0; i < end; ++i) {
        if (arguments.at(i) == QLatin1String("--"))
            return false;
        if (isHelp(arguments.at(i)))
            return true;
    }
    return false;
}

QMap<settings::Key, QString> settingsFrom(const ParsedOptions &options)
{
    QMap<settings::Key, QString> values;
    for (const settings::Definition &row : settings::definitions()) {
        if (!row.option.isEmpty() && options.has(row.option))
            values.insert(row.key, options.text(row.option));
    }
    return values;
}

Outcome parseWithoutCommand(const QStringList &arguments)
{
    const auto options = parseOptions(arguments, globalOptions());
    if (!options)
        return programError(options.error().message);
    if (options->has(QStringLiteral("--version")))
        return CommandLine{.settings = {}, .command = VersionCommand{}};
    return CommandLine{.settings = settingsFrom(*options), .command = WindowCommand{}};
}

Outcome parseCommand(const CommandSpec &command, const QStringList &arguments)
{
    const auto options = parseOptions(arguments, command.options + globalOptions());
    if (!options)
        return usageError(options.error().message, command);
    if (options->has(QStringLiteral("--version")))
        return CommandLine{.settings = {}, .command = VersionCommand{}};
    auto read = readCommand(command.nameText(), *options);
    if (!read)
        return usageError(read.error().message, command);
    return CommandLine{.settings = settingsFrom(*options), .command = std::move(*read)};
}

} // namespace

tl::expected<CommandLine, UsageError> parseCommandLine(const QStringList &arguments)
{
    const qsizetype first = nextWord(arguments, 0);
    if (first == arguments.size()) {
        if (asksForHelp(arguments, arguments.size()))
            return CommandLine{.settings = {}, .command = HelpCommand{}};
        return parseWithoutCommand(arguments);
    }

    QString name = arguments.at(first);
    QStringList rest = arguments;
    rest.removeAt(first);
    const QStringList subcommands = subcommandsOf(name);
    if (!subcommands.isEmpty()) {
        const qsizetype second = nextWord(arguments, first + 1);
        const QString word = arguments.value(second);
        if (!subcommands.contains(word)) {
            if (asksForHelp(arguments, arguments.size()))
                return CommandLine{.settings = {}, .command = HelpCommand{.topic = name}};
            const QString choices = subcommands.join(QStringLiteral(", "));
            const QString message =
                word.isEmpty()
                    ? tr("\"%1\" needs one of: %2.").arg(name, choices)
                    : tr("\"%1\" has no command \"%2\". It has: %3.").arg(name, word, choices);
            return tl::unexpected(UsageError{.message = message,
                                             .usage = QLatin1String("llmemory ") + name +
                                                      QLatin1String(" COMMAND [OPTIONS]"),
                                             .helpTopic = name});
        }
        rest.removeAt(second - 1);
        name += u' ' + word;
    }

    const CommandSpec *command = findCommand(name);
    if (!command) {
        return tl::unexpected(UsageError{.message = tr("There is no command \"%1\".").arg(name),
                                         .usage = usageLine(),
                                         .showHelp = true});
    }
    if (asksForHelp(rest, rest.size()))
        return CommandLine{.settings = {}, .command = HelpCommand{.topic = name}};
    return parseCommand(*command, rest);
}

} // namespace llmemory::app
