#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Searches and prints what was found; the exit code. Finding nothing is no failure.
ExitCode runSearch(const SearchCommand &command, CommandContext &context);

} // namespace llmemory::app
