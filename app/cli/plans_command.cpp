#include "app/cli/plans_command.h"

#include "app/cli/bench_corpus.h"
#include "core/db/statement_trace.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace llmemory::app {

namespace {

using db::TracedStatement;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// A search, and what to call it.
struct Kind
{
    QString name;
    SearchQuery query;
};

/// What one kind of search sends, and how the server runs it.
struct Plan
{
    QString statement;
    QString kind; ///< of search that sent it first
    QStringList lines = {};
    bool readsTable = false;
};

/// Searches that together send every statement of searching.
QList<Kind> kindsOfSearch(const Owner &owner, quint64 seed)
{
    eval::SyntheticQueries queries(seed);
    const auto words = [&] { return queries.next(owner.id, owner.documentCount); };
    const auto first = [&words] { return words().section(u' ', 0, 0); };
    SearchQuery plain{.owner = owner.id, .text = words()};
    plain.remember = false;
    QList<Kind> kinds{{tr("plain words"), plain}};
    const auto add = [&](const QString &name, const QString &text, auto change) {
        Kind kind{name, plain};
        kind.query.text = text;
        change(kind.query);
        kinds += kind;
    };
    const auto asItIs = [](SearchQuery &) {};
    add(tr("a phrase"), QStringLiteral("\"%1 %2\" %3").arg(first(), first(), words()), asItIs);
    add(tr("an excluded word"), QStringLiteral("%1 -%2").arg(words(), first()), asItIs);
    add(tr("a required word"), QStringLiteral("%1 +%2").arg(words(), first()), asItIs);
    add(tr("a prefix"), QStringLiteral("%1 %2*").arg(words(), first().left(4)), asItIs);
    add(tr("a misspelt word"), QStringLiteral("%1 %2xq").arg(words(), first()), asItIs);
    add(tr("a filter that keeps 5 %"), words(), [](SearchQuery &query) {
        query.metadataFilter = {{"part", 0}};
    });
    add(tr("a filter that keeps most"), words(), [](SearchQuery &query) {
        query.dateTo = QDateTime::currentDateTimeUtc().addYears(1);
        query.documentTypes = {toString(DocumentType::Text)};
    });
    add(tr("pages"), QStringLiteral("%1 page:1-5").arg(words()), asItIs);
    add(tr("conditions alone"), QStringLiteral("tag:none"), asItIs);
    add(tr("facets"), words(), [](SearchQuery &query) { query.facets = true; });
    add(tr("by document"), words(), [](SearchQuery &query) { query.groupByDocument = true; });
    add(tr("diverse"), words(), [](SearchQuery &query) { query.diversity = 0.5; });
    add(tr("with ancestors"), words(), [](SearchQuery &query) {
        query.includeParentContext = true;
    });
    add(tr("explained"), words(), [](SearchQuery &query) { query.explain = true; });
    add(tr("reranked"), words(), [](SearchQuery &query) { query.rerank = true; });
    return kinds;
}

/// Long literals, vectors for example, tell nothing.
QString shortened(QString line)
{
    static const QRegularExpression literal(QStringLiteral("'[^']{48,}'"));
    line.replace(literal, QStringLiteral("'…'"));
    constexpr qsizetype kWidth = 160;
    return line.size() > kWidth ? line.left(kWidth) + QStringLiteral("…") : line;
}

/// Of tables that grow with the documents; of the segments an owner has some dozens.
bool readsTable(const QString &line)
{
    static const QRegularExpression scan(
        QStringLiteral("Seq Scan on (documents|document_\\w+|text_postings|embeddings_\\w+)"));
    return scan.match(line).hasMatch();
}

constexpr QLatin1String kExplain("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) ");

Result<db::Rows> explainOnce(db::Connection &connection, const TracedStatement &statement)
{
    return connection.query("explain", kExplain + statement.sql, statement.values);
}

/// The plan that the server keeps for all values.
Result<db::Rows> explainKept(db::Connection &connection, const TracedStatement &statement)
{
    QStringList places;
    for (qsizetype i = 1; i <= statement.values.size(); ++i)
        places << QStringLiteral("$%1").arg(i);
    const QString values = db::withLiterals(
        QLatin1Char('(') + places.join(QLatin1String(", ")) + QLatin1Char(')'), statement.values);
    const auto run = [&](const QString &sql) { return connection.query("explain", sql, {}); };
    const QStringList before{QLatin1String("PREPARE llmemory_plan AS ") + statement.sql,
                             QStringLiteral("SET LOCAL plan_cache_mode TO force_generic_plan")};
    for (const QString &sql : before) {
        if (auto ok = run(sql); !ok)
            return ok;
    }
    auto rows = run(kExplain + QLatin1String("EXECUTE llmemory_plan") +
                    (places.isEmpty() ? QString() : values));
    if (!rows)
        return rows;
    for (const char *sql : {"SET LOCAL plan_cache_mode TO auto", "DEALLOCATE llmemory_plan"}) {
        if (auto ok = run(QLatin1String(sql)); !ok)
            return ok;
    }
    return rows;
}

/// Sends the statements again, as they were sent, each behind its EXPLAIN.
Result<QList<Plan>> explain(db::Session &session,
                            const OwnerId &owner,
                            const QString &kind,
                            const QList<TracedStatement> &statements,
                            QSet<QString> &known)
{
    QList<Plan> plans;
    db::Connection &connection = session.connection();
    bool isSearch = false;
    for (const TracedStatement &statement : statements) {
        if (statement.sql.startsWith(QLatin1String("BEGIN"))) {
            const QString scope = QLatin1String("llmemory.owner TO '") + owner.toString();
            isSearch = statement.sql.contains(scope);
        }
        const bool isScript =
            statement.values.isEmpty() && !statement.sql.startsWith(QLatin1String("SELECT"));
        if (isScript || !isSearch)
            continue; // begins and ends; and others' work
        const bool isKnob = statement.sql.startsWith(QLatin1String("SELECT set_config"));
        if (isKnob) {
            if (auto ok = connection.query("knobs", statement.sql, statement.values); !ok)
                return ok.error();
        }
        if (isKnob || known.contains(statement.name))
            continue;
        const auto rows = statement.plan == db::Plan::Kept ? explainKept(connection, statement)
                                                           : explainOnce(connection, statement);
        if (!rows)
            return rows.error();
        known.insert(statement.name);
        Plan plan{.statement = statement.name, .kind = kind};
        for (const db::Row &row : *rows) {
            plan.lines += shortened(row.text(0));
            plan.readsTable = plan.readsTable || readsTable(row.text(0));
        }
        plans += plan;
    }
    return plans;
}

Result<QList<Plan>> plansOf(const Owner &owner,
                            quint64 seed,
                            Memory &memory,
                            CommandContext &context)
{
    const auto database = memory.databaseManager();
    if (!database)
        return database.error();
    QList<Plan> plans;
    QSet<QString> known;
    for (const Kind &kind : kindsOfSearch(owner, seed)) {
        db::StatementTrace trace;
        const auto answer = context.await(memory.search(kind.query));
        if (!answer)
            return answer.error();
        const QList<TracedStatement> statements = trace.take();
        auto found =
            context.await(database->runInTransaction(
                              db::Access::Read,
                              "bench_plans",
                              db::Scope::owner(owner.id),
                              [&](db::Session &session) {
                                  return explain(session, owner.id, kind.name, statements, known);
                              }),
                          CommandContext::OnSignal::GoOn);
        if (!found)
            return found.error();
        plans += *found;
    }
    return plans;
}

} // namespace

ExitCode runBench(const BenchPlansCommand &command, CommandContext &context)
{
    // Workers have statements of their own, which are no search's.
    const auto opened = context.openMemory(Workers::DoNotRun);
    if (!opened)
        return context.fail(opened.error());
    Memory &memory = **opened;
    const auto owners = findBenchOwners(command.ownerPrefix, memory, context);
    if (!owners)
        return context.fail(owners.error());
    if (owners->isEmpty())
        return context.fail(noBenchCorpus(command.ownerPrefix));
    if (auto ok = waitForVectorIndexes(*owners, memory, context); !ok)
        return context.fail(ok.error());
    const auto plans = plansOf(owners->constFirst(), command.seed, memory, context);
    if (!plans)
        return context.fail(plans.error());
    QStringList readers;
    for (const Plan &plan : *plans) {
        context.console().print(QStringLiteral("### `%1`\n\n%2\n\n```\n%3\n```\n")
                                    .arg(plan.statement,
                                         tr("First sent by a search with %1.").arg(plan.kind),
                                         plan.lines.join(u'\n')));
        if (plan.readsTable)
            readers += plan.statement;
    }
    if (readers.isEmpty())
        return kDone;
    return context.fail(
        {.kind = ErrorKind::Internal,
         .message = tr("These statements read a whole table: %1. Where the corpus is small that is "
                       "right; make a larger one.")
                        .arg(readers.join(QLatin1String(", ")))});
}

} // namespace llmemory::app
