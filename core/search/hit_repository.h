#pragma once

#include "core/db/session.h"
#include "core/search/fusion.h"
#include "core/search/search_hit.h"
#include "core/search/text_query.h"

namespace llmemory::search {

/// Reads what is shown of the fused passages, one statement for all, in their order; with the
/// ancestors where the query asks for them. Passages deleted meanwhile are left out. In a
/// transaction of the owner's scope, on a pool thread.
/// @param tsquery  as TextMatches::tsquery, for the highlights; empty = none from it.
/// @param firstRank  rank of the first hit, from 1.
Result<QList<SearchHit>> loadHits(db::Session &session,
                                  const SearchQuery &query,
                                  const QList<Fused> &fused,
                                  const TextQuery &text,
                                  const QString &tsquery,
                                  int firstRank);

} // namespace llmemory::search
