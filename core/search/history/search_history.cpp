#include "core/search/history/search_history.h"

#include "core/base/limits.h"
#include "core/search/history/history_repository.h"
#include "core/search/notebook/notebook_repository.h"

namespace llmemory::search {

using db::Access;
using db::Session;

SearchHistory::SearchHistory(db::DatabaseManager operations,
                             const db::DatabaseManager &background,
                             const Options &options)
    : m_operations(std::move(operations))
{
    if (options.write)
        m_writer = std::make_unique<HistoryWriter>(
            background, HistoryWriter::Options{.days = options.days, .mayStore = options.mayStore});
    if (options.clean && options.days > 0) {
        m_cleaner = std::make_unique<HistoryCleaner>(background, options.days);
        m_cleaner->start();
    }
}

void SearchHistory::remember(const SearchAnswer &answer)
{
    if (m_writer && answer.query.remember)
        m_writer->add(SearchRecord::of(answer));
}

template <typename Work>
auto SearchHistory::run(
    Access access, const char *name, const OwnerId &owner, const CancelTest &isCancelled, Work work)
    -> std::invoke_result_t<Work, Session &>
{
    if (m_writer) {
        if (auto ok = m_writer->wait(isCancelled); !ok)
            return ok.error();
    }
    return m_operations
        .runInTransaction(access, name, db::Scope::owner(owner), std::move(work), isCancelled)
        .result();
}

Result<SearchHistoryPage> SearchHistory::list(const OwnerId &owner,
                                              int limit,
                                              int offset,
                                              const CancelTest &isCancelled)
{
    for (const auto &ok :
         {limits::checkLimit(limit, limits::kPageLimit), limits::checkListOffset(offset)}) {
        if (!ok)
            return ok.error();
    }
    return run(Access::Read, "list_searches", owner, isCancelled, [=](Session &session) {
        return listSearches(session, owner, limit, offset);
    });
}

Result<qint64> SearchHistory::clear(const OwnerId &owner, const CancelTest &isCancelled)
{
    return run(Access::Write, "clear_searches", owner, isCancelled, [owner](Session &session) {
        return deleteSearches(session, owner);
    });
}

Result<> SearchHistory::give(const SearchFeedback &feedback, const CancelTest &isCancelled)
{
    return run(Access::Write,
               "search_feedback",
               feedback.owner,
               isCancelled,
               [feedback](Session &session) {
                   auto stored = storeFeedback(session, feedback);
                   return stored ? recordVerdict(session, feedback) : stored;
               });
}

} // namespace llmemory::search
