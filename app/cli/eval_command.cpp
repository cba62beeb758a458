#include "app/cli/eval_command.h"

#include "app/cli/concurrent_calls.h"
#include "app/cli/embedding_wait.h"
#include "app/cli/format.h"
#include "core/base/elapsed.h"
#include "core/base/limits.h"
#include "core/eval/collection.h"
#include "core/eval/evaluation_report.h"

#include <QCoreApplication>
#include <QSet>
#include <QtConcurrent>

#include <algorithm>

namespace llmemory::app {

namespace {

using eval::Collection;
using eval::CollectionDocument;
using eval::CollectionQuery;
using eval::EvaluationReport;
using eval::ModeFigures;

constexpr int kHits = 100;           // Recall@100
constexpr int kStoresAtOnce = 4;     // the server and this program work at the same time
constexpr qsizetype kMostFaults = 5; // told one by one

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// One collection from its files to its figures.
class Evaluation
{
public:
    Evaluation(const EvalCommand &command, Memory &memory, CommandContext &context)
        : m_command(command), m_memory(memory), m_context(context)
    {
    }
    Q_DISABLE_COPY_MOVE(Evaluation)

    Result<EvaluationReport> run(const Collection &collection, const OwnerId &owner);
    /// Documents that were not stored although they have a text.
    qsizetype faultCount() const { return m_faults.size(); }

private:
    Result<> store(const Collection &collection);
    Result<> embed();
    Result<> countStored(const Collection &collection);
    Result<ModeFigures> search(const QList<CollectionQuery> &queries, SearchMode mode);
    SearchQuery searchQuery(const CollectionQuery &query, SearchMode mode) const;
    DocumentInput input(const CollectionDocument &document) const;
    Json settings() const;
    void tellFaults();

    const EvalCommand &m_command;
    Memory &m_memory;
    CommandContext &m_context;
    EvaluationReport m_report;
    QStringList m_faults;
    QSet<QString> m_notes; ///< told already
};

DocumentInput Evaluation::input(const CollectionDocument &document) const
{
    DocumentInput input;
    input.owner = m_report.owner;
    input.idAtOrigin = document.id;
    const QString title = document.title.simplified();
    input.name = title.isEmpty() ? document.id : title;
    input.name.truncate(limits::kDocumentNameLength);
    input.content = document.content();
    if (m_command.chunkSize > 0)
        input.chunkingConfig = {{"child_size", m_command.chunkSize}};
    input.generateEmbeddings = false; // many at a time are quicker
    return input;
}

Result<> Evaluation::store(const Collection &collection)
{
    const qsizetype total = collection.documents.size();
    qsizetype done = 0;
    ConcurrentCalls<AddedDocument> calls(
        m_context,
        [&](qsizetype index) {
            return m_memory.addDocument(input(collection.documents.at(index)));
        },
        [&](qsizetype index, const Result<AddedDocument> &added) -> Result<> {
            ++done;
            m_context.console().showStatus(
                tr("%1: storing document %2 of %3")
                    .arg(printable(collection.name), formatCount(done), formatCount(total)));
            if (added)
                return {};
            if (added.error().kind != ErrorKind::Validation)
                return added.error();
            m_faults += QStringLiteral("corpus.jsonl:%1: %2")
                            .arg(collection.documents.at(index).line)
                            .arg(added.error().message);
            return {};
        });
    auto ok = calls.run(total, kStoresAtOnce);
    m_context.console().clearStatus();
    return ok;
}

Result<> Evaluation::embed()
{
    const Embeddings embeddings = embedPending(m_report.owner, m_memory, m_context);
    if (m_context.interrupts().isInterrupted())
        return Error::cancelled();
    if (embeddings.error)
        return *embeddings.error;
    m_report.model = embeddings.model;
    const qint64 missing = embeddings.pending + embeddings.failed;
    if (missing > 0)
        m_context.console().note(
            tr("Passages without a vector, which are not found by meaning: %1.")
                .arg(formatCount(missing)));
    return {};
}

Result<> Evaluation::countStored(const Collection &collection)
{
    const auto owner = m_context.await(m_memory.owner(m_report.owner));
    if (!owner)
        return owner.error();
    m_report.passages = owner->chunkCount;
    m_report.documents = collection.documents.size() - m_faults.size() + collection.faults.size();
    m_report.documentsLeftOut = m_faults.size() + collection.emptyDocuments;
    const qint64 others = owner->documentCount - m_report.documents;
    if (others > 0)
        m_context.console().note(
            tr("The tenant %1 has documents that are not of this collection (%2) and take part in "
               "the ranking. \"llmemory owners delete %1\" makes room for a clean run.")
                .arg(m_report.owner.toString(), formatCount(others)));
    return {};
}

SearchQuery Evaluation::searchQuery(const CollectionQuery &query, SearchMode mode) const
{
    SearchQuery search = m_command.query;
    search.remember = false;
    search.owner = m_report.owner;
    search.text = query.text;
    search.mode = mode;
    search.limit = kHits;
    // Reranked candidates come first and the others after them, so that no document is lost.
    search.rerankReturnK = kHits;
    return search;
}

Result<ModeFigures> Evaluation::search(const QList<CollectionQuery> &queries, SearchMode mode)
{
    // Connections, model and plans are there before the clock runs.
    const auto warm = m_context.await(m_memory.search(searchQuery(queries.constFirst(), mode)));
    if (!warm)
        return warm.error();
    QList<eval::Scores> scores;
    QList<double> times;
    QElapsedTimer clock;
    double seconds = 0;
    for (const CollectionQuery &query : queries) {
        m_context.console().showStatus(tr("%1: %2, query %3 of %4")
                                           .arg(printable(m_report.dataset),
                                                toString(mode),
                                                formatCount(scores.size() + 1),
                                                formatCount(queries.size())));
        clock.start();
        const auto answer = m_context.await(m_memory.search(searchQuery(query, mode)));
        times += milliseconds(clock);
        seconds += times.constLast() / 1e3;
        if (!answer) {
            Error error = answer.error();
            if (error.kind != ErrorKind::Cancelled)
                error.message = tr("Query \"%1\": %2").arg(query.id, error.message);
            return error;
        }
        if (!answer->note.isEmpty() && !m_notes.contains(answer->note)) {
            m_notes.insert(answer->note);
            m_context.console().note(printable(answer->note));
        }
        scores += eval::scoresOf(eval::rankedDocuments(answer->hits), query.judgements);
    }
    m_context.console().clearStatus();
    return ModeFigures{.mode = mode,
                       .scores = eval::meanOf(scores),
                       .latency = eval::latencyOf(times),
                       .queriesPerSecond = seconds > 0 ? double(queries.size()) / seconds : 0};
}

Json Evaluation::settings() const
{
    using settings::Key;
    const Config::Search &search = m_memory.config().search;
    const settings::Settings &settings = m_context.settings();
    Json values = {
        {"limit", kHits},
        {"alpha", m_command.query.alpha},
        {"fusion", toJson(settings.text(Key::FusionMethod))},
        {"hnsw_profile", toJson(settings.text(Key::HnswProfile))},
        {"rerank", m_command.query.rerank.value_or(search.rerank)},
        {"query_expansion", m_command.query.queryExpansion.value_or(search.queryExpansion)},
        {"chunk_size",
         m_command.chunkSize > 0 ? m_command.chunkSize : m_memory.config().chunking.chunkSize}};
    return values;
}

void Evaluation::tellFaults()
{
    for (const QString &fault : m_faults.first(std::min(m_faults.size(), kMostFaults)))
        m_context.console().error(printable(fault));
    if (m_faults.size() > kMostFaults)
        m_context.console().error(
            tr("… and %1 further lines.").arg(formatCount(m_faults.size() - kMostFaults)));
}

Result<EvaluationReport> Evaluation::run(const Collection &collection, const OwnerId &owner)
{
    m_report.dataset = collection.name;
    m_report.owner = owner;
    m_report.settings = settings();
    m_faults = collection.faults;
    if (auto ok = store(collection); !ok)
        return ok.error();
    tellFaults();
    if (auto ok = embed(); !ok)
        return ok.error();
    if (auto ok = countStored(collection); !ok)
        return ok.error();
    QList<CollectionQuery> queries = collection.queries;
    if (m_command.mostQueries > 0)
        queries = queries.first(std::min<qsizetype>(m_command.mostQueries, queries.size()));
    m_report.queries = queries.size();
    for (const SearchMode mode : m_command.modes) {
        const auto figures = search(queries, mode);
        if (!figures)
            return figures.error();
        m_report.modes += *figures;
    }
    return m_report;
}

/// A collection and the tenant that it goes to.
struct Target
{
    Collection collection;
    OwnerId owner;
};

/// Reads everything before anything is stored, so that a mistake is known at once.
Result<QList<Target>> readTargets(const EvalCommand &command)
{
    QList<Target> targets;
    for (const QString &directory : command.datasets) {
        auto collection = eval::readCollection(directory);
        if (!collection)
            return collection.error();
        const auto owner = OwnerId::parse(command.ownerPrefix + u'-' + collection->name);
        if (!owner) {
            return Error::validation(
                QStringLiteral("dataset"),
                tr("The name of the folder %1 cannot be part of a tenant's name: %2")
                    .arg(directory, owner.error().message));
        }
        for (const Target &other : targets) {
            if (other.owner == *owner)
                return Error::validation(
                    QStringLiteral("dataset"),
                    tr("Two collections are called \"%1\"; they would become one tenant.")
                        .arg(collection->name));
        }
        targets.append({std::move(*collection), *owner});
    }
    return targets;
}

void printReport(const EvaluationReport &report, Console &console)
{
    console.print(console.styled(printable(report.dataset), Style::Bold) + QLatin1String(": ") +
                  tr("documents %1, passages %2, queries %3, model %4")
                      .arg(formatCount(report.documents),
                           formatCount(report.passages),
                           formatCount(report.queries),
                           printable(report.model)));
    using Align = TextTable::Align;
    TextTable table({tr("MODE"),
                     QStringLiteral("nDCG@10"),
                     QStringLiteral("Recall@100"),
                     QStringLiteral("MRR@10"),
                     QStringLiteral("p50 ms"),
                     QStringLiteral("p95 ms"),
                     QStringLiteral("p99 ms"),
                     tr("QUERIES/s")},
                    {Align::Left,
                     Align::Right,
                     Align::Right,
                     Align::Right,
                     Align::Right,
                     Align::Right,
                     Align::Right,
                     Align::Right});
    const auto score = [](double value) { return QString::number(value, 'f', 4); };
    const auto time = [](double value) { return QString::number(value, 'f', 1); };
    for (const ModeFigures &mode : report.modes) {
        table.add({toString(mode.mode),
                   score(mode.scores.ndcgAt10),
                   score(mode.scores.recallAt100),
                   score(mode.scores.mrrAt10),
                   time(mode.latency.p50),
                   time(mode.latency.p95),
                   time(mode.latency.p99),
                   time(mode.queriesPerSecond)});
    }
    printTable(table, console);
}

ExitCode drop(const QList<Target> &targets, Memory &memory, CommandContext &context)
{
    for (const Target &target : targets) {
        const auto deleted =
            context.await(memory.deleteOwner(target.owner), CommandContext::OnSignal::GoOn);
        if (!deleted && deleted.error().kind != ErrorKind::NotFound)
            return context.fail(deleted.error());
    }
    return kDone;
}

ExitCode evaluate(const EvalCommand &command,
                  const QList<Target> &targets,
                  Memory &memory,
                  CommandContext &context)
{
    Console &console = context.console();
    bool isComplete = true;
    for (const Target &target : targets) {
        Evaluation evaluation(command, memory, context);
        const auto report = evaluation.run(target.collection, target.owner);
        if (!report) {
            if (context.interrupts().isInterrupted())
                console.note(tr("Stopping. What was stored stays."));
            return context.interrupts().isInterrupted() ? kInterrupted
                                                        : context.fail(report.error());
        }
        isComplete = isComplete && evaluation.faultCount() == 0;
        if (command.json) {
            console.printJson(eval::toJson(*report));
            continue;
        }
        if (&target != &targets.constFirst())
            console.print({});
        printReport(*report, console);
        if (!command.drop)
            console.note(tr("The documents stay for the next run; \"llmemory owners delete %1\" "
                            "removes them.")
                             .arg(target.owner.toString()));
    }
    return isComplete ? kDone : kFailed;
}

} // namespace

ExitCode runEval(const EvalCommand &command, CommandContext &context)
{
    const auto targets =
        context.await(QtConcurrent::run([command] { return readTargets(command); }));
    if (!targets)
        return context.fail(targets.error());
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const ExitCode evaluated = evaluate(command, *targets, **memory, context);
    if (!command.drop || evaluated == kInterrupted)
        return evaluated;
    const ExitCode dropped = drop(*targets, **memory, context);
    return evaluated == kDone ? dropped : evaluated;
}

} // namespace llmemory::app
