#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"
#include "core/embed/embedder.h"
#include "core/search/owner_size_cache.h"
#include "core/search/query_router.h"
#include "core/search/reranking.h"
#include "core/search/search_hit.h"
#include "core/search/similar_search.h"

#include <chrono>
#include <functional>
#include <memory>

namespace llmemory::search {

/// What a search needs to know beside Config::Search.
struct SearchOptions
{
    int summaryMaxTokens = 0; ///< of the hits' summaries; 0 = hits without summary
    /// After which a reranker is given up; as in the reference.
    std::chrono::milliseconds rerankTimeLimit = std::chrono::seconds(8);
    /// After which a text generator is given up.
    std::chrono::milliseconds generatorTimeLimit = std::chrono::seconds(8);
    /// Told of every answer, on the thread of its search; must not block. May be empty.
    std::function<void(const SearchAnswer &)> answered = {};
};

/// Every way of searching. Its functions block: call them on worker threads, which must not be of
/// the pool, many at once if you like. They check the query. A search is a task of the pool for
/// each leg of each wording, all at the same time, then one or two at the same time that read the
/// hits; with reranking one more between. Each is a transaction. Queries are embedded and passages
/// reranked on no connection.
///
/// @p isCancelled of each is asked every 20 ms; the statements of a cancelled search are cancelled
/// in the server, and it answers Cancelled once they have ended.
///
/// Error: Validation, Database, Unavailable, Cancelled; Embedding in vector mode. Where the query
/// cannot be embedded, hybrid answers from the text leg, and where the reranker fails or takes too
/// long, the lexical one replaces it; the answer's note then says so.
class SearchService final
{
public:
    using CancelTest = std::function<bool()>;

    SearchService(db::DatabaseManager database,
                  std::shared_ptr<const embed::Embedder> embedder,
                  Config::Search config,
                  const SearchOptions &options = {});
    Q_DISABLE_COPY_MOVE(SearchService)

    /// Hits best first by score. An owner without documents finds nothing.
    Result<SearchAnswer> search(const SearchQuery &query, const CancelTest &isCancelled);
    /// The same with the documents of the hits.
    /// @param includeDocumentMetadata  false leaves the metadata of documents and hits empty.
    Result<DocumentSearchAnswer> searchWithDocuments(const SearchQuery &query,
                                                     bool includeDocumentMetadata,
                                                     const CancelTest &isCancelled);
    /// Decides by what the owner has whether to search at all, see decideRoute(); takes one task
    /// more. Error: also Validation with field "routing_threshold".
    Result<RoutedAnswer> searchWithRouting(const RoutedQuery &query, const CancelTest &isCancelled);
    /// What is near a passage or document, see similar_search.h; one task each.
    /// @param limit  1-200. @param sameDocument  whether its own document counts, too.
    /// Error: also NotFound.
    Result<SearchAnswer> similarPassages(const OwnerId &owner,
                                         const ChunkId &chunk,
                                         int limit,
                                         bool sameDocument,
                                         const CancelTest &isCancelled) const;
    Result<SearchAnswer> similarDocuments(const OwnerId &owner,
                                          const DocumentId &document,
                                          int limit,
                                          const CancelTest &isCancelled) const;

private:
    Result<DocumentSearchAnswer> run(const SearchQuery &query,
                                     bool withDocuments,
                                     const CancelTest &isCancelled);
    /// Checks owner and limit, looks on the pool, and adds the summaries.
    Result<SearchAnswer> similar(
        const OwnerId &owner,
        const SimilarOptions &options,
        const CancelTest &isCancelled,
        const std::function<Result<SearchAnswer>(db::Session &, const SimilarOptions &)> &look)
        const;
    Result<RoutingFacts> routingFacts(const SearchQuery &query,
                                      const CancelTest &isCancelled) const;

    const db::DatabaseManager m_database;
    const std::shared_ptr<const embed::Embedder> m_embedder;
    const Config::Search m_config;
    const SearchOptions m_options;
    RerankRunner m_reranking;
    TimeLimitedCalls m_generating;
    OwnerSizeCache m_sizes;
};

} // namespace llmemory::search
