#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// Administration of tenants. Each prints its result and gives the exit code.

ExitCode runOwners(const OwnersListCommand &command, CommandContext &context);
ExitCode runOwners(const OwnersAddCommand &command, CommandContext &context);
ExitCode runOwners(const OwnersShowCommand &command, CommandContext &context);
ExitCode runOwners(const OwnersRenameCommand &command, CommandContext &context);
/// Without `--yes` the id must be typed; where nobody can type it, that is wrong usage.
ExitCode runOwners(const OwnersDeleteCommand &command, CommandContext &context);

} // namespace llmemory::app
