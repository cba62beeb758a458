#pragma once

#include "app/cli/command.h"
#include "app/cli/option_parser.h"

namespace llmemory::app {

/// Turns the options of a known command into its value, checking every one against the limits of
/// the contract.
/// @param name  "search", "owners add", …
/// Pure. Error: Validation, a sentence that names the option or argument.
Result<Command> readCommand(const QString &name, const ParsedOptions &options);

} // namespace llmemory::app
