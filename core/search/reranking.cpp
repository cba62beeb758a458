#include "core/search/reranking.h"

#include "core/search/lexical_reranker.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace llmemory::search {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

Error failure(const QString &message)
{
    return {.kind = ErrorKind::Unavailable, .message = message};
}

Result<> check(const std::vector<double> &scores, qsizetype passages)
{
    if (qsizetype(scores.size()) != passages)
        return failure(
            tr("The reranker gave %1 scores for %2 passages.").arg(scores.size()).arg(passages));
    if (!std::all_of(scores.begin(), scores.end(), [](double s) { return std::isfinite(s); }))
        return failure(tr("The reranker gave a score that is not a number."));
    return {};
}

/// 0 for the least, 1 for the greatest; 0 where all are equal.
std::vector<double> normalised(std::vector<double> scores)
{
    const auto [least, greatest] = std::minmax_element(scores.begin(), scores.end());
    const double from = *least;
    const double range = *greatest - from;
    for (double &score : scores)
        score = range > 0 ? (score - from) / range : 0;
    return scores;
}

/// @param scores  not empty
std::vector<double> blended(const QList<Fused> &candidates,
                            const std::vector<double> &scores,
                            double share)
{
    std::vector<double> previous;
    for (size_t i = 0; i < scores.size(); ++i)
        previous.push_back(candidates.at(qsizetype(i)).score);
    previous = normalised(std::move(previous));
    std::vector<double> values = normalised(scores);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = share * values[i] + (1 - share) * previous[i];
    return values;
}

} // namespace

QList<Fused> reranked(const QList<Fused> &candidates,
                      const std::vector<double> &scores,
                      double share)
{
    if (scores.empty())
        return candidates;
    const std::vector<double> values = share < 1 ? blended(candidates, scores, share) : scores;
    const double lowest = *std::min_element(values.begin(), values.end());
    QList<Fused> list = candidates;
    for (qsizetype i = 0; i < list.size(); ++i) {
        Fused &fused = list[i];
        const bool seen = size_t(i) < scores.size();
        fused.placeBefore = int(i) + 1;
        if (seen)
            fused.rerankScore = scores[size_t(i)];
        fused.score = (seen ? values[size_t(i)] : lowest) + kPreviousShare * fused.score;
    }
    std::stable_sort(list.begin(), list.begin() + qsizetype(scores.size()), [](auto &a, auto &b) {
        return a.score > b.score;
    });
    return list;
}

RerankRunner::RerankRunner(std::shared_ptr<const Reranker> reranker,
                           std::chrono::milliseconds timeLimit)
    : m_reranker(std::move(reranker)), m_calls(timeLimit)
{
}

Result<RerankRunner::Outcome> RerankRunner::run(const QString &query,
                                                const QList<QString> &passages,
                                                const std::function<bool()> &isCancelled)
{
    const LexicalReranker lexical;
    Outcome outcome;
    if (m_reranker) {
        auto scores = m_calls.run<std::vector<double>>(
            [reranker = m_reranker, query, passages] { return reranker->score(query, passages); },
            isCancelled,
            tr("The reranker did not answer in time."));
        Result<> good = scores ? check(*scores, passages.size()) : Result<>(scores.error());
        if (good)
            return Outcome{.scores = std::move(*scores), .reranker = m_reranker->id(), .note = {}};
        if (isCancelled())
            return Error::cancelled();
        outcome.note = tr("Reranked by words only: %1").arg(good.error().message);
    }
    auto scores = lexical.score(query, passages);
    if (!scores)
        return scores.error();
    outcome.scores = std::move(*scores);
    outcome.reranker = lexical.id();
    outcome.isLexical = true;
    return outcome;
}

} // namespace llmemory::search
