#pragma once

#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/search_hit.h"

namespace llmemory::search {

/// Runs a checked query: both legs over one snapshot of the owner's rows, fusion, hits. On a pool
/// thread. When the query cannot be embedded, hybrid answers from the text leg and says so in the
/// note. Error: Database, Unavailable, Cancelled; Embedding in vector mode.
Result<SearchAnswer> search(db::Session &session,
                            const embed::Embedder &embedder,
                            const SearchQuery &query);

} // namespace llmemory::search
