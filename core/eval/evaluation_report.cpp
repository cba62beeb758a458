#include "core/eval/evaluation_report.h"

#include <QSet>

namespace llmemory::eval {

namespace {

constexpr int kScoreDigits = 4; // as trec_eval prints them
constexpr int kRateDigits = 1;

} // namespace

QStringList rankedDocuments(const QList<SearchHit> &hits)
{
    QStringList documents;
    QSet<QString> seen;
    for (const SearchHit &hit : hits) {
        if (seen.contains(hit.idAtOrigin))
            continue;
        seen.insert(hit.idAtOrigin);
        documents += hit.idAtOrigin;
    }
    return documents;
}

Json toJson(const EvaluationReport &report)
{
    Json modes = Json::object();
    for (const ModeFigures &mode : report.modes) {
        modes[toString(mode.mode).toStdString()] = {
            {"ndcg_at_10", rounded(mode.scores.ndcgAt10, kScoreDigits)},
            {"recall_at_100", rounded(mode.scores.recallAt100, kScoreDigits)},
            {"mrr_at_10", rounded(mode.scores.mrrAt10, kScoreDigits)},
            {"latency_ms", toJson(mode.latency)},
            {"queries_per_second", rounded(mode.queriesPerSecond, kRateDigits)}};
    }
    return {{"dataset", llmemory::toJson(report.dataset)},
            {"owner_id", llmemory::toJson(report.owner.toString())},
            {"documents", report.documents},
            {"passages", report.passages},
            {"documents_left_out", report.documentsLeftOut},
            {"queries", report.queries},
            {"model", llmemory::toJson(report.model)},
            {"settings", report.settings},
            {"modes", modes}};
}

} // namespace llmemory::eval
