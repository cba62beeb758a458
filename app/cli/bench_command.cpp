#include "app/cli/bench_command.h"

#include "app/cli/bench_corpus.h"
#include "app/cli/endpoint_client.h"
#include "app/cli/format.h"
#include "app/cli/search_bench.h"
#include "core/embed/embedder_factory.h"
#include "core/search/vector_search.h"

#include <QCoreApplication>
#include <QFile>
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
    SearchBench bench(command, owners, memory, client->get(), context);
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
        SearchBench traced(command, owners, memory, nullptr, context);
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
