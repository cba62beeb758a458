#pragma once

#include "core/base/ids.h"

namespace llmemory {

/// How much of the queue an operation works on.
struct PendingEmbeddings
{
    static constexpr int kMostBatchSize = 1'000;
    static constexpr int kMostBatches = 10'000;

    OwnerId owner = {};  ///< empty = of all owners, whoever is due first
    int batchSize = 100; ///< texts, 1-1,000; the model gets at most 64 at a time
    int maxBatches = 10; ///< 1-10,000; at most batchSize * maxBatches texts in all
};

} // namespace llmemory
