#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"
#include "tests/statements/statement_plan.h"

#include <QDir>
#include <QFile>
#include <QMap>
#include <QRegularExpression>

using namespace llmemory;
using db::Statement;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

struct Exception
{
    const char *name;
    const char *reason;
};

// Statements that serve all owners by design. One that no longer exists, or that names the owner
// now, must be taken off the list.
constexpr Exception kExceptions[] = {
    {"due_owner", "finds whose passages wait longest; the work itself is then one owner's"},
    {"queue_figures", "counts the queue of one owner, or of all for the endpoint's metrics"},
    {"doctor_queue", "counts the whole queue"},
    {"owners_with_failed_jobs",
     "finds whose embeddings to try again; each is then one owner's work"},
    {"doctor_largest_owners", "finds the owners whose recall is measured"},
    {"owners_with_many_passages", "finds the owners whose vectors get an index of their own"},
    {"owners_with_passages", "goes through the registry to embed everybody's passages anew"},
    {"owners_with_index_work",
     "finds in the registry whose text index to build or merge; each is then one owner's work"},
    {"renew_batches", "renews what this program leased, by its token, whoever's files they are"},
    {"release_batches", "gives back what this program leased, by its token"},
    {"adopt_batches", "takes over what a program that died on this machine left, for all owners"},
    {"list_owners",
     "owners is the registry of tenants: names and counts, listed by administration"},
    {"count_passages", "adds up the counts of the registry for the endpoint's metrics"},
};

constexpr qsizetype kShortestLiteral = 8;

struct Captured
{
    QString name;
    QString sql; ///< with templates
};

constexpr Statement kTenantTables{
    "tenant_tables",
    "SELECT c.relname, o.attnum - 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'owner_id' AND NOT o.attisdropped "
    "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')"};

/// Literals of the library that may be statements on its tables, or names of the exceptions. A
/// literal ends with a zero byte; what stands before it may belong to something else.
QList<QByteArray> literals(const QByteArray &library)
{
    QList<QByteArray> found;
    for (qsizetype start = 0; start < library.size();) {
        qsizetype end = library.indexOf('\0', start);
        if (end < 0)
            end = library.size();
        // Most of a library are single bytes and zeros.
        if (end - start < kShortestLiteral) {
            start = end + 1;
            continue;
        }
        const auto text = QByteArray::fromRawData(library.constData() + start, end - start);
        const bool isName =
            std::any_of(std::begin(kExceptions),
                        std::end(kExceptions),
                        [&](const Exception &exception) { return text == exception.name; });
        if (isName || text.contains("{{tables.") || text.contains("{{embeddings}}"))
            found.append(text);
        start = end + 1;
    }
    return found;
}

const Exception *exceptionFor(const QString &name)
{
    for (const Exception &exception : kExceptions) {
        if (name == QLatin1String(exception.name))
            return &exception;
    }
    return nullptr;
}

} // namespace

/// Every statement that the program ran in the tests before this one says whose rows it touches.
/// The server plans it without row-level security, and the plan is read.
class TestStatements : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void ownStatementsNameTheOwner();
    void exceptionsAreNeeded();
    void checkFindsFaults_data();
    void checkFindsFaults();
    void checkAcceptsOwners_data();
    void checkAcceptsOwners();

private:
    bool namesTenantTable(const QString &sql) const;
    /// Of a statement with templates, planned in the test's schema.
    Result<QStringList> faults(const QString &sql);
    void readCaptured();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session; ///< as superuser
    QHash<QString, int> m_tables;
    QByteArray m_library;
    QList<QByteArray> m_literals;
    QList<Captured> m_captured; ///< of the program, on tenant tables
};

void TestStatements::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_session = std::make_unique<ThreadSession>(*m_database, m_database->administrator());
    VERIFY_RESULT((*m_session)
                      ->runScript(QStringLiteral("generic_plans"),
                                  QStringLiteral("SET plan_cache_mode = "
                                                 "force_generic_plan")));
    const auto tables = (*m_session)->query(kTenantTables, {m_database->schema()});
    VERIFY_RESULT(tables);
    for (const db::Row &row : *tables)
        m_tables.insert(row.text(0), row.integer(1));
    QVERIFY(m_tables.size() >= 8);

    QFile library(qEnvironmentVariable("LLMEMORY_LIBRARY"));
    QVERIFY2(library.open(QIODevice::ReadOnly), qPrintable(library.errorString()));
    m_library = library.readAll();
    m_literals = literals(m_library);
    QVERIFY(m_literals.size() > 50);
    readCaptured();
}

bool TestStatements::namesTenantTable(const QString &sql) const
{
    static const QRegularExpression pattern(QStringLiteral("\\{\\{tables\\.([a-z_0-9]+)\\}\\}"));
    if (sql.contains(QLatin1String("{{embeddings}}")))
        return true;
    auto matches = pattern.globalMatch(sql);
    while (matches.hasNext()) {
        if (m_tables.contains(matches.next().captured(1)))
            return true;
    }
    return false;
}

void TestStatements::readCaptured()
{
    QMap<QString, QString> distinct; // name by text
    const QDir directory(qEnvironmentVariable("LLMEMORY_STATEMENT_LOG"));
    for (const QString &name : directory.entryList({QStringLiteral("*.jsonl")}, QDir::Files)) {
        QFile file(directory.filePath(name));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.errorString()));
        while (!file.atEnd()) {
            const QByteArray line = file.readLine().trimmed();
            // A killed program may have left half a line.
            const auto statement = parseJson(line, QStringLiteral("statement"));
            if (statement)
                distinct.insert(toQString(statement->at("sql")), toQString(statement->at("name")));
        }
    }
    for (auto entry = distinct.cbegin(); entry != distinct.cend(); ++entry) {
        const QByteArray sql = entry.key().toUtf8();
        // Those of the tests themselves are not the program's.
        const bool isOurs =
            std::any_of(m_literals.cbegin(), m_literals.cend(), [&](const QByteArray &literal) {
                return literal.endsWith(sql);
            });
        if (isOurs && namesTenantTable(entry.key()))
            m_captured.append({entry.value(), entry.key()});
    }
}

Result<QStringList> TestStatements::faults(const QString &sql)
{
    static const QRegularExpression parameter(QStringLiteral("\\$(\\d+)"));
    // Parameters that nothing uses come first, so that those of the statement have other numbers
    // than the results of subqueries in its plan.
    QStringList types;
    for (int i = 1; i < testing::kFirstParameter; ++i)
        types << QStringLiteral("text");
    QString shifted;
    qsizetype copied = 0;
    auto matches = parameter.globalMatch(sql);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const int number = match.captured(1).toInt() + testing::kFirstParameter - 1;
        while (types.size() < number)
            types << QStringLiteral("unknown");
        shifted += QStringView(sql).mid(copied, match.capturedStart() - copied);
        shifted += QLatin1Char('$') + QString::number(number);
        copied = match.capturedEnd();
    }
    shifted += QStringView(sql).mid(copied);

    db::Session &session = **m_session;
    const QString prepare =
        QStringLiteral("PREPARE examined (%1) AS ").arg(types.join(QLatin1Char(','))) +
        session.names().expand(shifted);
    if (auto ok = session.connection().runScript(QStringLiteral("prepare"), prepare); !ok)
        return ok.error();
    const QString explain =
        QStringLiteral("EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) EXECUTE examined (%1)")
            .arg(QStringList(types.size(), QStringLiteral("NULL")).join(QLatin1Char(',')));
    const auto plan = session.connection().query("explain", explain, {});
    const auto done = session.connection().runScript(QStringLiteral("deallocate"),
                                                     QStringLiteral("DEALLOCATE examined"));
    if (!plan)
        return plan.error();
    if (!done)
        return done.error();
    const auto json = parseJson(plan->first().value(0).toByteArray(), QStringLiteral("plan"));
    if (!json)
        return json.error();
    return testing::faultsOfPlan(*json, m_tables);
}

void TestStatements::ownStatementsNameTheOwner()
{
    if (m_captured.isEmpty())
        QSKIP("no statement was captured: run this together with the tests labelled db");
    qInfo("%d statements of the program on tenants' tables", int(m_captured.size()));
    QStringList wrong;
    for (const Captured &statement : std::as_const(m_captured)) {
        const auto found = faults(statement.sql);
        if (!found)
            wrong << statement.name + QStringLiteral(" cannot be planned: ") + found.error().detail;
        else if (!found->isEmpty() && !exceptionFor(statement.name))
            wrong << statement.name + QLatin1Char(' ') + found->join(QLatin1String(", "));
    }
    // One by one: Qt cuts long messages.
    for (const QString &fault : std::as_const(wrong))
        qWarning("%s", qPrintable(fault));
    QCOMPARE(wrong.size(), 0);
}

void TestStatements::exceptionsAreNeeded()
{
    for (const Exception &exception : kExceptions)
        QVERIFY2(m_literals.contains(QByteArray(exception.name)),
                 qPrintable(QLatin1String(exception.name) +
                            QStringLiteral(" is no statement of the program")));
    for (const Captured &statement : std::as_const(m_captured)) {
        if (!exceptionFor(statement.name))
            continue;
        const auto found = faults(statement.sql);
        VERIFY_RESULT(found);
        QVERIFY2(!found->isEmpty(),
                 qPrintable(statement.name + QStringLiteral(" names the owner: no exception")));
    }
}

void TestStatements::checkFindsFaults_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const char *sql, const char *fault) {
        QTest::newRow(name) << QString::fromLatin1(sql) << QString::fromLatin1(fault);
    };
    row("by its own key",
        "SELECT content FROM {{tables.document_contents}} WHERE document_id = $1",
        "reads document_contents");
    row("owner as one of two ways",
        "SELECT count(*) FROM {{tables.documents}} WHERE $1 = '' OR owner_id = $1",
        "reads documents");
    row("another owner",
        "SELECT count(*) FROM {{tables.documents}} WHERE owner_id <> $1",
        "reads documents");
    row("owner from a subquery",
        "SELECT count(*) FROM {{tables.documents}} WHERE owner_id = "
        "(SELECT min(owner_id) FROM {{tables.owners}})",
        "reads documents");
    row("one side of a join",
        "SELECT d.document_name FROM {{tables.document_chunks}} c JOIN {{tables.documents}} d "
        "ON d.document_id = c.document_id WHERE c.owner_id = $1",
        "reads documents (d)");
    row("kept side of an outer join",
        "SELECT d.document_name FROM {{tables.documents}} d LEFT JOIN {{tables.document_chunks}} c "
        "ON d.owner_id = c.owner_id AND c.owner_id = $1",
        "reads documents (d)");
    row("two tables of nobody",
        "SELECT d.document_name FROM {{tables.documents}} d JOIN {{tables.document_chunks}} c "
        "ON d.owner_id = c.owner_id AND d.document_id = c.document_id",
        "reads document_chunks (c)");
    row("vectors",
        "SELECT chunk_id FROM {{embeddings}} ORDER BY embedding <#> $1::halfvec LIMIT 5",
        "reads embeddings_");
    row("update", "UPDATE {{tables.documents}} SET document_name = $1", "reads documents");
    row("delete by a subquery",
        "DELETE FROM {{tables.documents}} WHERE owner_id = $1 AND document_id IN "
        "(SELECT document_id FROM {{tables.ingest_files}})",
        "reads ingest_files");
    row("insert without owner",
        "INSERT INTO {{tables.document_contents}} (document_id, content, structure) "
        "VALUES ($1, $2, $3)",
        "inserts into document_contents with the owner NULL");
    row("insert with an owner of its own",
        "INSERT INTO {{tables.owners}} (owner_id, display_name) VALUES ('me', $1)",
        "inserts into owners with the owner 'me'");
}

void TestStatements::checkFindsFaults()
{
    QFETCH(QString, sql);
    QFETCH(QString, fault);
    const auto found = faults(sql);
    VERIFY_RESULT(found);
    QVERIFY2(found->join(QLatin1Char('\n')).contains(fault),
             qPrintable(found->join(QLatin1Char('\n'))));
}

void TestStatements::checkAcceptsOwners_data()
{
    QTest::addColumn<QString>("sql");
    const auto row = [](const char *name, const char *sql) {
        QTest::newRow(name) << QString::fromLatin1(sql);
    };
    row("filter", "SELECT count(*) FROM {{tables.documents}} WHERE owner_id = $2 AND $1 = 'x'");
    row("other way round", "SELECT count(*) FROM {{tables.documents}} WHERE $1 = owner_id");
    row("join by owner",
        "SELECT d.document_name FROM {{tables.document_chunks}} c JOIN {{tables.documents}} d "
        "ON d.owner_id = c.owner_id AND d.document_id = c.document_id WHERE c.owner_id = $1");
    row("outer join by owner",
        "SELECT d.document_name FROM {{tables.documents}} d LEFT JOIN {{tables.document_chunks}} c "
        "ON d.owner_id = c.owner_id AND c.document_id = d.document_id WHERE d.owner_id = $1");
    row("subqueries",
        "SELECT (SELECT count(*) FROM {{tables.documents}} WHERE owner_id = $1), "
        "(SELECT count(*) FROM {{tables.document_chunks}} WHERE owner_id = $1)");
    row("insert", "INSERT INTO {{tables.owners}} (owner_id, display_name) VALUES ($1, $2)");
    row("insert where it is not there yet",
        "INSERT INTO {{tables.owners}} (owner_id, display_name) SELECT $1, $2 WHERE NOT EXISTS "
        "(SELECT FROM {{tables.owners}} WHERE owner_id = $1) ON CONFLICT DO NOTHING");
    row("insert from a table of the owner",
        "INSERT INTO {{tables.document_contents}} (owner_id, document_id, content, structure) "
        "SELECT owner_id, document_id, 'x', '{}' FROM {{tables.documents}} WHERE owner_id = $1");
}

void TestStatements::checkAcceptsOwners()
{
    QFETCH(QString, sql);
    const auto found = faults(sql);
    VERIFY_RESULT(found);
    QCOMPARE(*found, QStringList());
}

QTEST_GUILESS_MAIN(TestStatements)
#include "tst_statements.moc"
