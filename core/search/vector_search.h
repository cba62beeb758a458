#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/fusion.h"
#include "core/search/owner_size_cache.h"
#include "core/search/search_query.h"

namespace llmemory::search {

/// hnsw.ef_search of a profile. Fast: 40, whatever that finds. Balanced: as many candidates as the
/// index was found to need (embed::measureVectorIndex()), 200 until then. Accurate: as many, and at
/// least 400. The reference's presets are 40, 100 and 200, without measuring. Pure.
/// @param measured  0 = not yet.
int efSearch(HnswProfile profile, int measured);

/// Up to how many passages that a filter keeps are compared one by one, of an owner with @p
/// passages: where that costs as much as the index does. A candidate of the index costs as much as
/// 50 comparisons (measured: 25 and 0.5 microseconds, 512 dimensions, warm), and under a filter the
/// square root of passages / kept times as many are needed. So the limit is the cube root of
/// (50 * efSearch)^2 * passages, and at least kExactPassages (core/embed/vector_index_keeper.h).
/// Pure. @param efSearch  candidates that the index needs without a filter.
qint64 exactUpTo(qint64 passages, int efSearch);

/// hnsw.ef_search under a filter: the profile's, times the square root of passages / kept, at most
/// 1,000, which is pgvector's limit. Measured: recall@10 of 0.98 needs 200 where half of 120,000
/// passages are kept, 400 where a fifth are. Pure.
/// @param kept  passages that the filter keeps, at least 1.
int efSearchUnderFilter(int efSearch, qint64 passages, qint64 kept);

/// Passages of the owner nearest to a query vector, by cosine, best first, ties by id. All of them
/// are compared where they are few (embed::kExactPassages, or exactUpTo() after the filter); else
/// the owner's HNSW index finds them, and what it loses to a filter is made up for by comparing
/// them all after all. An owner whose index is not built yet is searched exactly.
/// In a transaction of the owner's scope, on a pool thread; sets knobs for that transaction only.
/// @param most  how many at the most; as many are returned as there are.
/// @param profile  see efSearch().
/// @param sizes  asked before the database is, and told; null = the database is asked.
Result<QList<Ranked>> searchVectors(db::Session &session,
                                    const SearchQuery &query,
                                    const embed::Vector &vector,
                                    int most,
                                    HnswProfile profile,
                                    OwnerSizeCache *sizes = nullptr);

/// The same, always by comparing all: what recall is measured against.
Result<QList<Ranked>> searchVectorsExactly(db::Session &session,
                                           const SearchQuery &query,
                                           const embed::Vector &vector,
                                           int most);

} // namespace llmemory::search
