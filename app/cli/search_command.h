#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"
#include "core/search/search_hit.h"

namespace llmemory::app {

/// Searches and prints what was found; the exit code. Finding nothing is no failure.
ExitCode runSearch(const SearchCommand &command, CommandContext &context);

/// Prints an answer, as JSON or for people.
void printAnswer(const SearchAnswer &answer, bool json, Console &console);

} // namespace llmemory::app
