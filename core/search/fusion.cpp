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

bool lower(const Ranked &a, const Ranked &b)
{
    return a.score < b.score;
}

double bestOf(const QList<Ranked> &leg)
{
    return std::max_element(leg.begin(), leg.end(), lower)->score;
}

double lowestOf(const QList<Ranked> &leg)
{
    return std::min_element(leg.begin(), leg.end(), lower)->score;
}

/// Where the score lies between both, 0-1; 1 when they are the same.
double part(double score, double lowest, double best)
{
    return best > lowest ? (score - lowest) / (best - lowest) : 1.0;
}

/// Passages by what reciprocal rank fusion has given them so far.
class ReciprocalRanks
{
public:
    explicit ReciprocalRanks(int constant) : m_constant(constant) {}

    /// Credits a passage with its place (from 1) in a list; @p from counts where it is new.
    Fused &add(const Fused &from, int place, double weight)
    {
        const auto known = m_byChunk.find(from.chunk);
        Fused &fused = known == m_byChunk.end() ? *m_byChunk.insert(from.chunk, from) : *known;
        fused.rrf = (known == m_byChunk.end() ? 0.0 : *fused.rrf) + weight / (m_constant + place);
        fused.score = *fused.rrf;
        return fused;
    }

    QList<Fused> sorted() const
    {
        QList<Fused> list;
        for (const Fused &fused : m_byChunk) {
            if (fused.score > 0)
                list.append(fused);
        }
        std::sort(list.begin(), list.end(), better);
        return list;
    }

private:
    int m_constant;
    QHash<ChunkId, Fused> m_byChunk;
};

} // namespace

QList<Fused> fuseByReciprocalRank(const QList<Ranked> &text,
                                  const QList<Ranked> &vector,
                                  double alpha)
{
    ReciprocalRanks ranks(kRrfConstant);
    for (int i = 0; i < int(vector.size()); ++i) {
        Fused &fused = ranks.add({.chunk = vector.at(i).chunk}, i + 1, alpha);
        fused.similarity = vector.at(i).score;
        fused.vectorPlace = i + 1;
    }
    for (int i = 0; i < int(text.size()); ++i) {
        Fused &fused = ranks.add({.chunk = text.at(i).chunk}, i + 1, 1.0 - alpha);
        fused.textRank = text.at(i).score;
        fused.textPlace = i + 1;
    }
    return ranks.sorted();
}

double vectorWeight(double alpha, double balance)
{
    const double vector = alpha * balance;
    const double text = (1.0 - alpha) * (1.0 - balance);
    return vector / (vector + text);
}

QList<Fused> fuseByScores(const QList<Ranked> &text,
                          const QList<Ranked> &vector,
                          double alpha,
                          double weight)
{
    const double bestText = text.isEmpty() ? 0.0 : bestOf(text);
    const double best = vector.isEmpty() ? 0.0 : bestOf(vector);
    const double lowest = vector.isEmpty() ? 0.0 : lowestOf(vector);
    QList<Fused> fused = fuseByReciprocalRank(text, vector, alpha);
    for (Fused &passage : fused) {
        if (passage.textRank)
            passage.textShare = (1.0 - weight) * part(*passage.textRank, 0.0, bestText);
        if (passage.similarity)
            passage.vectorShare = weight * part(*passage.similarity, lowest, best);
        passage.score = passage.textShare.value_or(0.0) + passage.vectorShare.value_or(0.0);
    }
    std::sort(fused.begin(), fused.end(), better);
    return fused;
}

QList<Fused> fuseVariants(const QList<VariantList> &variants)
{
    ReciprocalRanks ranks(kVariantRrfConstant);
    for (int v = 0; v < int(variants.size()); ++v) {
        const VariantList &variant = variants.at(v);
        for (int i = 0; i < int(variant.found.size()); ++i) {
            Fused &fused = ranks.add(variant.found.at(i), i + 1, variant.weight);
            fused.variantPlaces.resize(variants.size());
            fused.variantPlaces[v] = i + 1;
        }
    }
    return ranks.sorted();
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
