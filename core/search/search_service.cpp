#include "core/search/search_service.h"

#include "core/base/limits.h"
#include "core/search/running_tasks.h"
#include "core/search/search_run.h"
#include "core/search/summary.h"
#include "core/search/text_search.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>

namespace llmemory::search {

using db::Session;
using db::Statement;

namespace {

constexpr Statement kDocuments{"owner_documents",
                               "SELECT document_count FROM {{tables.owners}} WHERE owner_id = $1"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

/// What PostgreSQL can take; the rest is as the caller said.
SearchQuery clean(SearchQuery query)
{
    query.text.remove(QChar(u'\0'));
    return query;
}

Result<> checkThreshold(double threshold)
{
    if (threshold >= 0.0 && threshold <= 1.0)
        return {};
    return Error::validation(QStringLiteral("routing_threshold"),
                             tr("routing_threshold must be 0 to 1; it is %1.").arg(threshold));
}

} // namespace

SearchService::SearchService(db::DatabaseManager database,
                             std::shared_ptr<const embed::Embedder> embedder,
                             Config::Search config,
                             const SearchOptions &options)
    : m_database(std::move(database))
    , m_embedder(std::move(embedder))
    , m_config(std::move(config))
    , m_options(options)
    , m_reranking(m_config.reranker, options.rerankTimeLimit)
    , m_generating(options.generatorTimeLimit)
{
}

Result<SearchAnswer> SearchService::search(const SearchQuery &query, const CancelTest &isCancelled)
{
    auto found = run(query, false, isCancelled);
    if (!found)
        return found.error();
    return std::move(found->answer);
}

Result<DocumentSearchAnswer> SearchService::searchWithDocuments(const SearchQuery &query,
                                                                bool includeDocumentMetadata,
                                                                const CancelTest &isCancelled)
{
    auto found = run(query, true, isCancelled);
    if (!found || includeDocumentMetadata)
        return found;
    for (SearchHit &hit : found->answer.hits)
        hit.documentMetadata = Json::object();
    for (Document &document : found->documents)
        document.metadata = Json::object();
    return found;
}

Result<RoutedAnswer> SearchService::searchWithRouting(const RoutedQuery &query,
                                                      const CancelTest &isCancelled)
{
    if (auto ok = checkThreshold(query.threshold); !ok)
        return ok.error();
    RoutingDecision decision{Route::Retrieval, 1.0, tr("Routing is off."), {}};
    if (query.enabled) {
        const SearchQuery cleaned = clean(query.query);
        if (auto ok = cleaned.validate(); !ok)
            return ok.error();
        if (meaningOf(readLeniently(cleaned.text)).isEmpty()) {
            decision.reason = tr("The query has conditions only.");
        } else {
            const auto facts = routingFacts(cleaned, isCancelled);
            if (!facts)
                return facts.error();
            decision = decideRoute(*facts, query.threshold);
        }
    }
    RoutedAnswer routed{decision.route, decision.confidence, decision.reason, decision.message, {}};
    if (decision.route == Route::Retrieval) {
        auto answer = search(query.query, isCancelled);
        if (!answer)
            return answer.error();
        routed.answer = std::move(*answer);
    }
    return routed;
}

Result<SearchAnswer> SearchService::similarPassages(const OwnerId &owner,
                                                    const ChunkId &chunk,
                                                    int limit,
                                                    bool sameDocument,
                                                    const CancelTest &isCancelled) const
{
    return similar(owner,
                   {.limit = limit, .isSameDocument = sameDocument},
                   isCancelled,
                   [&](Session &session, const SimilarOptions &options) {
                       return search::similarPassages(session, owner, chunk, options);
                   });
}

Result<SearchAnswer> SearchService::similarDocuments(const OwnerId &owner,
                                                     const DocumentId &document,
                                                     int limit,
                                                     const CancelTest &isCancelled) const
{
    return similar(
        owner, {.limit = limit}, isCancelled, [&](Session &session, const SimilarOptions &options) {
            return search::similarDocuments(session, owner, document, options);
        });
}

Result<SearchAnswer> SearchService::similar(
    const OwnerId &owner,
    const SimilarOptions &options,
    const CancelTest &isCancelled,
    const std::function<Result<SearchAnswer>(Session &, const SimilarOptions &)> &look) const
{
    if (owner.isEmpty())
        return OwnerId::parse({}).error();
    if (auto ok = limits::checkLimit(options.limit); !ok)
        return ok.error();
    SimilarOptions configured = options;
    configured.profile = m_config.hnswProfile;
    configured.bm25 = textOptions(m_config).bm25;
    auto answer = readOnPool(
        m_database, "similar", owner, isCancelled, [&](Session &session) -> Result<SearchAnswer> {
            return look(session, configured);
        });
    if (!answer)
        return answer;
    for (SearchHit &hit : answer->hits)
        hit.summary = summaryOf(hit.content, m_options.summaryMaxTokens);
    return answer;
}

Result<DocumentSearchAnswer> SearchService::run(const SearchQuery &query,
                                                bool withDocuments,
                                                const CancelTest &isCancelled)
{
    const SearchQuery cleaned = clean(query);
    if (auto ok = cleaned.validate(); !ok)
        return ok.error();
    if (isCancelled())
        return Error::cancelled();
    const SearchRun::Tools tools{m_database,
                                 *m_embedder,
                                 m_config,
                                 m_reranking,
                                 m_generating,
                                 m_sizes,
                                 m_options.summaryMaxTokens};
    auto found = SearchRun(tools, cleaned, withDocuments, isCancelled).run();
    if (found && m_options.answered)
        m_options.answered(found->answer);
    return found;
}

Result<RoutingFacts> SearchService::routingFacts(const SearchQuery &query,
                                                 const CancelTest &isCancelled) const
{
    const TextQuery words = parseTextQuery(lookedFor(query.text));
    return readOnPool(m_database,
                      "routing_facts",
                      query.owner,
                      isCancelled,
                      [&](Session &session) -> Result<RoutingFacts> {
                          RoutingFacts facts{.query = query.text};
                          auto rows = session.query(kDocuments, {query.owner.toString()});
                          if (!rows)
                              return rows.error();
                          facts.documents = rows->isEmpty() ? 0 : rows->first().bigint(0);
                          auto matches =
                              searchText(session, query, words, 1, textOptions(m_config));
                          if (!matches)
                              return matches.error();
                          if (!matches->ranked.isEmpty())
                              facts.bestTextRank = matches->ranked.first().score;
                          return facts;
                      });
}

} // namespace llmemory::search
