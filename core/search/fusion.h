#pragma once

#include "core/base/ids.h"
#include "core/search/fusion_method.h"

#include <QList>

#include <optional>

namespace llmemory::search {

/// A passage with the score its leg gave it.
struct Ranked
{
    ChunkId chunk;
    double score = 0;
};

/// A passage after fusion.
struct Fused
{
    ChunkId chunk;
    double score = 0;                       ///< what the list is ordered by
    std::optional<double> textRank = {};    ///< score of the text leg, where it saw the passage
    std::optional<double> similarity = {};  ///< cosine, where the vector leg saw it
    std::optional<int> textPlace = {};      ///< rank in the text leg, from 1
    std::optional<int> vectorPlace = {};    ///< rank in the vector leg, from 1
    std::optional<double> textShare = {};   ///< what the text leg adds to a weighted score
    std::optional<double> vectorShare = {}; ///< the same of the vector leg
    std::optional<double> rrf = {};         ///< by reciprocal rank; nothing without fusion
    QList<int> variantPlaces = {};          ///< rank in each wording's list, from 1; 0 = not in it
    std::optional<double> rerankScore = {}; ///< the reranker's, where it looked
    std::optional<int> placeBefore = {};    ///< rank before reranking, from 1
    int others = 0; ///< further passages of its document that were found, where it stands for them
};

/// How the legs are merged.
struct Fusion
{
    FusionMethod method = FusionMethod::Weighted;
    double balance = 0.5; ///< Embedder::hybridBalance()
};

/// What one wording of a query found.
struct VariantList
{
    QList<Fused> found; ///< best first
    double weight = 1;
};

/// Cormack, Clarke, Büttcher: "Reciprocal rank fusion outperforms Condorcet and individual rank
/// learning methods", SIGIR 2009.
inline constexpr int kRrfConstant = 60;
/// The same for wordings of a query, as in the reference.
inline constexpr int kVariantRrfConstant = 50;

/// Merges both legs by reciprocal rank: alpha / (60 + rank in vector) + (1 - alpha) / (60 + rank in
/// text), ranks from 1, as the reference does.
/// @param alpha  0 text only … 1 vector only.
/// @return best first; ties by better place in the text leg, then by id, so that equal input gives
///         equal output. Passages whose score is 0 (a leg with weight 0) are left out. Pure; any
///         thread.
QList<Fused> fuseByReciprocalRank(const QList<Ranked> &text,
                                  const QList<Ranked> &vector,
                                  double alpha);

/// How much the vector leg weighs beside the text leg: @p alpha moved so that its middle, 0.5, is
/// the model's balance while 0 and 1 stay what they are: odds alpha/(1-alpha) times balance's odds.
/// @param alpha  0 text only … 1 vector only. @param balance  Embedder::hybridBalance(), above 0
/// and below 1. Pure.
double vectorWeight(double alpha, double balance);

/// Merges both legs by their scores: (1 - weight) * text / best text + weight * (similarity -
/// lowest) / (best - lowest). Text scores have a natural 0; similarities do not, so the lowest of
/// the list stands for it. A leg whose scores are all alike, or that has one hit, gives 1; the
/// other leg's passages get nothing from it. Fused::rrf is set as well. The form is the best of
/// those measured on two collections with two models (min-max of both, z-scores and raw cosines
/// were within 0.01; reciprocal ranks 0.01 to 0.03 below).
/// @param alpha  for Fused::rrf. @param weight  of the vector leg, 0-1: vectorWeight().
/// @return in the order and with the ties of fuseByReciprocalRank(); what only a leg of weight 0
///         found is left out. Pure; any thread.
QList<Fused> fuseByScores(const QList<Ranked> &text,
                          const QList<Ranked> &vector,
                          double alpha,
                          double weight);

/// Merges the lists of several wordings: the sum of weight / (50 + rank), ranks from 1. What a
/// passage got from the legs is that of the first wording that found it. Order, ties and what is
/// left out as above. Pure; any thread.
QList<Fused> fuseVariants(const QList<VariantList> &variants);

/// One leg alone in the same form, ordered by its own score.
QList<Fused> fromTextLeg(const QList<Ranked> &text);
QList<Fused> fromVectorLeg(const QList<Ranked> &vector);

} // namespace llmemory::search
