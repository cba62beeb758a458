#pragma once

#include "core/config.h"
#include "core/eval/notebook_report.h"
#include "core/search/search_service.h"

namespace llmemory::eval {

/// The relevance notebooks of owners: what they judged in the search history, as test queries. Its
/// functions block: call them on worker threads, which must not be of the pool.
class Notebook final
{
public:
    using CancelTest = std::function<bool()>;

    /// Test queries that a report searches, the newest.
    static constexpr int kMostQueries = 1000;

    /// @param searches  outlives it; @p embedder and @p config are those that it works with.
    Notebook(db::DatabaseManager database,
             search::SearchService &searches,
             const embed::Embedder &embedder,
             const Config &config);
    Q_DISABLE_COPY_MOVE(Notebook)

    /// Newest first. @param limit  1-200. @param offset  not negative. Error: Validation, Database,
    /// Unavailable, Cancelled.
    Result<NotebookPage> list(const OwnerId &owner,
                              int limit,
                              int offset,
                              const CancelTest &isCancelled) const;
    /// Takes a query out, with its judgements. Error: NotFound, Database, Unavailable, Cancelled.
    Result<> remove(const OwnerId &owner,
                    const NotebookQueryId &query,
                    const CancelTest &isCancelled) const;
    /// Searches for every test query in each mode and keeps what came of it. The searches are as
    /// when the query was judged, but for the mode, the page (the first 10) and what only decorates
    /// hits, and do not go into the history. Error: Conflict with code "notebook_empty" where
    /// nothing was judged good; else as SearchService.
    Result<NotebookComparison> report(const OwnerId &owner, const CancelTest &isCancelled) const;

private:
    template <typename Work>
    auto run(db::Access access,
             const char *name,
             const OwnerId &owner,
             const CancelTest &isCancelled,
             Work work) const -> std::invoke_result_t<Work, db::Session &>;
    Result<NotebookReport::Mode> measure(SearchMode mode,
                                         const QList<NotebookQuery> &queries,
                                         const CancelTest &isCancelled) const;

    const db::DatabaseManager m_database;
    search::SearchService &m_searches;
    const Json m_settings;
};

} // namespace llmemory::eval
