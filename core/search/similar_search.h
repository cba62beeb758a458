#pragma once

#include "core/base/ids.h"
#include "core/config.h"
#include "core/db/session.h"
#include "core/search/search_hit.h"
#include "core/textindex/bm25.h"

namespace llmemory::search {

/// How what is similar is looked for.
struct SimilarOptions
{
    int limit = 10; ///< hits, 1-200
    HnswProfile profile = HnswProfile::Balanced;
    bool isSameDocument = false; ///< of passages: whether those of their own document count, too
    textindex::Bm25Parameters bm25 = {};
};

/// So many words of a passage or document without vectors stand for it.
inline constexpr int kSimilarTerms = 12;

// What is near a passage or document in meaning: by the cosine of their vectors, the passages
// nearest to it in the owner's vectors, see searchVectors(). Where it has no vector yet, by BM25
// with its kSimilarTerms words of the highest tf * idf (of a document, of its first passages), and
// the answer's note says so; its mode is then Text. Its query has no text. In one transaction of
// the owner's scope, on a pool thread.
// Error: NotFound, for an id of another owner as well; Database, Cancelled.

/// Passages like this one, itself left out. A parent stands for its passages: their mean.
Result<SearchAnswer> similarPassages(db::Session &session,
                                     const OwnerId &owner,
                                     const ChunkId &chunk,
                                     const SimilarOptions &options);

/// Documents like this one, itself left out: each by its passage that is nearest to the mean of
/// this one's vectors, as with SearchQuery::groupByDocument.
Result<SearchAnswer> similarDocuments(db::Session &session,
                                      const OwnerId &owner,
                                      const DocumentId &document,
                                      const SimilarOptions &options);

} // namespace llmemory::search
