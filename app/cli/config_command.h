#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Prints every setting with its value, secrets masked, and where the value came from.
ExitCode runConfigShow(const ConfigShowCommand &command, CommandContext &context);

} // namespace llmemory::app
