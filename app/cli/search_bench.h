#pragma once

#include "app/cli/bench_corpus.h"
#include "app/cli/command.h"
#include "app/cli/endpoint_client.h"
#include "core/eval/synthetic_language.h"

#include <QElapsedTimer>
#include <QSet>

#include <vector>

namespace llmemory::app {

/// Searches a synthetic corpus like many users at once: each client sends its next query when it
/// has its answer. Main thread.
class SearchBench
{
public:
    /// @param owners    the corpus, the largest first.
    /// @param endpoint  where to search; null = in the library itself.
    SearchBench(const BenchSearchCommand &command,
                BenchOwners owners,
                Memory &memory,
                EndpointClient *endpoint,
                CommandContext &context);
    Q_DISABLE_COPY_MOVE(SearchBench)

    /// Measures the command's number of searches, behind some that only warm up. Blocks. Error: of
    /// a search; Cancelled on a signal.
    Result<eval::BenchRun> run(SearchMode mode, int clients);

    /// Searches with a single client, each one's statements to a file of @p folder. Blocks. Error:
    /// Configuration when a file cannot be written; else as run().
    Result<> writeScripts(const QString &folder);

private:
    struct Call
    {
        SearchQuery query;
        bool inLargest = false;
        QElapsedTimer timer;
    };

    const Owner &nextOwner();
    std::vector<Call> nextCalls(int count, SearchMode mode);
    Result<> search(int count, eval::BenchRun *run);
    template <typename Answer, typename Start>
    Result<> searchWith(Start start, std::vector<Call> &calls, eval::BenchRun *run);
    void add(const Call &call, const SearchAnswer &answer, double spentMs, eval::BenchRun *run);

    const BenchSearchCommand &m_command;
    const BenchOwners m_owners;
    Memory &m_memory;
    EndpointClient *m_endpoint;
    CommandContext &m_context;
    eval::SyntheticQueries m_queries;
    eval::SyntheticRandom m_random;
    qint64 m_passages = 0;
    QSet<QString> m_notes; ///< told already
};

} // namespace llmemory::app
