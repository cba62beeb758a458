#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/search/fusion.h"
#include "core/search/search_query.h"
#include "core/search/text_query.h"
#include "core/search/typo_correction.h"
#include "core/textindex/bm25.h"

#include <QHash>

namespace llmemory::search {

/// How the text leg judges.
struct TextOptions
{
    textindex::Bm25Parameters bm25 = {};
    /// Whether words that nothing has are looked for as similar ones, see findCorrections().
    bool typoTolerance = true;
};

/// What the configuration says. Pure.
TextOptions textOptions(const Config::Search &config);

/// The text leg's answer.
struct TextMatches
{
    QList<Ranked> ranked; ///< best first
    QString tsquery; ///< what was asked for, to highlight with; empty when the query has no words
    /// What was scored; empty as long as the owner's text index is being built.
    QList<textindex::AskedTerm> terms;
    QList<Correction> corrections; ///< what was looked for in place of unknown words
};

/// The terms of a prefix that count, the most frequent ones.
inline constexpr int kMostPrefixTerms = 64;

/// Passages of the owner that hold words of the query, by BM25 over all passages of the owner (see
/// textindex::Bm25): exactly the best of those that the filter, with what it excludes, and phrases
/// leave. As long as the owner's text index is being built, by ts_rank instead. The query is
/// stemmed in every language that the owner's documents are in. A prefix in PassageFilter::matching
/// counts as the terms that begin so, each for itself, of which passages without other words must
/// hold one. A word that nothing has counts as a similar one with kCorrectedWeight, where the
/// options say so and the index is there. In a transaction of the owner's scope, on a pool thread.
/// @param text  its words may be none where the filter has a prefix.
/// @param most  how many at the most.
Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most,
                               const TextOptions &options = {});

/// Passages of the owner with one of @p terms, best first by BM25; exactly the best of those that
/// the query's filter leaves. Same surroundings. Of an owner whose text index is being built, those
/// that are in it already.
/// @param query  its text does not count.
Result<QList<Ranked>> searchTerms(db::Session &session,
                                  const SearchQuery &query,
                                  const QList<textindex::AskedTerm> &terms,
                                  int most,
                                  const textindex::Bm25Parameters &bm25);

/// The words of a query that passages hold, with what each adds to their BM25 score; rarest first.
/// Same surroundings as searchText().
/// @param terms  TextMatches::terms.
Result<QHash<ChunkId, QList<textindex::TermMatch>>> matchedTerms(
    db::Session &session,
    const OwnerId &owner,
    const QList<textindex::AskedTerm> &terms,
    const QList<ChunkId> &passages,
    const TextOptions &options);

} // namespace llmemory::search
