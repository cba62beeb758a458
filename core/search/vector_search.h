#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/fusion.h"
#include "core/search/search_query.h"

namespace llmemory::search {

/// Owners with at most this many passages are compared exactly: full recall, about 0.5 ms per
/// 1,000. Above, the HNSW index with iterative scan, which goes on until enough of the owner's rows
/// were met.
inline constexpr qint64 kExactPassages = 20'000;

/// hnsw.ef_search of a profile: 40, 100 or 200 candidates of the index.
int efSearch(HnswProfile profile);

/// Passages of the owner nearest to a query vector, by cosine.
/// In a transaction of the owner's scope, on a pool thread; sets knobs for that transaction only.
/// @param most  how many at the most.
/// @param efSearch  see efSearch(); counts where the index is used.
Result<QList<Ranked>> searchVectors(db::Session &session,
                                    const SearchQuery &query,
                                    const embed::Vector &vector,
                                    int most,
                                    int efSearch);

} // namespace llmemory::search
