#include "core/search/hit_selection.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace llmemory::search {

namespace {

double cosine(const embed::Vector &a, const embed::Vector &b)
{
    if (a.empty() || a.size() != b.size())
        return 0;
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A passage that waits to be chosen.
struct Waiting
{
    Fused fused;
    embed::Vector vector;
    double relevance = 0;
    double likeness = 0; ///< highest cosine with what was chosen; 0 before anything was
};

} // namespace

QList<Fused> scoringAtLeast(const QList<Fused> &ranked, double least)
{
    QList<Fused> kept;
    for (const Fused &fused : ranked) {
        if (fused.score >= least)
            kept.append(fused);
    }
    return kept;
}

QList<Fused> bestOfEachDocument(const QList<Fused> &ranked,
                                const QHash<ChunkId, DocumentId> &documents)
{
    QList<Fused> best;
    QHash<DocumentId, qsizetype> places;
    for (const Fused &fused : ranked) {
        const auto document = documents.constFind(fused.chunk);
        if (document == documents.constEnd())
            continue;
        const auto place = places.constFind(*document);
        if (place != places.constEnd()) {
            ++best[*place].others;
            continue;
        }
        places.insert(*document, best.size());
        best.append(fused);
    }
    return best;
}

QList<Fused> diversified(const QList<Fused> &ranked,
                         const QHash<ChunkId, embed::Vector> &vectors,
                         double diversity,
                         int most)
{
    const qsizetype count = std::min<qsizetype>(ranked.size(), std::max(most, 0));
    if (diversity <= 0 || count == 0)
        return ranked;
    const double best = ranked.first().score;
    std::vector<Waiting> waiting;
    for (const Fused &fused : ranked.first(count))
        waiting.push_back({fused, vectors.value(fused.chunk), best > 0 ? fused.score / best : 1.0});

    const auto worth = [diversity](const Waiting &entry) {
        return (1 - diversity) * entry.relevance - diversity * entry.likeness;
    };
    QList<Fused> chosen;
    while (!waiting.empty()) {
        const auto next =
            std::max_element(waiting.begin(), waiting.end(), [&](const auto &a, const auto &b) {
                return worth(a) < worth(b);
            });
        const Waiting taken = std::move(*next);
        waiting.erase(next);
        chosen.append(taken.fused);
        chosen.last().score = worth(taken);
        for (Waiting &entry : waiting)
            entry.likeness = std::max(entry.likeness, cosine(entry.vector, taken.vector));
    }
    const double last = chosen.last().score;
    for (const Fused &fused : ranked.mid(count)) {
        chosen.append(fused);
        chosen.last().score = std::min(fused.score, last);
    }
    return chosen;
}

} // namespace llmemory::search
