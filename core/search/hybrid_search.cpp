#include "core/search/hybrid_search.h"

#include "core/db/transaction.h"
#include "core/search/condition_search.h"
#include "core/search/hit_repository.h"
#include "core/search/text_conditions.h"
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

/// Of both what is not empty, as alternatives.
QString joined(const QString &a, const QString &b)
{
    if (a.isEmpty() || b.isEmpty())
        return a.isEmpty() ? b : a;
    return QStringLiteral("(%1) | (%2)").arg(a, b);
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
    auto conditions = textConditions(session, query.owner, wording.words);
    if (!conditions)
        return conditions.error();
    SearchQuery filtered = query;
    filtered.filter.matching = std::move(conditions->matching);
    filtered.filter.notMatching = std::move(conditions->notMatching);

    if (wording.words.any.isEmpty() && wording.vector.empty()) {
        if (filtered.filter == PassageFilter())
            return candidates; // signs only
        auto found = searchByConditions(session, filtered, depth.candidates);
        if (!found)
            return found.error();
        candidates.tsquery = filtered.filter.matching;
        candidates.fused = fromTextLeg(*found);
        candidates.tookMs.text = milliseconds(timer);
        return candidates;
    }

    TextMatches text;
    if (query.mode != SearchMode::Vector) {
        auto found = searchText(session, filtered, wording.words, depth.candidates);
        if (!found)
            return found.error();
        text = std::move(*found);
    }
    candidates.tsquery = joined(text.tsquery, filtered.filter.matching);
    candidates.tookMs.text = milliseconds(timer);
    if (session.isCancelled())
        return Error::cancelled();

    timer.restart();
    QList<Ranked> nearest;
    if (!wording.vector.empty()) {
        auto found =
            searchVectors(session, filtered, wording.vector, depth.candidates, depth.efSearch);
        if (!found)
            return found.error();
        nearest = std::move(*found);
    }
    candidates.tookMs.vector = milliseconds(timer);

    timer.restart();
    candidates.fused =
        fuse(query.mode, text.ranked, nearest, wording.vector.empty() ? 0.0 : query.alpha, fusion);
    candidates.tookMs.fusion = milliseconds(timer);
    return candidates;
}

} // namespace llmemory::search
