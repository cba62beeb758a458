#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Shows or changes the version of the database schema; the exit code.
ExitCode runMigrate(const MigrateCommand &command, CommandContext &context);

} // namespace llmemory::app
