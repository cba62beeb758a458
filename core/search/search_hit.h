#pragma once

#include "core/documents/document.h"
#include "core/search/facets.h"
#include "core/search/search_query.h"

#include <QList>
#include <QPair>
#include <QString>

#include <optional>

namespace llmemory {

/// One found passage.
struct SearchHit
{
    int rank = 0; ///< from 1, offset included
    ChunkId chunk;
    DocumentId document;
    QString idAtOrigin;
    QString documentName;
    DocumentType documentType = DocumentType::Unknown;
    QString content;
    /// Matched words in content: [start, end) in Unicode code points (so that they hold in every
    /// language's strings); ascending, disjoint.
    QList<QPair<int, int>> highlights;
    Locator locator;
    double score = 0; ///< what the list is ordered by, best first
    std::optional<double>
        similarity; ///< cosine, -1 to 1; nothing where the vector leg did not see it
    std::optional<double> textRank;    ///< score of the text leg; nothing where it did not see it
    std::optional<double> rrfScore;    ///< fusion score of legs or wordings; nothing without fusion
    std::optional<double> rerankScore; ///< the reranker's own; nothing where it did not look
    /// Further passages of the document that were found; nothing unless hits are grouped.
    std::optional<int> morePassages;
    QString summary; ///< the first words of content; empty unless Config::Chunking::summaries
    Json documentMetadata = Json::object();
    QList<Chunk> parents;          ///< nearest first; empty unless asked for
    Json explain = Json::object(); ///< empty unless asked for
};

/// Milliseconds spent in each step. Of a query with several wordings, which run at once: embedding
/// is the sum, text and vector are those of the slowest.
struct SearchTimings
{
    double total = 0;
    double embedding = 0;
    double text = 0;
    double vector = 0;
    double fusion = 0; ///< with reading what is shown
    double rerank = 0;
};

struct SearchAnswer
{
    QString searchId; ///< fresh UUID
    SearchQuery query;
    SearchTimings tookMs;
    QList<SearchHit> hits;
    std::optional<Facets> facets = {}; ///< nothing unless asked for
    /// The query with other words in place of those that nothing has, as it was answered; empty
    /// when there are none.
    QString didYouMean = {};
    QString note; ///< why a leg or the reranker is missing; empty when all is as asked
};

/// Hits together with the documents that they are in.
struct DocumentSearchAnswer
{
    SearchAnswer answer;
    QList<Document> documents; ///< each once, in the order of their best hit
};

/// `took_ms` of an answer.
Json toJson(const SearchTimings &took);
/// The answer of `POST /v1/search`, word for word; also what `search --json` prints.
Json toJson(const SearchAnswer &answer);

} // namespace llmemory
