#pragma once

#include "app/cli/command.h"
#include "app/cli/option_parser.h"

namespace llmemory::app {

// Readers of the commands about what is kept of searches; see readCommand(), which calls them.

Result<Command> readHistoryList(const ParsedOptions &options);
Result<Command> readHistoryClear(const ParsedOptions &options);
Result<Command> readHistoryFeedback(const ParsedOptions &options);
Result<Command> readNotebookList(const ParsedOptions &options);
Result<Command> readNotebookReport(const ParsedOptions &options);
Result<Command> readNotebookRemove(const ParsedOptions &options);
Result<Command> readSearchesList(const ParsedOptions &options);
Result<Command> readSearchesRun(const ParsedOptions &options);
Result<Command> readSearchesDelete(const ParsedOptions &options);

} // namespace llmemory::app
