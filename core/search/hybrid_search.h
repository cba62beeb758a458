#pragma once

#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/fusion.h"
#include "core/search/search_hit.h"
#include "core/search/text_query.h"

namespace llmemory::search {

/// One wording of a query, ready for the database.
struct Wording
{
    TextQuery words;      ///< for the text leg
    embed::Vector vector; ///< for the vector leg; empty = without it
};

/// How much the legs look at.
struct Depth
{
    int candidates = 100; ///< of each leg, at most
    int efSearch = 100;   ///< see efSearch() in vector_search.h
};

/// What one wording found.
struct Candidates
{
    QList<Fused> fused;   ///< best first
    QString tsquery;      ///< as TextMatches::tsquery, with what passages had to match
    SearchTimings tookMs; ///< text, vector and fusion only
};

/// Both legs, or the one that the mode asks for, and their fusion: the building block of every
/// search. The wording's conditions hold for both legs before they rank. Without a vector the text
/// leg counts whole, whatever alpha says; without words, too, see searchByConditions(). In a
/// transaction of the owner's scope, on a pool thread. Error: Database, Unavailable, Cancelled.
Result<Candidates> findCandidates(db::Session &session,
                                  const SearchQuery &query,
                                  const Wording &wording,
                                  const Depth &depth,
                                  const Fusion &fusion);

} // namespace llmemory::search
