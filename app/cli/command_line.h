#pragma once

#include "app/cli/command.h"
#include "core/settings/setting_definition.h"

#include <QMap>
#include <QStringList>

#include <tl/expected.hpp>

namespace llmemory::app {

/// A whole command line, understood.
struct CommandLine
{
    /// Settings given as options.
    QMap<settings::Key, QString> settings;
    Command command;
};

/// Why a command line is not understood.
struct UsageError
{
    QString message;        ///< one sentence for people
    QString usage;          ///< the usage line that applies, without "Usage:"
    QString helpTopic = {}; ///< for `--help`: command or group; empty = the program
    bool showHelp = false;  ///< true: the whole help serves better than the usage line
};

/// @param arguments  without the program's name. Pure; any thread.
tl::expected<CommandLine, UsageError> parseCommandLine(const QStringList &arguments);

} // namespace llmemory::app
