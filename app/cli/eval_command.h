#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Reads collections into tenants of their own, searches for their judged queries in each mode and
/// prints how good the rankings are. A signal ends it; what was stored stays, and the next run goes
/// on from there.
/// @return  kFailed when documents could not be stored, too.
ExitCode runEval(const EvalCommand &command, CommandContext &context);

} // namespace llmemory::app
