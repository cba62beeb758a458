#include "core/eval/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace llmemory::eval {

namespace {

constexpr int kRelevant = 1; // trec_eval's default level

double discounted(int gain, qsizetype rank)
{
    return gain / std::log2(double(rank) + 1);
}

/// DCG of the best ranking of all judged documents.
double idealDcg(const Judgements &judgements, int cutoff)
{
    QList<int> gains;
    for (const int gain : judgements) {
        if (gain > 0)
            gains += gain;
    }
    std::sort(gains.begin(), gains.end(), std::greater<>());
    double sum = 0;
    for (qsizetype i = 0; i < std::min<qsizetype>(cutoff, gains.size()); ++i)
        sum += discounted(gains.at(i), i + 1);
    return sum;
}

qsizetype relevantCount(const Judgements &judgements)
{
    return std::count_if(
        judgements.begin(), judgements.end(), [](int judgement) { return judgement >= kRelevant; });
}

} // namespace

bool hasRelevant(const Judgements &judgements)
{
    return relevantCount(judgements) > 0;
}

double ndcg(const QStringList &ranking, const Judgements &judgements, int cutoff)
{
    const double ideal = idealDcg(judgements, cutoff);
    if (ideal <= 0)
        return 0;
    double sum = 0;
    for (qsizetype i = 0; i < std::min<qsizetype>(cutoff, ranking.size()); ++i)
        sum += discounted(std::max(0, judgements.value(ranking.at(i))), i + 1);
    return sum / ideal;
}

double recall(const QStringList &ranking, const Judgements &judgements, int cutoff)
{
    const qsizetype relevant = relevantCount(judgements);
    if (relevant == 0)
        return 0;
    qsizetype found = 0;
    for (const QString &document : ranking.first(std::min<qsizetype>(cutoff, ranking.size())))
        found += judgements.value(document) >= kRelevant ? 1 : 0;
    return double(found) / double(relevant);
}

double reciprocalRank(const QStringList &ranking, const Judgements &judgements, int cutoff)
{
    for (qsizetype i = 0; i < std::min<qsizetype>(cutoff, ranking.size()); ++i) {
        if (judgements.value(ranking.at(i)) >= kRelevant)
            return 1.0 / double(i + 1);
    }
    return 0;
}

Scores scoresOf(const QStringList &ranking, const Judgements &judgements)
{
    return {.ndcgAt10 = ndcg(ranking, judgements, 10),
            .recallAt100 = recall(ranking, judgements, 100),
            .mrrAt10 = reciprocalRank(ranking, judgements, 10)};
}

Scores meanOf(const QList<Scores> &scores)
{
    Scores mean;
    for (const Scores &one : scores) {
        mean.ndcgAt10 += one.ndcgAt10;
        mean.recallAt100 += one.recallAt100;
        mean.mrrAt10 += one.mrrAt10;
    }
    const double count = double(std::max<qsizetype>(1, scores.size()));
    return {mean.ndcgAt10 / count, mean.recallAt100 / count, mean.mrrAt10 / count};
}

} // namespace llmemory::eval
