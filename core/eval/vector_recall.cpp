#include "core/eval/vector_recall.h"

#include "core/base/elapsed.h"
#include "core/search/candidates.h"
#include "core/search/vector_search.h"

#include <algorithm>

namespace llmemory::eval {

namespace {

constexpr int kBest = 10;
constexpr double kSame = 1e-6; // rounding of half precision

double shareOf(const QList<search::Ranked> &found, const QList<search::Ranked> &best)
{
    if (best.isEmpty())
        return 1;
    const auto seen = found.first(std::min(found.size(), best.size()));
    const auto good = std::count_if(seen.begin(), seen.end(), [&](const search::Ranked &entry) {
        return entry.score >= best.constLast().score - kSame;
    });
    return double(good) / double(best.size());
}

} // namespace

Result<VectorRecall> measureVectorRecall(db::Session &session,
                                         const SearchQuery &query,
                                         const QList<embed::Vector> &vectors,
                                         HnswProfile profile)
{
    VectorRecall recall;
    QList<double> searchMs;
    QList<double> exactMs;
    double sum = 0;
    QElapsedTimer timer;
    for (const embed::Vector &vector : vectors) {
        if (session.isCancelled())
            return Error::cancelled();
        timer.start();
        const auto found =
            search::searchVectors(session, query, vector, search::kLeastCandidates, profile);
        searchMs += milliseconds(timer);
        if (!found)
            return found.error();
        timer.start();
        const auto best =
            search::searchVectorsExactly(session, query, vector, search::kLeastCandidates);
        exactMs += milliseconds(timer);
        if (!best)
            return best.error();
        const double share = shareOf(*found, best->first(std::min<qsizetype>(kBest, best->size())));
        sum += share;
        recall.worstAt10 = std::min(recall.worstAt10, share);
        recall.shortAnswers += found->size() < best->size() ? 1 : 0;
        ++recall.queries;
    }
    if (recall.queries > 0)
        recall.at10 = sum / recall.queries;
    recall.search = latencyOf(searchMs);
    recall.exact = latencyOf(exactMs);
    return recall;
}

} // namespace llmemory::eval
