#pragma once

#include "app/cli/option_parser.h"

#include <QList>
#include <QString>

namespace llmemory::app {

/// How a command is written; the one table behind parsing and help.
struct CommandSpec
{
    /// "search", "owners add".
    const char *name;
    /// Positional arguments as shown in the usage line, "PATH…"; empty for none.
    const char *arguments;
    /// One line for the list of commands; untranslated.
    const char *summary;
    QList<OptionSpec> options;
    /// Further paragraphs of the help; untranslated; may be empty.
    const char *details = "";
    /// Options that must be given, as they stand in the usage line: "--owner O".
    const char *required = "";

    QString nameText() const { return QLatin1String(name); }
};

/// All commands, in the order of the help.
const QList<CommandSpec> &commandSpecs();
/// Options that every command understands, before or after its name.
const QList<OptionSpec> &globalOptions();
/// Null when there is no such command.
const CommandSpec *findCommand(const QString &name);
/// Sub-commands of "owners" and the like, without the first word; empty for a word that heads none.
QStringList subcommandsOf(const QString &group);

/// "llmemory search --owner O [OPTIONS] QUERY".
QString usageLine(const CommandSpec &command);
/// "llmemory [OPTIONS] COMMAND …".
QString usageLine();
/// Help of one command, of a group ("owners"), or of the program for an empty @p topic; ends with a
/// newline.
QString helpText(const QString &topic);

} // namespace llmemory::app
