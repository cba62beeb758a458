#pragma once

#include "core/search/reranker.h"

namespace llmemory::search {

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
