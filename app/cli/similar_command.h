#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Prints what is like a document or a passage; the exit code. Finding nothing is no failure.
ExitCode runSimilar(const SimilarCommand &command, CommandContext &context);

} // namespace llmemory::app
