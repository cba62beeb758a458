#include "core/eval/bench_report.h"

#include <algorithm>

namespace llmemory::eval {

namespace {

constexpr int kTimeDigits = 3;
constexpr int kShareDigits = 4;
constexpr int kRateDigits = 1;

/// Applies @p change (double &sum, double value) to every step.
template <typename Change>
void forEachStep(SearchTimings &sum, const SearchTimings &value, Change change)
{
    change(sum.total, value.total);
    change(sum.embedding, value.embedding);
    change(sum.text, value.text);
    change(sum.vector, value.vector);
    change(sum.fusion, value.fusion);
    change(sum.rerank, value.rerank);
}

Json stepsJson(const SearchTimings &steps)
{
    return {{"total", rounded(steps.total, kTimeDigits)},
            {"embedding", rounded(steps.embedding, kTimeDigits)},
            {"text", rounded(steps.text, kTimeDigits)},
            {"vector", rounded(steps.vector, kTimeDigits)},
            {"fusion", rounded(steps.fusion, kTimeDigits)},
            {"rerank", rounded(steps.rerank, kTimeDigits)}};
}

Json runJson(const BenchRun &run)
{
    return {{"mode", toString(run.mode()).toStdString()},
            {"clients", run.clients()},
            {"queries", run.queries()},
            {"latency_ms", toJson(run.latency())},
            {"largest_owner_latency_ms", toJson(run.largestLatency())},
            {"queries_per_second", rounded(run.queriesPerSecond(), kRateDigits)},
            {"steps_ms", stepsJson(run.meanSteps())},
            {"statement_share", rounded(run.statementShare(), kShareDigits)}};
}

} // namespace

void BenchRun::add(const SearchTimings &took, double milliseconds, bool inLargest)
{
    m_milliseconds += milliseconds;
    if (inLargest)
        m_largestMilliseconds += milliseconds;
    forEachStep(m_sum, took, [](double &sum, double value) { sum += value; });
}

double BenchRun::queriesPerSecond() const
{
    return m_seconds > 0 ? double(queries()) / m_seconds : 0;
}

SearchTimings BenchRun::meanSteps() const
{
    SearchTimings mean;
    const double count = double(std::max<qsizetype>(1, queries()));
    forEachStep(mean, m_sum, [count](double &value, double sum) { value = sum / count; });
    return mean;
}

double BenchRun::statementShare() const
{
    if (m_sum.total <= 0)
        return 0;
    const double oneAfterTheOther = m_sum.text + m_sum.vector + m_sum.fusion;
    if (oneAfterTheOther <= m_sum.total)
        return oneAfterTheOther / m_sum.total;
    return std::min(1.0, (std::max(m_sum.text, m_sum.vector) + m_sum.fusion) / m_sum.total);
}

Json toJson(const BenchCorpus &corpus, const QList<BenchRun> &runs)
{
    Json list = Json::array();
    for (const BenchRun &run : runs)
        list.push_back(runJson(run));
    return {{"bench", "search"},
            {"owners", corpus.owners},
            {"documents", corpus.documents},
            {"passages", corpus.passages},
            {"largest_owner_passages", corpus.largestOwner},
            {"model", llmemory::toJson(corpus.model)},
            {"documents_added", corpus.added},
            {"load_seconds", rounded(corpus.seconds, kRateDigits)},
            {"runs", list}};
}

Json toJson(const QList<RecallRow> &rows)
{
    Json list = Json::array();
    for (const RecallRow &row : rows) {
        list.push_back({{"owner_id", llmemory::toJson(row.owner.toString())},
                        {"passages", row.passages},
                        {"share", rounded(row.share, kShareDigits)},
                        {"filtered", row.filtered},
                        {"queries", row.recall.queries},
                        {"recall_at_10", rounded(row.recall.at10, kShareDigits)},
                        {"worst_recall_at_10", rounded(row.recall.worstAt10, kShareDigits)},
                        {"short_answers", row.recall.shortAnswers},
                        {"search_ms", toJson(row.recall.search)},
                        {"exact_ms", toJson(row.recall.exact)}});
    }
    return {{"bench", "recall"}, {"owners", list}};
}

} // namespace llmemory::eval
