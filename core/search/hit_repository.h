#pragma once

#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/search/fusion.h"
#include "core/search/search_hit.h"
#include "core/search/text_query.h"
#include "core/search/text_search.h"

#include <QHash>

namespace llmemory::search {

/// How the passages of a page were found, to tell about them.
struct PageOrigin
{
    TextQuery words; ///< of the query itself, for the highlights
    QString tsquery; ///< as TextMatches::tsquery, for the highlights; empty = none from it
    QList<textindex::AskedTerm> terms = {}; ///< as TextMatches::terms
    QList<Correction> corrections = {};     ///< as TextMatches::corrections
    QStringList variants = {}; ///< the wordings that were searched for; empty = the query alone
    QString reranker = {};     ///< id of what reranked; empty = not reranked
    Fusion fusion = {};        ///< of the legs
    TextOptions text = {};     ///< of the text leg
};

/// Reads what is shown of the fused passages, one statement for all, in their order; with the
/// ancestors where the query asks for them. Passages deleted meanwhile are left out, and leave a
/// gap in the ranks. In a transaction of the owner's scope, on a pool thread.
/// @param firstRank  rank of the first passage, from 1.
Result<QList<SearchHit>> loadHits(db::Session &session,
                                  const SearchQuery &query,
                                  const QList<Fused> &fused,
                                  const PageOrigin &origin,
                                  int firstRank);

/// The texts of the first @p most passages, for reranking; those deleted meanwhile are left out.
/// Same surroundings as loadHits().
Result<QHash<ChunkId, QString>> loadTexts(db::Session &session,
                                          const OwnerId &owner,
                                          const QList<Fused> &fused,
                                          int most);

/// The documents that the passages are of; those deleted meanwhile are left out. Same surroundings.
Result<QHash<ChunkId, DocumentId>> documentsOfPassages(db::Session &session,
                                                       const OwnerId &owner,
                                                       const QList<Fused> &fused);

/// The vectors of the first @p most passages; those not embedded yet are left out. Same
/// surroundings.
Result<QHash<ChunkId, embed::Vector>> loadVectors(db::Session &session,
                                                  const OwnerId &owner,
                                                  const QList<Fused> &fused,
                                                  int most);

} // namespace llmemory::search
