#include "core/eval/notebook.h"

#include "core/base/limits.h"
#include "core/config_fields.h"
#include "core/eval/notebook_report_repository.h"
#include "core/search/fusion.h"
#include "core/search/notebook/notebook_repository.h"
#include "core/search/search_request.h"
#include "core/textindex/bm25.h"

#include <QCoreApplication>

namespace llmemory::eval {

using db::Access;
using db::Session;

namespace {

/// Deeper than the figures look.
constexpr int kHits = 10;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::eval", text);
}

/// What could make a difference between two reports.
Json settingsOf(const embed::Embedder &embedder, const Config &config)
{
    const Config::Search &search = config.search;
    const Config::Chunking &chunking = config.chunking;
    return {{"model", toJson(embedder.modelId())},
            {"hybrid_balance", embedder.hybridBalance()},
            {"fusion", toJson(fusionMethodWords().value(int(search.fusion)))},
            {"rrf_k", search::kRrfConstant},
            {"bm25_k1", textindex::kBm25K1},
            {"bm25_b", textindex::kBm25B},
            {"chunk_size", chunking.chunkSize},
            {"chunk_overlap", chunking.chunkOverlap},
            {"max_chunk_size", chunking.maxChunkSize},
            {"contextual", chunking.contextual},
            {"hnsw_profile", toJson(hnswProfileWords().value(int(search.hnswProfile)))},
            {"query_expansion", search.queryExpansion},
            {"max_query_variants", search.maxQueryVariants},
            {"rerank", search.rerank},
            {"rerank_provider", toJson(search.rerankProvider)},
            {"rerank_top_k", search.rerankTopK}};
}

Result<SearchQuery> searchFor(const NotebookQuery &query, SearchMode mode)
{
    Json request = query.options;
    request["query"] = toJson(query.text);
    auto wanted = search::searchQueryFromRequest(query.owner, request);
    if (!wanted)
        return wanted;
    wanted->mode = mode;
    wanted->limit = kHits;
    wanted->offset = 0;
    wanted->rerankReturnK = kHits;
    wanted->minScore.reset(); // it means something else in each mode
    wanted->explain = false;
    wanted->facets = false;
    wanted->includeParentContext = false;
    wanted->remember = false;
    return wanted;
}

} // namespace

Notebook::Notebook(db::DatabaseManager database,
                   search::SearchService &searches,
                   const embed::Embedder &embedder,
                   const Config &config)
    : m_database(std::move(database))
    , m_searches(searches)
    , m_settings(settingsOf(embedder, config))
{
}

template <typename Work>
auto Notebook::run(Access access,
                   const char *name,
                   const OwnerId &owner,
                   const CancelTest &isCancelled,
                   Work work) const -> std::invoke_result_t<Work, Session &>
{
    return m_database
        .runInTransaction(access, name, db::Scope::owner(owner), std::move(work), isCancelled)
        .result();
}

Result<NotebookPage> Notebook::list(const OwnerId &owner,
                                    int limit,
                                    int offset,
                                    const CancelTest &isCancelled) const
{
    for (const auto &ok :
         {limits::checkLimit(limit, limits::kPageLimit), limits::checkListOffset(offset)}) {
        if (!ok)
            return ok.error();
    }
    return run(Access::Read, "list_notebook", owner, isCancelled, [=](Session &session) {
        return search::listNotebook(session, owner, limit, offset);
    });
}

Result<> Notebook::remove(const OwnerId &owner,
                          const NotebookQueryId &query,
                          const CancelTest &isCancelled) const
{
    return run(Access::Write, "notebook_remove", owner, isCancelled, [=](Session &session) {
        return search::removeFromNotebook(session, owner, query);
    });
}

Result<NotebookComparison> Notebook::report(const OwnerId &owner,
                                            const CancelTest &isCancelled) const
{
    NotebookReport report;
    report.id = NotebookReportId::create();
    report.owner = owner;
    report.settings = m_settings;
    QList<NotebookQuery> queries;
    auto prepared = run(
        Access::Read, "notebook_queries", owner, isCancelled, [&](Session &session) -> Result<> {
            auto page = search::listNotebook(session, owner, kMostQueries, 0);
            if (!page)
                return page.error();
            const auto counts = ownerCounts(session, owner);
            if (!counts)
                return counts.error();
            queries = std::move(page->queries);
            report.settings["documents"] = counts->documents;
            report.settings["passages"] = counts->passages;
            return {};
        });
    if (!prepared)
        return prepared.error();
    queries.removeIf([](const NotebookQuery &query) { return !hasRelevant(query.judgements); });
    if (queries.isEmpty())
        return Error{.kind = ErrorKind::Conflict,
                     .message = tr("No result was judged good yet, so there is nothing to measure. "
                                   "Mark results of searches as good first."),
                     .code = QStringLiteral("notebook_empty")};
    report.queries = queries.size();
    report.judgements = fingerprint(queries);
    for (const SearchMode mode : {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid}) {
        const auto figures = measure(mode, queries, isCancelled);
        if (!figures)
            return figures.error();
        report.modes.append(*figures);
    }
    report.createdAt = QDateTime::currentDateTimeUtc();
    return run(Access::Write,
               "notebook_report",
               owner,
               isCancelled,
               [report](Session &session) -> Result<NotebookComparison> {
                   auto previous = latestReport(session, report.owner);
                   if (!previous)
                       return previous.error();
                   if (auto ok = insertReport(session, report); !ok)
                       return ok.error();
                   return NotebookComparison{report, std::move(*previous)};
               });
}

Result<NotebookReport::Mode> Notebook::measure(SearchMode mode,
                                               const QList<NotebookQuery> &queries,
                                               const CancelTest &isCancelled) const
{
    QList<Scores> scores;
    for (const NotebookQuery &query : queries) {
        const auto wanted = searchFor(query, mode);
        if (!wanted)
            return wanted.error();
        const auto answer = m_searches.search(*wanted, isCancelled);
        if (!answer)
            return answer.error();
        scores << scoresOf(answer->hits, query.judgements);
    }
    const Scores mean = meanOf(scores);
    return NotebookReport::Mode{mode, mean.ndcgAt10, mean.mrrAt10};
}

} // namespace llmemory::eval
