#pragma once

#include "app/cli/command.h"
#include "app/cli/option_parser.h"

namespace llmemory::app {

// The options of the commands that measure, as readCommand() reads them. Pure. Error: Validation, a
// sentence that names the option or argument.

Result<Command> readEval(const ParsedOptions &options);
Result<Command> readBenchSearch(const ParsedOptions &options);
Result<Command> readBenchRecall(const ParsedOptions &options);
Result<Command> readBenchPlans(const ParsedOptions &options);

} // namespace llmemory::app
