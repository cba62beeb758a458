#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"

namespace llmemory::search {

/// How well the vector leg finds an owner's nearest passages.
struct Recall
{
    double at10 = 1;      ///< mean share of the exact best ten that the search finds, 0-1
    int queries = 0;      ///< so many were asked; 0 = the owner has no vectors, and nothing is said
    double worstAt10 = 1; ///< of the worst query
};

/// Compares searchVectors() with searchVectorsExactly() on vectors of the owner's own passages,
/// picked at random. In a transaction of the owner's scope; some milliseconds a query for each
/// 10,000 passages. Error: Database, Cancelled.
/// @param queries  how many are asked, at least 1.
/// @param efSearch  see efSearch() in vector_search.h.
Result<Recall> measureRecall(db::Session &session, const OwnerId &owner, int queries, int efSearch);

} // namespace llmemory::search
