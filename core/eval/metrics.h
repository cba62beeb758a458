#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace llmemory::eval {

// How good a ranking is, with the definitions of NIST's trec_eval. Rankings hold the ids of
// documents, best first, each once. All pure; any thread.

/// What people said about documents for one query, by document id: above 0 relevant, the larger the
/// better; 0 and below not relevant. Documents that are not in it count as not relevant.
using Judgements = QHash<QString, int>;

/// Whether a query says anything about a ranking at all.
bool hasRelevant(const Judgements &judgements);

/// nDCG at @p cutoff (trec_eval's ndcg_cut): the sum of gain / log2(rank + 1), rank from 1, divided
/// by that of the best possible ranking, cut in the same place; the gain is the judgement itself
/// (Järvelin, Kekäläinen, ACM TOIS 20(4), 2002, with trec_eval's linear gain).
/// @param cutoff  ranks that count, > 0.
/// @return 0 to 1; 0 without a relevant document.
double ndcg(const QStringList &ranking, const Judgements &judgements, int cutoff);

/// Share of the relevant documents that the first @p cutoff ranks hold (trec_eval's recall).
/// @return 0 to 1; 0 without a relevant document.
double recall(const QStringList &ranking, const Judgements &judgements, int cutoff);

/// 1 / rank of the first relevant document among the first @p cutoff; 0 when there is none
/// (trec_eval's recip_rank on a ranking of that length).
double reciprocalRank(const QStringList &ranking, const Judgements &judgements, int cutoff);

/// The means that a report gives.
struct Scores
{
    double ndcgAt10 = 0;
    double recallAt100 = 0;
    double mrrAt10 = 0;
};

/// All three of one ranking.
Scores scoresOf(const QStringList &ranking, const Judgements &judgements);
/// Mean of each; zeros of an empty list.
Scores meanOf(const QList<Scores> &scores);

} // namespace llmemory::eval
