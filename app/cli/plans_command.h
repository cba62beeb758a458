#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Searches the largest tenant of a benchmark in every way there is, and prints as Markdown how the
/// server runs each statement, with the roles and the row-level security of a search. kFailed when
/// one of them reads a whole table.
ExitCode runBench(const BenchPlansCommand &command, CommandContext &context);

} // namespace llmemory::app
