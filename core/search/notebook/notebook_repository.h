#pragma once

#include "core/db/session.h"
#include "core/search/history/search_record.h"
#include "core/search/notebook/judgement.h"

namespace llmemory::search {

// The relevance notebook of an owner: test queries with judgements. Every function runs in a
// transaction of the owner's scope, on a pool thread.

/// Makes a verdict on a result of the search history a judgement, in place of those before on the
/// same stretch of the document (see isSameStretch()); Feedback::None only takes these away, and
/// the query where nothing else is left of it. The stretch is that of the passage; where that is
/// gone since the search, the whole document. Nothing for Feedback::Chosen, and where the history
/// has no such result.
Result<> recordVerdict(db::Session &session, const SearchFeedback &feedback);

/// Newest first. @param limit  1 at least. @param offset  queries that are skipped.
Result<NotebookPage> listNotebook(db::Session &session,
                                  const OwnerId &owner,
                                  int limit,
                                  int offset);

/// Takes a query out, with its judgements. Error: NotFound.
Result<> removeFromNotebook(db::Session &session,
                            const OwnerId &owner,
                            const NotebookQueryId &query);

} // namespace llmemory::search
