#include "app/cli/bench_command.h"

#include "app/cli/bench_corpus.h"
#include "app/cli/concurrent_calls.h"
#include "app/cli/endpoint_client.h"
#include "app/cli/format.h"
#include "core/base/elapsed.h"
#include "core/db/statement_trace.h"
#include "core/embed/embedder_factory.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QSet>
#include <QtConcurrent>

#include <algorithm>
#include <cmath>

namespace llmemory::app {

namespace {

using eval::BenchCorpus;
using eval::BenchRun;
using eval::RecallRow;
using eval::SyntheticCorpus;
using eval::SyntheticQueries;
using eval::VectorRecall;

constexpr int kWarmUpShare = 10; // one search in so many is made before the clock runs
constexpr int kLeastWarmUp = 10;
constexpr int kScripts = 100; // pgbench takes 128
/// Streams of random numbers that decide whose search the next one is; not those of the corpus.
constexpr quint64 kOwnerStream = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

QString number(double value, int digits)
{
    return QString::number(value, 'f', digits);
}

ExitCode fail(const Error &error, CommandContext &context)
{
    if (!context.interrupts().isInterrupted())
        return context.fail(error);
    context.console().note(tr("Stopping. What was stored stays."));
    return kInterrupted;
}

/// Begins a search: in the library, or over HTTP.
using Search = std::function<QFuture<Result<SearchAnswer>>(const SearchQuery &query)>;

/// Searches like many users at once: each client sends its next query when it has its answer.
class SearchBench
{
public:
    SearchBench(const BenchSearchCommand &command,
                BenchOwners owners,
                Search search,
                CommandContext &context)
        : m_command(command)
        , m_owners(std::move(owners))
        , m_search(std::move(search))
        , m_context(context)
        , m_queries(command.size.seed)
        , m_random(command.size.seed, kOwnerStream)
    {
        for (const Owner &owner : std::as_const(m_owners))
            m_passages += owner.chunkCount;
    }
    Q_DISABLE_COPY_MOVE(SearchBench)

    Result<BenchRun> run(SearchMode mode, int clients)
    {
        BenchRun warmUp(mode, clients);
        if (auto ok = search(std::max(m_command.queries / kWarmUpShare, kLeastWarmUp), &warmUp);
            !ok)
            return ok.error();
        BenchRun run(mode, clients);
        if (auto ok = search(m_command.queries, &run); !ok)
            return ok.error();
        return run;
    }

    /// Searches with a single client, each one's statements to a file of @p folder.
    Result<> writeScripts(const QString &folder)
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

private:
    static Error cannotWrite(const QString &path)
    {
        return {.kind = ErrorKind::Configuration, .message = tr("Cannot write %1.").arg(path)};
    }

    /// The program's workers use the same connections, and what they are at may end after a search.
    static QList<db::TracedStatement> ofSearches(const QList<db::TracedStatement> &all)
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

    struct Call
    {
        SearchQuery query;
        bool inLargest = false;
        QElapsedTimer timer;
    };

    /// An owner is asked as often as it has passages.
    const Owner &nextOwner()
    {
        auto rest = qint64(m_random.real() * double(m_passages));
        for (const Owner &owner : std::as_const(m_owners)) {
            rest -= owner.chunkCount;
            if (rest < 0)
                return owner;
        }
        return m_owners.constFirst();
    }

    Result<> search(int count, BenchRun *run)
    {
        std::vector<Call> calls(static_cast<size_t>(count));
        for (Call &call : calls) {
            const Owner &owner = nextOwner();
            call.inLargest = owner.id == m_owners.constFirst().id;
            call.query = {.owner = owner.id,
                          .text = m_queries.next(owner.id, owner.documentCount),
                          .mode = run->mode()};
            call.query.remember = false;
        }
        ConcurrentCalls<SearchAnswer> searches(
            m_context,
            [&](qsizetype index) {
                Call &call = calls[size_t(index)];
                call.timer.start();
                return m_search(call.query);
            },
            [&](qsizetype index, const Result<SearchAnswer> &answer) -> Result<> {
                const Call &call = calls[size_t(index)];
                const double spent = milliseconds(call.timer);
                if (!answer)
                    return answer.error();
                if (!answer->note.isEmpty() && !m_notes.contains(answer->note)) {
                    m_notes.insert(answer->note);
                    m_context.console().note(printable(answer->note));
                }
                run->add(answer->tookMs, spent, call.inLargest);
                return {};
            });
        m_context.console().showStatus(tr("%1, clients %2: %3 queries")
                                           .arg(toString(run->mode()))
                                           .arg(run->clients())
                                           .arg(formatCount(count)));
        QElapsedTimer clock;
        clock.start();
        auto ok = searches.run(count, run->clients());
        run->finish(milliseconds(clock) / 1e3);
        m_context.console().clearStatus();
        return ok;
    }

    const BenchSearchCommand &m_command;
    const BenchOwners m_owners;
    const Search m_search;
    CommandContext &m_context;
    SyntheticQueries m_queries;
    eval::SyntheticRandom m_random;
    qint64 m_passages = 0;
    QSet<QString> m_notes; ///< told already
};

using Align = TextTable::Align;

QList<Align> numbersAfter(int texts, int columns)
{
    QList<Align> alignments(columns, Align::Right);
    std::fill_n(alignments.begin(), texts, Align::Left);
    return alignments;
}

void printRuns(const BenchCorpus &corpus, const QList<BenchRun> &runs, Console &console)
{
    console.print(
        tr("Tenants %1 (the largest has %2 passages), documents %3, passages %4, model %5")
            .arg(formatCount(corpus.owners),
                 formatCount(corpus.largestOwner),
                 formatCount(corpus.documents),
                 formatCount(corpus.passages),
                 printable(corpus.model)));
    const QStringList header{tr("MODE"),
                             tr("CLIENTS"),
                             QStringLiteral("p50 ms"),
                             QStringLiteral("p95 ms"),
                             QStringLiteral("p99 ms"),
                             tr("LARGEST p95"),
                             tr("QUERIES/s"),
                             tr("EMBEDDING"),
                             tr("TEXT"),
                             tr("VECTOR"),
                             tr("READING"),
                             tr("STATEMENTS")};
    TextTable table(header, numbersAfter(1, int(header.size())));
    for (const BenchRun &run : runs) {
        const eval::Latency latency = run.latency();
        const SearchTimings steps = run.meanSteps();
        table.add({toString(run.mode()),
                   QString::number(run.clients()),
                   number(latency.p50, 1),
                   number(latency.p95, 1),
                   number(latency.p99, 1),
                   number(run.largestLatency().p95, 1),
                   number(run.queriesPerSecond(), 1),
                   number(steps.embedding, 2),
                   number(steps.text, 2),
                   number(steps.vector, 2),
                   number(steps.fusion, 2),
                   number(run.statementShare() * 100, 0) + QStringLiteral(" %")});
    }
    printTable(table, console);
}

/// Null where the library is to be asked.
Result<std::unique_ptr<EndpointClient>> endpointOf(const BenchSearchCommand &command)
{
    if (command.endpoint.isEmpty())
        return std::unique_ptr<EndpointClient>();
    QByteArray token;
    if (!command.tokenFile.isEmpty()) {
        QFile file(command.tokenFile);
        if (!file.open(QIODevice::ReadOnly))
            return Error{.kind = ErrorKind::Configuration,
                         .message = tr("Cannot read the token file %1: %2")
                                        .arg(command.tokenFile, file.errorString())};
        token = file.readAll().trimmed();
    }
    return std::make_unique<EndpointClient>(QUrl(command.endpoint), token);
}

Result<QList<BenchRun>> measure(const BenchSearchCommand &command,
                                const BenchOwners &owners,
                                Memory &memory,
                                CommandContext &context)
{
    const auto client = endpointOf(command);
    if (!client)
        return client.error();
    const auto inLibrary = [&memory](const SearchQuery &query) { return memory.search(query); };
    const auto overHttp = [&client](const SearchQuery &query) { return (*client)->search(query); };
    SearchBench bench(command, owners, *client ? Search(overHttp) : Search(inLibrary), context);
    QList<BenchRun> runs;
    for (const int clients : command.clients) {
        for (const SearchMode mode : command.modes) {
            auto run = bench.run(mode, clients);
            if (!run)
                return run.error();
            runs += std::move(*run);
        }
    }
    if (!command.pgbench.isEmpty()) {
        SearchBench traced(command, owners, inLibrary, context);
        if (auto ok = traced.writeScripts(command.pgbench); !ok)
            return ok.error();
    }
    return runs;
}

ExitCode drop(const BenchOwners &owners, Memory &memory, CommandContext &context)
{
    for (const Owner &owner : owners) {
        const auto deleted =
            context.await(memory.deleteOwner(owner.id), CommandContext::OnSignal::GoOn);
        if (!deleted)
            return context.fail(deleted.error());
    }
    return kDone;
}

/// Owners of about 60, 20, 5, 1 and 0.1 % of the passages.
BenchOwners ownersOfEachSize(const BenchOwners &owners, qint64 passages)
{
    BenchOwners chosen;
    for (const double share : {0.6, 0.2, 0.05, 0.01, 0.001}) {
        const auto distance = [&](const Owner &owner) {
            return std::abs(std::log(double(std::max<qint64>(1, owner.chunkCount)) /
                                     (share * double(passages))));
        };
        const auto nearest =
            std::min_element(owners.begin(), owners.end(), [&](const Owner &a, const Owner &b) {
                return distance(a) < distance(b);
            });
        const bool isChosen = std::any_of(chosen.begin(), chosen.end(), [&](const Owner &owner) {
            return owner.id == nearest->id;
        });
        if (!isChosen)
            chosen += *nearest;
    }
    return chosen;
}

/// The vectors that a search would ask with. Blocks.
Result<QList<embed::Vector>> queryVectors(const Config::Embedding &config,
                                          const Owner &owner,
                                          const BenchRecallCommand &command)
{
    const auto embedder = embed::makeEmbedder(config);
    if (!embedder)
        return embedder.error();
    SyntheticQueries queries(command.seed);
    QList<embed::Vector> vectors;
    for (int i = 0; i < command.queries; ++i) {
        auto vector = (*embedder)->embedQuery(queries.next(owner.id, owner.documentCount));
        if (!vector)
            return vector.error();
        vectors += std::move(*vector);
    }
    return vectors;
}

Result<QList<RecallRow>> measureRecall(const BenchRecallCommand &command,
                                       const BenchOwners &owners,
                                       Memory &memory,
                                       CommandContext &context)
{
    const Config config = memory.config();
    const auto database = memory.databaseManager();
    if (!database)
        return database.error();
    qint64 passages = 0;
    for (const Owner &owner : owners)
        passages += owner.chunkCount;
    QList<RecallRow> rows;
    for (const Owner &owner : ownersOfEachSize(owners, passages)) {
        const auto vectors = context.await(QtConcurrent::run(
            [config, owner, command] { return queryVectors(config.embedding, owner, command); }));
        if (!vectors)
            return vectors.error();
        for (const bool filtered : {false, true}) {
            context.console().showStatus(
                tr("Asking %1: %2 queries").arg(owner.id.toString(), formatCount(vectors->size())));
            SearchQuery query{.owner = owner.id};
            if (filtered)
                query.metadataFilter = {{"part", 0}};
            const auto recall = context.await(database->runInTransaction(
                db::Access::Read,
                "bench_recall",
                db::Scope::owner(owner.id),
                [query, vectors = *vectors, profile = config.search.hnswProfile](
                    db::Session &session) {
                    return eval::measureVectorRecall(session, query, vectors, profile);
                }));
            context.console().clearStatus();
            if (!recall)
                return recall.error();
            rows.append({.owner = owner.id,
                         .passages = owner.chunkCount,
                         .share = double(owner.chunkCount) / double(passages),
                         .filtered = filtered,
                         .recall = *recall});
        }
    }
    return rows;
}

void printRecall(const QList<RecallRow> &rows, Console &console)
{
    const QStringList header{tr("TENANT"),
                             tr("FILTER"),
                             tr("PASSAGES"),
                             tr("SHARE"),
                             tr("QUERIES"),
                             tr("Recall@10"),
                             tr("WORST"),
                             tr("SHORT"),
                             tr("SEARCH p50 ms"),
                             tr("p95 ms"),
                             tr("EXACT p50 ms")};
    TextTable table(header, numbersAfter(2, int(header.size())));
    for (const RecallRow &row : rows) {
        table.add({row.owner.toString(),
                   row.filtered ? tr("5 %") : QStringLiteral("-"),
                   formatCount(row.passages),
                   number(row.share * 100, 1) + QStringLiteral(" %"),
                   formatCount(row.recall.queries),
                   number(row.recall.at10, 4),
                   number(row.recall.worstAt10, 1),
                   formatCount(row.recall.shortAnswers),
                   number(row.recall.search.p50, 1),
                   number(row.recall.search.p95, 1),
                   number(row.recall.exact.p50, 1)});
    }
    printTable(table, console);
}

} // namespace

ExitCode runBench(const BenchSearchCommand &command, CommandContext &context)
{
    const auto opened = context.openMemory(Workers::Run);
    if (!opened)
        return context.fail(opened.error());
    Memory &memory = **opened;
    const auto corpus = loadBenchCorpus(command.ownerPrefix, command.size, memory, context);
    if (!corpus)
        return fail(corpus.error(), context);
    const auto owners = findBenchOwners(command.ownerPrefix, memory, context);
    if (!owners)
        return fail(owners.error(), context);
    const auto runs = measure(command, *owners, memory, context);
    if (!runs)
        return fail(runs.error(), context);
    if (command.json)
        context.console().printJson(eval::toJson(*corpus, *runs));
    else
        printRuns(*corpus, *runs, context.console());
    return command.drop ? drop(*owners, memory, context) : kDone;
}

ExitCode runBench(const BenchRecallCommand &command, CommandContext &context)
{
    const auto opened = context.openMemory(Workers::Run);
    if (!opened)
        return context.fail(opened.error());
    Memory &memory = **opened;
    const auto owners = findBenchOwners(command.ownerPrefix, memory, context);
    if (!owners)
        return fail(owners.error(), context);
    if (owners->isEmpty())
        return context.fail(noBenchCorpus(command.ownerPrefix));
    if (auto ok = waitForVectorIndexes(*owners, memory, context); !ok)
        return fail(ok.error(), context);
    const auto rows = measureRecall(command, *owners, memory, context);
    if (!rows)
        return fail(rows.error(), context);
    if (command.json)
        context.console().printJson(eval::toJson(*rows));
    else
        printRecall(*rows, context.console());
    return kDone;
}

} // namespace llmemory::app
