#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

// Benchmarks on a synthetic corpus. A signal ends them; what was stored stays.

/// Makes the corpus, as far as it is not there, and measures latency and throughput of searches.
ExitCode runBench(const BenchSearchCommand &command, CommandContext &context);
/// Measures recall of the vector leg on the corpus that `bench search` made.
ExitCode runBench(const BenchRecallCommand &command, CommandContext &context);

} // namespace llmemory::app
