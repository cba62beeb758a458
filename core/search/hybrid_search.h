#pragma once

#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/search_hit.h"

namespace llmemory::search {

/// Runs a checked query: both legs, fusion, hits, in one transaction of the owner's scope. On a
/// pool thread. When the query cannot be embedded, hybrid answers from the text leg and says so in
/// the note. Error: Database, Unavailable, Cancelled; Embedding in vector mode.
Result<SearchAnswer> search(db::Session &session,
                            const embed::Embedder &embedder,
                            const SearchQuery &query);

} // namespace llmemory::search
