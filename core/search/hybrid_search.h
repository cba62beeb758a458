#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/fusion.h"
#include "core/search/owner_size_cache.h"
#include "core/search/search_query.h"
#include "core/search/text_query.h"
#include "core/search/text_search.h"

namespace llmemory::search {

/// One wording of a query, ready for the database.
struct Wording
{
    TextQuery words;      ///< for the text leg
    embed::Vector vector; ///< for the vector leg; empty = without it
};

/// How much the legs look at, and how.
struct Depth
{
    int candidates = 100; ///< of each leg, at most
    HnswProfile profile = HnswProfile::Balanced;
    TextOptions text = {};
    OwnerSizeCache *sizes = nullptr; ///< see searchVectors()
};

/// What one leg found.
struct LegAnswer
{
    QList<Ranked> ranked; ///< best first; ties by id
    QString tsquery;      ///< to highlight with: what was asked for; empty when it was no words
    QList<textindex::AskedTerm> terms; ///< as TextMatches::terms
    QList<Correction> corrections;     ///< as TextMatches::corrections
    double tookMs = 0;
};

// The two halves of every search. Each sees to the query's filter, its signs and exclusions by
// itself, so that they can run at the same time on two connections. In a transaction of the owner's
// scope, on a pool thread. Error: Database, Unavailable.

/// The text leg. A query without words and prefixes, which has fields or exclusions only, is
/// answered by what they keep, all with the same score; one without them, too, by nothing.
Result<LegAnswer> searchByWords(db::Session &session,
                                const SearchQuery &query,
                                const Wording &wording,
                                const Depth &depth);
/// The vector leg; nothing where the wording has no vector.
Result<LegAnswer> searchByMeaning(db::Session &session,
                                  const SearchQuery &query,
                                  const Wording &wording,
                                  const Depth &depth);

/// One list of what the legs found. A mode with one leg keeps that leg's scores; without a vector
/// the text leg of a hybrid search counts whole, whatever alpha says. Pure.
/// @param wording  that both looked for.
QList<Fused> fusedLegs(const SearchQuery &query,
                       const Wording &wording,
                       const QList<Ranked> &text,
                       const QList<Ranked> &nearest,
                       const Fusion &fusion);

} // namespace llmemory::search
