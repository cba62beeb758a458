#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Prints every setting with its value, secrets masked, and where the value came from. Settings
/// without effect only when they are given.
ExitCode runConfigShow(const ConfigShowCommand &command, CommandContext &context);

/// Writes a setting into the configuration file, or takes it out. Says so when the setting has its
/// value from elsewhere, or when the settings do not fit together now.
ExitCode runConfigSet(const ConfigSetCommand &command, CommandContext &context);

} // namespace llmemory::app
