#pragma once

#include "core/db/session.h"
#include "core/search/fusion.h"
#include "core/search/search_query.h"
#include "core/search/text_query.h"
#include "core/textindex/bm25.h"

#include <QHash>

namespace llmemory::search {

/// The text leg's answer.
struct TextMatches
{
    QList<Ranked> ranked; ///< best first
    QString tsquery; ///< what was asked for, to highlight with; empty when the query has no words
};

/// Passages of the owner that hold words of the query, by BM25 over all passages of the owner (see
/// textindex::Bm25): exactly the best of those that the filter, with what it excludes, and phrases
/// leave. As long as the owner's text index is being built, by ts_rank instead. The query is
/// stemmed in every language that the owner's documents are in. In a transaction of the owner's
/// scope, on a pool thread.
/// @param most  how many at the most.
Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most);

/// The words of a query that passages hold, with what each adds to their BM25 score; rarest first.
/// Nothing as long as the owner's text index is being built. Same surroundings as searchText().
/// @param tsquery  TextMatches::tsquery.
Result<QHash<ChunkId, QList<textindex::TermMatch>>> matchedTerms(db::Session &session,
                                                                 const OwnerId &owner,
                                                                 const QString &tsquery,
                                                                 const QList<ChunkId> &passages);

} // namespace llmemory::search
