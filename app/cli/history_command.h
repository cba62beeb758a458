#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// `history …`: what an owner searched for; the exit code.

ExitCode runHistory(const HistoryListCommand &command, CommandContext &context);
ExitCode runHistory(const HistoryClearCommand &command, CommandContext &context);
ExitCode runHistory(const HistoryFeedbackCommand &command, CommandContext &context);

} // namespace llmemory::app
