#include "core/search/hybrid_search.h"

#include "core/db/transaction.h"
#include "core/search/hit_repository.h"
#include "core/search/text_search.h"
#include "core/search/vector_search.h"

#include <QElapsedTimer>
#include <QUuid>

namespace llmemory::search {

namespace {

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

QList<Fused> fuse(SearchMode mode,
                  const QList<Ranked> &text,
                  const QList<Ranked> &nearest,
                  double alpha,
                  const Fusion &fusion)
{
    switch (mode) {
    case SearchMode::Text:
        return fromTextLeg(text);
    case SearchMode::Vector:
        return fromVectorLeg(nearest);
    case SearchMode::Hybrid:
        break;
    }
    return fusion.method == FusionMethod::ReciprocalRank
               ? fuseByReciprocalRank(text, nearest, alpha)
               : fuseByScores(text, nearest, alpha, vectorWeight(alpha, fusion.balance));
}

} // namespace

Result<Candidates> findCandidates(db::Session &session,
                                  const SearchQuery &query,
                                  const Wording &wording,
                                  const Depth &depth,
                                  const Fusion &fusion)
{
    Candidates candidates;
    QElapsedTimer timer;
    timer.start();
    TextMatches text;
    if (query.mode != SearchMode::Vector || !wording.words.none.isEmpty()) {
        auto found = searchText(session, query, wording.words, depth.candidates);
        if (!found)
            return found.error();
        text = std::move(*found);
    }
    candidates.tsquery = text.tsquery;
    candidates.tookMs.text = milliseconds(timer);
    if (session.isCancelled())
        return Error::cancelled();

    timer.restart();
    QList<Ranked> nearest;
    if (!wording.vector.empty()) {
        auto found =
            searchVectors(session, query, wording.vector, depth.candidates, depth.efSearch);
        if (!found)
            return found.error();
        auto kept = withoutUnwanted(session, query.owner, text.unwanted, *found);
        if (!kept)
            return kept.error();
        nearest = std::move(*kept);
    }
    candidates.tookMs.vector = milliseconds(timer);

    timer.restart();
    candidates.fused =
        fuse(query.mode, text.ranked, nearest, wording.vector.empty() ? 0.0 : query.alpha, fusion);
    candidates.tookMs.fusion = milliseconds(timer);
    return candidates;
}

} // namespace llmemory::search
