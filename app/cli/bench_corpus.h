#pragma once

#include "app/cli/command_context.h"
#include "core/eval/bench_report.h"
#include "core/eval/synthetic_corpus.h"

namespace llmemory::app {

/// Whoever has documents of a benchmark, the largest first.
using BenchOwners = QList<Owner>;

/// The tenants "<prefix>-<number>". Error: as Memory::listOwners().
Result<BenchOwners> findBenchOwners(const QString &prefix, Memory &memory, CommandContext &context);

/// That there are none, and how to make them.
Error noBenchCorpus(const QString &prefix);

/// Makes the documents of a synthetic corpus that are not there yet, has them embedded, and waits
/// for the vector indexes of its large tenants. The Memory needs its workers. Error: Cancelled on a
/// signal; what was stored stays, and the next call goes on from there.
Result<eval::BenchCorpus> loadBenchCorpus(const QString &prefix,
                                          const eval::CorpusSize &size,
                                          Memory &memory,
                                          CommandContext &context);

/// Waits until each owner that is searched through a vector index has one. When that takes too long
/// it says so and goes on. Error: Database, Cancelled on a signal.
Result<> waitForVectorIndexes(const BenchOwners &owners, Memory &memory, CommandContext &context);

} // namespace llmemory::app
