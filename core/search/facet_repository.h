#pragma once

#include "core/db/session.h"
#include "core/search/facets.h"
#include "core/search/search_query.h"
#include "core/search/text_query.h"

namespace llmemory::search {

/// Counts what a query finds in all; one statement beside those that stem its words. In a
/// transaction of the owner's scope, on a pool thread, under the statement timeout of the session.
/// @param query  with the fields of its text in its filter.
/// @param words  of the query.
/// @param most  kFacetPassages, or fewer in a test.
Result<Facets> countFacets(db::Session &session,
                           const SearchQuery &query,
                           const TextQuery &words,
                           int most = kFacetPassages);

} // namespace llmemory::search
