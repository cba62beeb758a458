#pragma once

#include "core/embed/embedder.h"
#include "core/search/fusion.h"

#include <QHash>

namespace llmemory::search {

// What is left of a ranked list, and in which order, where the query asks for more than the best
// first. Pure; any thread.

/// Those whose score is not below @p least.
QList<Fused> scoringAtLeast(const QList<Fused> &ranked, double least);

/// The best passage of each document, with the number of its others in Fused::others.
/// @param documents  of the passages; those without one are left out, they are gone.
QList<Fused> bestOfEachDocument(const QList<Fused> &ranked,
                                const QHash<ChunkId, DocumentId> &documents);

/// The list in the order of maximal marginal relevance: each next one has the best (1 - diversity)
/// * score / best score - diversity * highest cosine with those before it, which becomes its score
/// (Carbonell, Goldstein: "The use of MMR", SIGIR 1998). A passage without a vector is like none.
/// What stands behind @p most is left behind them, in its order, with the last one's score at most.
/// @param vectors  of unit length, of passages of the list.
/// @param diversity  0 nothing changes … 1 only differences count.
QList<Fused> diversified(const QList<Fused> &ranked,
                         const QHash<ChunkId, embed::Vector> &vectors,
                         double diversity,
                         int most);

} // namespace llmemory::search
