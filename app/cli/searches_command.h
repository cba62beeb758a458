#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// `searches …`: searches that an owner keeps under names; the exit code.

ExitCode runSearches(const SearchesListCommand &command, CommandContext &context);
ExitCode runSearches(const SearchesSaveCommand &command, CommandContext &context);
ExitCode runSearches(const SearchesRunCommand &command, CommandContext &context);
ExitCode runSearches(const SearchesDeleteCommand &command, CommandContext &context);

} // namespace llmemory::app
