#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// `notebook …`: an owner's test queries; the exit code.

ExitCode runNotebook(const NotebookListCommand &command, CommandContext &context);
ExitCode runNotebook(const NotebookReportCommand &command, CommandContext &context);
ExitCode runNotebook(const NotebookRemoveCommand &command, CommandContext &context);

} // namespace llmemory::app
