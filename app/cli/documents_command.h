#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// Administration of documents. Each prints its result and gives the exit code.

ExitCode runDocuments(const DocumentsListCommand &command, CommandContext &context);
ExitCode runDocuments(const DocumentsShowCommand &command, CommandContext &context);
/// Deletes those that exist; exit code 1 when one did not.
ExitCode runDocuments(const DocumentsDeleteCommand &command, CommandContext &context);

} // namespace llmemory::app
