#pragma once

#include "core/eval/latency.h"
#include "core/eval/vector_recall.h"
#include "core/search/search_hit.h"

#include <QList>

namespace llmemory::eval {

/// What a benchmark ran on, and what making it took.
struct BenchCorpus
{
    int owners = 0;
    qint64 documents = 0; ///< of those owners
    qint64 passages = 0;
    qint64 largestOwner = 0; ///< passages of it
    QString model;           ///< id of the embedding model
    qint64 added = 0;        ///< documents that were not there before
    double seconds = 0;      ///< until they were stored, embedded and indexed
};

/// One measurement of `bench search`, put together from its searches.
class BenchRun
{
public:
    BenchRun(SearchMode mode, int clients) : m_mode(mode), m_clients(clients) {}

    /// @param milliseconds  from the call to its answer.
    /// @param inLargest     the search was the largest owner's.
    void add(const SearchTimings &took, double milliseconds, bool inLargest);
    /// All searches together took so long by the clock.
    void finish(double seconds) { m_seconds = seconds; }

    SearchMode mode() const { return m_mode; }
    int clients() const { return m_clients; }
    qsizetype queries() const { return m_milliseconds.size(); }
    Latency latency() const { return latencyOf(m_milliseconds); }
    /// Of the searches in the largest owner alone.
    Latency largestLatency() const { return latencyOf(m_largestMilliseconds); }
    double queriesPerSecond() const;
    /// Mean of each step.
    SearchTimings meanSteps() const;
    /// How much of a search both legs and reading the hits take, as the library measures it: mostly
    /// statements and their way to the server. 0-1; legs that run at the same time count the longer
    /// one.
    double statementShare() const;

private:
    SearchMode m_mode;
    int m_clients;
    QList<double> m_milliseconds;
    QList<double> m_largestMilliseconds;
    SearchTimings m_sum;
    double m_seconds = 0;
};

/// One row of `bench recall`.
struct RecallRow
{
    OwnerId owner;
    qint64 passages = 0;
    double share = 0; ///< of all the owners' passages, 0-1
    bool filtered = false;
    VectorRecall recall;
};

/// `{"bench": "search", "owners", "documents", "passages", …, "runs": […]}`. Pure.
Json toJson(const BenchCorpus &corpus, const QList<BenchRun> &runs);
/// `{"bench": "recall", "owners": [{"owner_id", "passages", "share", "filtered", "recall_at_10",
/// …}]}`. Pure.
Json toJson(const QList<RecallRow> &rows);

} // namespace llmemory::eval
