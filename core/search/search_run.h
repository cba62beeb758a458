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
        TimeLimitedCalls &generating;
        OwnerSizeCache &sizes;
        int summaryMaxTokens; ///< of the hits' summaries; 0 = none
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
    enum class Leg { Words, Meaning };
    struct Page
    {
        QList<SearchHit> hits;
        QList<Document> documents;
    };

    Result<> chooseVariants();
    /// Empty, with a note, where there is no generator or it is of no use.
    Result<QStringList> generatedWordings();
    /// Fills m_fused, grouped where that is asked for.
    Result<> find();
    /// Both legs of all wordings at once, each on a connection of its own.
    Result<> findCandidates();
    void fuse(const QList<Wording> &wordings,
              const QList<std::pair<qsizetype, Leg>> &started,
              const QList<LegAnswer> &found);
    Result<> group();
    Result<> rerank();
    Result<> addFacets();
    Result<> diversify();
    /// Those of the query, and what was looked for in place of unknown ones.
    TextQuery wordsOfAnswer() const;
    Result<Page> loadPage() const;
    /// Of the @p passages of the list, the first of which has @p firstRank.
    Result<Page> loadHitsOf(db::Session &session,
                            const QList<Fused> &passages,
                            int firstRank) const;
    /// Fills m_vectors.
    Result<> embed(qsizetype variant);
    /// Empty, with a note, where the wording cannot be embedded and the words have to do.
    Result<embed::Vector> vectorOf(const QueryVariant &variant);
    double weightOf(const QueryVariant &variant) const;
    Result<QList<Document>> documentsOf(db::Session &session, const QList<SearchHit> &hits) const;
    void addNote(const QString &note);

    const Tools m_tools;
    SearchQuery m_query; ///< its filter with the fields of its text
    const bool m_withDocuments;
    const CancelTest &m_isCancelled;

    int m_mostVariants = 1;
    QList<QueryVariant> m_variants;
    QString m_meaning; ///< of the query, for rerankers; empty = nothing to compare with
    Depth m_depth;
    Fusion m_fusion;
    bool m_rerank = false;
    int m_topK = 0;
    int m_pageSize = 0;
    int m_needed = 0; ///< so many of the list are looked at

    QHash<qsizetype, embed::Vector> m_vectors; ///< of the variants, as soon as they were made
    bool m_withoutVectors = false;             ///< the query could not be embedded
    bool m_isCut = false;                      ///< a leg may have found more than it was asked for
    QList<Fused> m_fused;
    PageOrigin m_origin;
    SearchAnswer m_answer;
};

} // namespace llmemory::search
