#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Serves until SIGINT or SIGTERM, which is its regular end. Prints `{"url","token_file"}` when
/// ready.
ExitCode runServe(const ServeCommand &command, CommandContext &context);

} // namespace llmemory::app
