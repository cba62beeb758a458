#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/search/passage_filter.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace llmemory {

enum class SearchMode { Hybrid, Vector, Text };
/// "hybrid", "vector", "text".
QString toString(SearchMode mode);
/// Error: Validation with field "search_type".
Result<SearchMode> searchModeFromString(const QString &word);

/// A whole search request. Window, command line and endpoint fill it, the search reads it.
struct SearchQuery
{
    OwnerId owner = {};
    QString text = {}; ///< 1-8,000 characters, in the query language of docs/search.md
    SearchMode mode = SearchMode::Hybrid;
    int limit = 10; ///< 1-200
    int offset = 0; ///< 0-10,000
    /// 0 text only … 1 vector only, 0.5 the balance measured for the model; hybrid mode.
    double alpha = 0.5;
    QStringList idsAtOrigin = {};   ///< empty = all documents
    QStringList documentTypes = {}; ///< words of DocumentType; empty = all
    Json metadataFilter = {};  ///< null = all; else JSON containment in the document's metadata
    QDateTime dateFrom = {};   ///< invalid = open; inclusive; documents without date never match
    QDateTime dateTo = {};     ///< invalid = open; inclusive
    PassageFilter filter = {}; ///< more that passages are kept to
    bool includeParentContext = false; ///< fills SearchHit::parents
    int contextWindow = 2;             ///< most ancestors per hit, 0-10
    bool explain = false;              ///< fills SearchHit::explain
    bool groupByDocument = false;      ///< one hit for each document, its best passage
    /// 0-1: how much hits shall differ from those before them; 0 = not at all. Their score is then
    /// that of diversified() in hit_selection.h.
    double diversity = 0;
    std::optional<double> minScore = {}; ///< hits with a lower score are left out; nothing = none
    bool facets = false; ///< fills SearchAnswer::facets, which takes a statement more
    /// Whether the search history may have this search; false for one that no user makes.
    bool remember = true;
    /// SearchAnswer::searchId of a search that this one takes the place of in the history, as
    /// typing on does; where something was said about its results, both stay. Empty = none.
    QString replaces = {};

    // Nothing = as Config::Search says.
    std::optional<bool> queryExpansion = {};  ///< also searches for other wordings of the text
    std::optional<int> maxQueryVariants = {}; ///< wordings at most, the text itself counts, 1-8
    std::optional<bool> rerank = {};          ///< looks at the best candidates a second time
    std::optional<int> rerankTopK = {}; ///< candidates that are reranked, 1-200, whatever limit is
    /// Hits of a page when reranking, 1-200; nothing = as the configuration says, as a rule limit.
    std::optional<int> rerankReturnK = {};

    /// Checks every value against the limits of the contract, and that the text can be read. Error:
    /// Validation with the field; of the text also as parseQuery().
    Result<> validate() const;
};

} // namespace llmemory
