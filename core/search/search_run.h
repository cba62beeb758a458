#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"
#include "core/embed/embedder.h"
#include "core/search/hit_repository.h"
#include "core/search/hybrid_search.h"
#include "core/search/query_expansion.h"
#include "core/search/reranking.h"

#include <QElapsedTimer>

#include <functional>

namespace llmemory::search {

/// One search from its query to its page of hits, on the stack of the worker thread that it blocks.
/// See SearchService, which makes it.
class SearchRun final
{
public:
    using CancelTest = std::function<bool()>;

    /// What a run works with; outlives it.
    struct Tools
    {
        const db::DatabaseManager &database;
        const embed::Embedder &embedder;
        const Config::Search &config;
        RerankRunner &reranking;
    };

    /// @param query  a checked one; its text is read in the query language, see readLeniently().
    /// @param withDocuments  whether the documents of the hits are read, too.
    SearchRun(const Tools &tools,
              const SearchQuery &query,
              bool withDocuments,
              const CancelTest &isCancelled);
    Q_DISABLE_COPY_MOVE(SearchRun)

    Result<DocumentSearchAnswer> run();

private:
    /// What the passages of a step are read for: their texts to rerank, or the page that is shown.
    struct Loaded
    {
        QHash<ChunkId, QString> texts;
        QList<SearchHit> hits;
        QList<Document> documents;
    };
    struct Step
    {
        Candidates candidates;
        Loaded loaded;
    };

    Result<Loaded> findByOneWording();
    Result<Step> findAndLoad(db::Session &session, const Wording &wording);
    Result<Loaded> findByAllWordings();
    Result<Wording> wordingOf(const QueryVariant &variant);
    double weightOf(const QueryVariant &variant) const;
    Result<> rerank(const QHash<ChunkId, QString> &texts);
    Result<Loaded> loadOnPool() const;
    /// The texts where reranking is to come, else the page. In a transaction.
    Result<Loaded> load(db::Session &session, const QList<Fused> &fused) const;
    Result<Loaded> loadPage(db::Session &session, const QList<Fused> &fused) const;
    Result<QList<Document>> documentsOf(db::Session &session, const QList<SearchHit> &hits) const;
    void addNote(const QString &note);

    const Tools m_tools;
    SearchQuery m_query; ///< its filter with the fields of its text
    const bool m_withDocuments;
    const CancelTest &m_isCancelled;

    QList<QueryVariant> m_variants;
    QString m_meaning; ///< of the query, for rerankers; empty = nothing to compare with
    Depth m_depth;
    Fusion m_fusion;
    bool m_rerank = false; ///< reranking is still to come
    int m_topK = 0;
    int m_pageSize = 0;

    bool m_withoutVectors = false; ///< the query could not be embedded
    QList<Fused> m_fused;
    PageOrigin m_origin;
    SearchAnswer m_answer;
};

} // namespace llmemory::search
