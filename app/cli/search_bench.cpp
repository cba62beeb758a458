#include "app/cli/search_bench.h"

#include "app/cli/concurrent_calls.h"
#include "app/cli/format.h"
#include "core/base/elapsed.h"
#include "core/db/statement_trace.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>

#include <algorithm>

namespace llmemory::app {

using eval::BenchRun;

namespace {

constexpr int kWarmUpShare = 10; // one search in so many is made before the clock runs
constexpr int kLeastWarmUp = 10;
constexpr int kScripts = 100; // pgbench takes 128
/// Streams of random numbers that decide whose search the next one is; not those of the corpus.
constexpr quint64 kOwnerStream = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Error cannotWrite(const QString &path)
{
    return {.kind = ErrorKind::Configuration, .message = tr("Cannot write %1.").arg(path)};
}

QString statusOf(const BenchRun &run, int queries)
{
    return tr("%1, clients %2: %3 queries")
        .arg(toString(run.mode()))
        .arg(run.clients())
        .arg(formatCount(queries));
}

/// The program's workers use the same connections, and what they are at may end after a search.
QList<db::TracedStatement> ofSearches(const QList<db::TracedStatement> &all)
{
    static const QStringList transactions{QStringLiteral("search_words"),
                                          QStringLiteral("search_meaning"),
                                          QStringLiteral("load_hits")};
    QList<db::TracedStatement> kept;
    bool isSearch = false;
    for (const db::TracedStatement &statement : all) {
        if (statement.sql.startsWith(QLatin1String("BEGIN")))
            isSearch = transactions.contains(statement.name);
        if (isSearch)
            kept << statement;
        if (statement.sql == QLatin1String("COMMIT"))
            isSearch = false;
    }
    return kept;
}

} // namespace

SearchBench::SearchBench(const BenchSearchCommand &command,
                         BenchOwners owners,
                         Memory &memory,
                         EndpointClient *endpoint,
                         CommandContext &context)
    : m_command(command)
    , m_owners(std::move(owners))
    , m_memory(memory)
    , m_endpoint(endpoint)
    , m_context(context)
    , m_queries(command.size.seed)
    , m_random(command.size.seed, kOwnerStream)
{
    for (const Owner &owner : std::as_const(m_owners))
        m_passages += owner.chunkCount;
}

Result<BenchRun> SearchBench::run(SearchMode mode, int clients)
{
    BenchRun warmUp(mode, clients);
    if (auto ok = search(std::max(m_command.queries / kWarmUpShare, kLeastWarmUp), &warmUp); !ok)
        return ok.error();
    BenchRun run(mode, clients);
    if (auto ok = search(m_command.queries, &run); !ok)
        return ok.error();
    return run;
}

Result<> SearchBench::writeScripts(const QString &folder)
{
    if (!QDir().mkpath(folder))
        return cannotWrite(folder);
    db::StatementTrace trace;
    for (int i = 0; i < kScripts; ++i) {
        trace.take();
        BenchRun run(SearchMode::Hybrid, 1);
        if (auto ok = search(1, &run); !ok)
            return ok.error();
        QSaveFile file(
            QDir(folder).filePath(QStringLiteral("%1.sql").arg(i, 3, 10, QLatin1Char('0'))));
        file.open(QIODevice::WriteOnly);
        file.write(db::pgbenchScript(ofSearches(trace.take())).toUtf8());
        if (!file.commit())
            return cannotWrite(file.fileName());
    }
    return {};
}

/// An owner is asked as often as it has passages.
const Owner &SearchBench::nextOwner()
{
    auto rest = qint64(m_random.real() * double(m_passages));
    for (const Owner &owner : std::as_const(m_owners)) {
        rest -= owner.chunkCount;
        if (rest < 0)
            return owner;
    }
    return m_owners.constFirst();
}

std::vector<SearchBench::Call> SearchBench::nextCalls(int count, SearchMode mode)
{
    std::vector<Call> calls(static_cast<size_t>(count));
    for (Call &call : calls) {
        const Owner &owner = nextOwner();
        call.inLargest = owner.id == m_owners.constFirst().id;
        call.query = {
            .owner = owner.id, .text = m_queries.next(owner.id, owner.documentCount), .mode = mode};
        call.query.remember = false;
    }
    return calls;
}

Result<> SearchBench::search(int count, BenchRun *run)
{
    std::vector<Call> calls = nextCalls(count, run->mode());
    m_context.console().showStatus(statusOf(*run, count));
    QElapsedTimer clock;
    clock.start();
    auto ok =
        m_endpoint
            ? searchWith<TimedAnswer>(
                  [this](const SearchQuery &query) { return m_endpoint->search(query); },
                  calls,
                  run)
            : searchWith<SearchAnswer>(
                  [this](const SearchQuery &query) { return m_memory.search(query); }, calls, run);
    run->finish(milliseconds(clock) / 1e3);
    m_context.console().clearStatus();
    return ok;
}

template <typename Answer, typename Start>
Result<> SearchBench::searchWith(Start start, std::vector<Call> &calls, BenchRun *run)
{
    ConcurrentCalls<Answer> searches(
        m_context,
        [&](qsizetype index) {
            Call &call = calls[size_t(index)];
            call.timer.start();
            return start(call.query);
        },
        [&](qsizetype index, const Result<Answer> &answer) -> Result<> {
            const Call &call = calls[size_t(index)];
            if (!answer)
                return answer.error();
            if constexpr (std::is_same_v<Answer, TimedAnswer>)
                add(call, answer->answer, answer->spentMs, run);
            else
                add(call, *answer, milliseconds(call.timer), run);
            return {};
        });
    return searches.run(qsizetype(calls.size()), run->clients());
}

void SearchBench::add(const Call &call, const SearchAnswer &answer, double spentMs, BenchRun *run)
{
    if (!answer.note.isEmpty() && !m_notes.contains(answer.note)) {
        m_notes.insert(answer.note);
        m_context.console().note(printable(answer.note));
    }
    run->add(answer.tookMs, spentMs, call.inLargest);
}

} // namespace llmemory::app
