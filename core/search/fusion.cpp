#include "core/search/fusion.h"

#include <QHash>

#include <algorithm>
#include <limits>

namespace llmemory::search {

namespace {

int placeOrLast(const std::optional<int> &place)
{
    return place.value_or(std::numeric_limits<int>::max());
}

bool better(const Fused &a, const Fused &b)
{
    if (a.score != b.score)
        return a.score > b.score;
    if (placeOrLast(a.textPlace) != placeOrLast(b.textPlace))
        return placeOrLast(a.textPlace) < placeOrLast(b.textPlace);
    return a.chunk < b.chunk;
}

} // namespace

QList<Fused> fuseByReciprocalRank(const QList<Ranked> &text,
                                  const QList<Ranked> &vector,
                                  double alpha)
{
    QHash<ChunkId, Fused> byChunk;
    const auto entry = [&](const ChunkId &chunk) -> Fused & {
        Fused &fused = byChunk[chunk];
        fused.chunk = chunk;
        return fused;
    };
    for (int i = 0; i < int(vector.size()); ++i) {
        Fused &fused = entry(vector.at(i).chunk);
        fused.similarity = vector.at(i).score;
        fused.vectorPlace = i + 1;
        fused.score += alpha / (kRrfConstant + i + 1);
    }
    for (int i = 0; i < int(text.size()); ++i) {
        Fused &fused = entry(text.at(i).chunk);
        fused.textRank = text.at(i).score;
        fused.textPlace = i + 1;
        fused.score += (1.0 - alpha) / (kRrfConstant + i + 1);
    }
    QList<Fused> list;
    for (const Fused &fused : std::as_const(byChunk)) {
        if (fused.score > 0)
            list.append(fused);
    }
    std::sort(list.begin(), list.end(), better);
    return list;
}

QList<Fused> fromTextLeg(const QList<Ranked> &text)
{
    QList<Fused> list;
    for (int i = 0; i < int(text.size()); ++i) {
        Fused fused{.chunk = text.at(i).chunk, .score = text.at(i).score};
        fused.textRank = fused.score;
        fused.textPlace = i + 1;
        list.append(fused);
    }
    return list;
}

QList<Fused> fromVectorLeg(const QList<Ranked> &vector)
{
    QList<Fused> list;
    for (int i = 0; i < int(vector.size()); ++i) {
        Fused fused{.chunk = vector.at(i).chunk, .score = vector.at(i).score};
        fused.similarity = fused.score;
        fused.vectorPlace = i + 1;
        list.append(fused);
    }
    return list;
}

} // namespace llmemory::search
