#include "core/search/hybrid_search.h"

#include "core/base/elapsed.h"
#include "core/search/document_listing.h"
#include "core/search/text_conditions.h"
#include "core/search/vector_search.h"

namespace llmemory::search {

namespace {

bool hasConditionsOnly(const Wording &wording)
{
    return wording.words.any.isEmpty() && wording.vector.empty();
}

} // namespace

Result<LegAnswer> searchByWords(db::Session &session,
                                const SearchQuery &query,
                                const Wording &wording,
                                const Depth &depth)
{
    QElapsedTimer timer;
    timer.start();
    const auto narrowed = withConditions(session, query, wording.words);
    if (!narrowed)
        return narrowed.error();
    LegAnswer answer;
    if (!hasConditionsOnly(wording) || !narrowed->filter.matching.isEmpty()) {
        auto found = searchText(session, *narrowed, wording.words, depth.candidates, depth.text);
        if (!found)
            return found.error();
        answer.ranked = std::move(found->ranked);
        answer.terms = std::move(found->terms);
        answer.corrections = std::move(found->corrections);
        answer.tsquery = alternatives(found->tsquery, narrowed->filter.matching);
    } else if (narrowed->filter != PassageFilter()) {
        auto found = listDocuments(session, *narrowed, depth.candidates);
        if (!found)
            return found.error();
        answer.ranked = std::move(*found);
    }
    answer.tookMs = milliseconds(timer);
    return answer;
}

Result<LegAnswer> searchByMeaning(db::Session &session,
                                  const SearchQuery &query,
                                  const Wording &wording,
                                  const Depth &depth)
{
    LegAnswer answer;
    if (wording.vector.empty())
        return answer;
    QElapsedTimer timer;
    timer.start();
    const auto narrowed = withConditions(session, query, wording.words);
    if (!narrowed)
        return narrowed.error();
    auto found = searchVectors(
        session, *narrowed, wording.vector, depth.candidates, depth.profile, depth.sizes);
    if (!found)
        return found.error();
    answer.ranked = std::move(*found);
    answer.tsquery = narrowed->filter.matching;
    answer.tookMs = milliseconds(timer);
    return answer;
}

QList<Fused> fusedLegs(const SearchQuery &query,
                       const Wording &wording,
                       const QList<Ranked> &text,
                       const QList<Ranked> &nearest,
                       const Fusion &fusion)
{
    if (query.mode == SearchMode::Text || hasConditionsOnly(wording))
        return fromTextLeg(text);
    if (query.mode == SearchMode::Vector)
        return fromVectorLeg(nearest);
    const double alpha = wording.vector.empty() ? 0.0 : query.alpha;
    return fusion.method == FusionMethod::ReciprocalRank
               ? fuseByReciprocalRank(text, nearest, alpha)
               : fuseByScores(text, nearest, alpha, vectorWeight(alpha, fusion.balance));
}

} // namespace llmemory::search
