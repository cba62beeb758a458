#pragma once

#include "core/search/reranker.h"

namespace llmemory::search {

/// Share of this reranker's score in the final one. It knows less of words than BM25 does: alone it
/// takes hybrid nDCG@10 of Cranfield and CISI from 0.386 and 0.431 to 0.282 and 0.275; with this
/// share it is 0.387 and 0.430.
inline constexpr double kLexicalShare = 0.1;
/// The same where the candidates were found by meaning alone: 0.344 and 0.376, without reranking
/// 0.322 and 0.373.
inline constexpr double kLexicalShareOfMeaning = 0.3;

/// Scores passages by the words they share with the query, in any script, without a model:
/// share of the query's different words that the passage holds / (1 + ln(1 + words of the passage)
/// / 20). So more of the words win before shortness does. English stop words do not count unless
/// the query has no others; words that the query excludes do not count; nothing but the passage's
/// own text is looked at. 0 to 1. Without state: any thread. Never fails.
class LexicalReranker final : public Reranker
{
public:
    /// "lexical"
    QString id() const override;
    Result<std::vector<double>> score(const QString &query,
                                      const QList<QString> &passages) const override;
};

} // namespace llmemory::search
