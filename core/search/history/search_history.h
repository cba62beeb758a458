#pragma once

#include "core/search/history/history_cleaner.h"
#include "core/search/history/history_writer.h"

#include <memory>

namespace llmemory::search {

/// What owners searched for and thought of the results. Its functions, but remember(), block: call
/// them on worker threads, which must not be of the pool. They see what was remembered before.
class SearchHistory final
{
public:
    using CancelTest = std::function<bool()>;

    struct Options
    {
        bool write = true;  ///< false: nothing new; what is there can still be read and cleared
        bool clean = false; ///< a thread forgets old searches of all owners
        int days = 0;       ///< how long searches are kept; 0 = for ever
        std::function<Result<>()> mayStore = {}; ///< as HistoryWriter::Options
    };

    /// @param operations  for what callers wait for. @param background  for the threads.
    SearchHistory(db::DatabaseManager operations,
                  const db::DatabaseManager &background,
                  const Options &options);
    Q_DISABLE_COPY_MOVE(SearchHistory)

    /// Has the search written down, unless its query or the options do not want that. Any thread;
    /// does not block.
    void remember(const SearchAnswer &answer);

    /// Newest first. @param limit  1-200. @param offset  not negative. Error: Validation, Database,
    /// Unavailable, Cancelled.
    Result<SearchHistoryPage> list(const OwnerId &owner,
                                   int limit,
                                   int offset,
                                   const CancelTest &isCancelled);
    /// Forgets all searches of the owner; how many. Error: Database, Unavailable, Cancelled.
    Result<qint64> clear(const OwnerId &owner, const CancelTest &isCancelled);
    /// Good and bad also go into the owner's notebook, see recordVerdict(). Error: NotFound where
    /// the owner has no such search or the passage is none of the results that are kept; Database,
    /// Unavailable, Cancelled.
    Result<> give(const SearchFeedback &feedback, const CancelTest &isCancelled);

private:
    /// Runs @p work in a transaction of the owner after what was remembered is written.
    template <typename Work>
    auto run(db::Access access,
             const char *name,
             const OwnerId &owner,
             const CancelTest &isCancelled,
             Work work) -> std::invoke_result_t<Work, db::Session &>;

    const db::DatabaseManager m_operations;
    std::unique_ptr<HistoryWriter> m_writer;   ///< null where nothing is written
    std::unique_ptr<HistoryCleaner> m_cleaner; ///< null where nothing is forgotten by itself
};

} // namespace llmemory::search
