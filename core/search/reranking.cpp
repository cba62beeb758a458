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

} // namespace

QList<Fused> reranked(const QList<Fused> &candidates, const std::vector<double> &scores)
{
    if (scores.empty())
        return candidates;
    const double lowest = *std::min_element(scores.begin(), scores.end());
    QList<Fused> list = candidates;
    for (qsizetype i = 0; i < list.size(); ++i) {
        Fused &fused = list[i];
        const bool seen = size_t(i) < scores.size();
        fused.placeBefore = int(i) + 1;
        if (seen)
            fused.rerankScore = scores[size_t(i)];
        fused.score = (seen ? scores[size_t(i)] : lowest) + kPreviousShare * fused.score;
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
            return Outcome{std::move(*scores), m_reranker->id(), {}};
        if (isCancelled())
            return Error::cancelled();
        outcome.note = tr("Reranked by words only: %1").arg(good.error().message);
    }
    auto scores = lexical.score(query, passages);
    if (!scores)
        return scores.error();
    outcome.scores = std::move(*scores);
    outcome.reranker = lexical.id();
    return outcome;
}

} // namespace llmemory::search
