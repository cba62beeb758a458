#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Runs all checks and prints them.
/// @return  kNoDatabase when the server was not reachable, else kFailed when any check failed.
ExitCode runDoctorCommand(const DoctorCommand &command, CommandContext &context);

} // namespace llmemory::app
