#pragma once

#include "core/db/session.h"
#include "core/search/history/search_record.h"

namespace llmemory::search {

// The tables of the search history. Every function runs in a transaction of the owner's scope, on
// a pool thread.

/// Writes searches of one owner down; nothing where the owner is gone, and without the results
/// whose documents are. Searches that are there already stay as they are; those that are replaced
/// go, unless something was said about their results.
Result<> insertSearches(db::Session &session,
                        const OwnerId &owner,
                        const QList<SearchRecord> &searches);

/// Newest first. @param limit  1 at least. @param offset  searches that are skipped.
Result<SearchHistoryPage> listSearches(db::Session &session,
                                       const OwnerId &owner,
                                       int limit,
                                       int offset);

/// Forgets all searches of the owner; how many.
Result<qint64> deleteSearches(db::Session &session, const OwnerId &owner);

/// Forgets searches of before @p before, the oldest first, at most @p most; how many.
Result<qint64> deleteSearchesBefore(db::Session &session,
                                    const OwnerId &owner,
                                    const QDateTime &before,
                                    int most);

/// Error: NotFound where the owner has no such search, or the passage is none of its results.
Result<> storeFeedback(db::Session &session, const SearchFeedback &feedback);

} // namespace llmemory::search
