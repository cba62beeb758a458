#pragma once

#include "core/base/ids.h"

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
    std::optional<double> rrf = {};         ///< what the last fusion gave; nothing without one
    QList<int> variantPlaces = {};          ///< rank in each wording's list, from 1; 0 = not in it
    std::optional<double> rerankScore = {}; ///< the reranker's, where it looked
    std::optional<int> placeBefore = {};    ///< rank before reranking, from 1
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

/// Merges the lists of several wordings: the sum of weight / (50 + rank), ranks from 1. What a
/// passage got from the legs is that of the first wording that found it. Order, ties and what is
/// left out as above. Pure; any thread.
QList<Fused> fuseVariants(const QList<VariantList> &variants);

/// One leg alone in the same form, ordered by its own score.
QList<Fused> fromTextLeg(const QList<Ranked> &text);
QList<Fused> fromVectorLeg(const QList<Ranked> &vector);

} // namespace llmemory::search
