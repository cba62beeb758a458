#pragma once

#include "core/db/session.h"
#include "core/search/fusion.h"
#include "core/search/search_query.h"

namespace llmemory::search {

/// The answer to a query that has nothing to rank by: only fields ("type:pdf tag:invoice") or
/// exclusions. One passage of each document, its first that passes the filter, newest document
/// first, those without a date last, then by name; their score is 0. In a transaction of the
/// owner's scope, on a pool thread.
/// @param query  with its filter complete.
/// @param most  how many at the most.
/// @return best first.
Result<QList<Ranked>> listDocuments(db::Session &session, const SearchQuery &query, int most);

} // namespace llmemory::search
