#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/eval/latency.h"
#include "core/search/search_query.h"

#include <QList>

namespace llmemory::eval {

/// How many of the nearest ten passages the vector leg finds.
struct VectorRecall
{
    int queries = 0;
    double at10 = 1;      ///< mean over the queries, 0-1
    double worstAt10 = 1; ///< of the worst query
    int shortAnswers = 0; ///< queries that got fewer candidates (of 100) than there are passages
    Latency search;       ///< of the leg's statements
    Latency exact;        ///< of the statement that compares all
};

/// Asks for the passages nearest to each vector as a search with ten results does, and again
/// by comparing all passages; a passage that is as near as the tenth best counts as found. In a
/// transaction of the owner's scope, on a pool thread. Error: Database, Cancelled.
/// @param query     owner and filters; its text does not matter.
/// @param profile   see search::efSearch().
Result<VectorRecall> measureVectorRecall(db::Session &session,
                                         const SearchQuery &query,
                                         const QList<embed::Vector> &vectors,
                                         HnswProfile profile);

} // namespace llmemory::eval
