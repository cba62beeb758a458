#pragma once

#include "core/search/fusion.h"
#include "core/search/reranker.h"
#include "core/search/time_limited_calls.h"

#include <chrono>
#include <functional>
#include <memory>

namespace llmemory::search {

/// How much of its old score a reranked passage keeps, so that equal rerank scores leave the order
/// as it was; as in the reference.
inline constexpr double kPreviousShare = 0.001;

/// Puts the best candidates into the order of their rerank scores: score = rerank score + 0.001 *
/// previous score. With a share below 1 both scores are brought to 0-1 (least to greatest of the
/// candidates seen), and share * rerank score + (1 - share) * previous score stands in the place of
/// the rerank score. Candidates behind them, which the reranker did not see, keep their order
/// behind all others, scored as if each had got the lowest rerank score given. Ties keep their
/// order. Pure; any thread.
/// @param candidates  best first.
/// @param scores  of the first candidates; not more than there are.
/// @param share  of the rerank score, 0-1
QList<Fused> reranked(const QList<Fused> &candidates,
                      const std::vector<double> &scores,
                      double share = 1);

/// Asks a reranker for scores without depending on it: one that fails, answers something else than
/// one finite score a passage, or takes too long is replaced by the lexical one for this time.
/// Any thread, many at once.
class RerankRunner final
{
public:
    struct Outcome
    {
        std::vector<double> scores;
        QString reranker; ///< id of the one that gave them
        bool isLexical = false;
        QString note; ///< why it is not the one wanted; empty when it is
    };

    /// @param reranker  null = the lexical one.
    /// @param timeLimit  for one answer, see TimeLimitedCalls.
    RerankRunner(std::shared_ptr<const Reranker> reranker, std::chrono::milliseconds timeLimit);
    Q_DISABLE_COPY_MOVE(RerankRunner)

    /// Blocks, at most for the time limit. Error: Cancelled.
    Result<Outcome> run(const QString &query,
                        const QList<QString> &passages,
                        const std::function<bool()> &isCancelled);

private:
    const std::shared_ptr<const Reranker> m_reranker;
    TimeLimitedCalls m_calls;
};

} // namespace llmemory::search
