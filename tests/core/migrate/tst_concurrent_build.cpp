#include "core/db/database_manager.h"
#include "core/migrate/migration_runner.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QElapsedTimer>

#include <thread>
#include <vector>

using namespace llmemory;
using db::Statement;
using migrate::Migration;
using migrate::MigrationRunner;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kIndexes{
    "indexes",
    "SELECT coalesce(string_agg(c.relname || CASE WHEN i.indisvalid THEN '' ELSE '?' END, ',' "
    "ORDER BY c.relname), '') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname LIKE 'by_%'"};
constexpr Statement kIndexOid{
    "index_oid",
    "SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = $1 AND c.relname = $2"};
constexpr Statement kBuilders{
    "builders",
    "SELECT p.pid FROM pg_stat_progress_create_index p JOIN pg_class c ON c.oid = p.relid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1"};
constexpr Statement kTerminate{"terminate", "SELECT pg_terminate_backend($1)"};
constexpr Statement kRecords{"records", "SELECT count(*) FROM {{tables.schema_migrations}}"};
constexpr Statement kClaims{"claims", "SELECT count(*) FROM {{tables.schema_migration_builds}}"};
/// Of this schema: tests beside this one migrate theirs.
constexpr Statement kAdvisoryLocks{
    "advisory_locks",
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND "
    "((classid::bigint << 32) | objid::bigint) = hashtextextended('llmemory:' || $1, 0)"};

Migration migration(qint64 number, const char *what, const char *sql)
{
    const QString text = QLatin1String(sql);
    return {number,
            QStringLiteral("%1_%2.sql").arg(number).arg(QLatin1String(what)),
            text,
            migrate::migrationChecksum(text)};
}

const Migration kTable = migration(1,
                                   "items",
                                   "CREATE TABLE {{tables.items}} (id int, name text); "
                                   "INSERT INTO {{tables.items}} SELECT i, 'item ' || i % 90 "
                                   "FROM generate_series(1, 100) i");
const Migration kIndex =
    migration(2,
              "index",
              "-- llmemory:no-transaction\n"
              "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON {{tables.items}} (name)");
const Migration kThree =
    migration(2,
              "three",
              "-- llmemory:no-transaction\n"
              "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_id ON {{tables.items}} (id)\n"
              "-- llmemory:next\n"
              "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_name ON {{tables.items}} (name)\n"
              "-- llmemory:next\n"
              "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_both ON {{tables.items}} (id, name);\n");

MigrationRunner runner(const QList<Migration> &migrations)
{
    return MigrationRunner({{QStringLiteral("shop"), migrations}});
}

/// An open transaction that every index build on the table waits for.
class Writer
{
public:
    explicit Writer(const TemporarySchema &database) : m_session(database)
    {
        run(QStringLiteral("BEGIN; INSERT INTO {{tables.items}} VALUES (1000, 'new')"));
    }
    ~Writer() { run(QStringLiteral("ROLLBACK")); }
    Q_DISABLE_COPY_MOVE(Writer)

private:
    void run(const QString &sql)
    {
        if (auto ok = m_session->runScript(QStringLiteral("writer"), sql); !ok)
            qFatal("%s", qPrintable(ok.error().detail));
    }

    ThreadSession m_session;
};

/// A program of its own that applies migrations.
class Program
{
public:
    Program(const TemporarySchema &database, QList<Migration> migrations)
        : m_thread([this, &database, migrations = std::move(migrations)] {
            ThreadSession session(database);
            m_outcome = runner(migrations).apply(*session);
        })
    {
    }
    ~Program()
    {
        if (m_thread.joinable())
            m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(Program)

    const Result<int> &outcome()
    {
        if (m_thread.joinable())
            m_thread.join();
        return m_outcome;
    }

private:
    Result<int> m_outcome = Error::cancelled();
    std::thread m_thread;
};

} // namespace

/// Migrations that run outside a transaction: interrupted, failing, and by two programs at once.
class TestConcurrentBuild : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void allStatementsAreRun();
    void goesOnAfterAKilledBuild();
    void failureKeepsTheStatementsBefore();
    void twoAtOnce();
    void manyAtOnce();
    void waitsForABuildOfSomebodyElse();
    void otherSchemasKeepTheirInvalidIndexes();
    void cancelledDuringAStatement();
    void cancelledBetweenStatements();
    void holdsNoLockWhileItBuilds();

private:
    db::Session &session() { return **m_session; }
    /// Names of the indexes made by migrations; an invalid one has a question mark.
    QString indexes();
    qint64 number(const Statement &statement, const QVariantList &values = {});
    /// The process that builds an index in the schema; 0 when there is none.
    int builder();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
    std::unique_ptr<ThreadSession> m_administrator;
};

void TestConcurrentBuild::initTestCase()
{
    const TemporarySchema database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
}

void TestConcurrentBuild::init()
{
    m_session.reset();
    m_administrator.reset();
    m_database = std::make_unique<TemporarySchema>(false);
    m_session = std::make_unique<ThreadSession>(*m_database);
    m_administrator = std::make_unique<ThreadSession>(*m_database, m_database->administrator());
    VERIFY_RESULT(runner({kTable}).apply(session()));
}

QString TestConcurrentBuild::indexes()
{
    const auto row = session().queryOne(kIndexes, {m_database->schema()});
    return row ? row->text(0) : row.error().detail;
}

qint64 TestConcurrentBuild::number(const Statement &statement, const QVariantList &values)
{
    const auto row = (*m_administrator)->queryOne(statement, values);
    return row ? row->bigint(0) : -1;
}

int TestConcurrentBuild::builder()
{
    const auto rows = (*m_administrator)->query(kBuilders, {m_database->schema()});
    return rows && !rows->isEmpty() ? rows->first().integer(0) : 0;
}

void TestConcurrentBuild::allStatementsAreRun()
{
    const Migration vacuum = migration(3,
                                       "vacuum",
                                       "-- llmemory:no-transaction\n"
                                       "VACUUM {{tables.items}}\n"
                                       "-- llmemory:next\n"
                                       "ANALYZE {{tables.items}}\n");
    const auto applied = runner({kTable, kIndex, vacuum}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 2);
    QCOMPARE(indexes(), QStringLiteral("by_name"));
    QCOMPARE(number(kRecords), 3);
    QCOMPARE(number(kClaims), 0);
    const auto again = runner({kTable, kIndex, vacuum}).apply(session());
    VERIFY_RESULT(again);
    QCOMPARE(*again, 0);
}

void TestConcurrentBuild::goesOnAfterAKilledBuild()
{
    {
        const Writer writer(*m_database);
        Program killed(*m_database, {kTable, kIndex});
        QTRY_VERIFY(builder() != 0);
        QCOMPARE(number(kTerminate, {builder()}), 1);
        QVERIFY(!killed.outcome());
        QCOMPARE(killed.outcome().error().kind, ErrorKind::Unavailable);
        QCOMPARE(indexes(), QStringLiteral("by_name?"));
        QCOMPARE(number(kRecords), 1);
    }
    const auto applied = runner({kTable, kIndex}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
    QCOMPARE(indexes(), QStringLiteral("by_name"));
    QCOMPARE(number(kRecords), 2);
}

void TestConcurrentBuild::failureKeepsTheStatementsBefore()
{
    const auto failed = runner({kTable, kThree}).apply(session());
    QVERIFY(!failed);
    for (const char *told : {"Statement 2 of 3", "2_three.sql", "\"shop\"", "apply again"})
        QVERIFY2(failed.error().message.contains(QLatin1String(told)),
                 qPrintable(failed.error().message));
    QCOMPARE(failed.error().sqlState, QStringLiteral("23505"));
    QCOMPARE(indexes(), QStringLiteral("by_id,by_name?"));
    QCOMPARE(number(kRecords), 1);
    QCOMPARE(number(kClaims), 0);
    const qint64 first = number(kIndexOid, {m_database->schema(), QStringLiteral("by_id")});

    VERIFY_RESULT(session().runScript(
        QStringLiteral("repair"), QStringLiteral("DELETE FROM {{tables.items}} WHERE id > 90")));
    const auto applied = runner({kTable, kThree}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
    QCOMPARE(indexes(), QStringLiteral("by_both,by_id,by_name"));
    QCOMPARE(number(kIndexOid, {m_database->schema(), QStringLiteral("by_id")}), first);
}

void TestConcurrentBuild::twoAtOnce()
{
    auto writer = std::make_unique<Writer>(*m_database);
    Program first(*m_database, {kTable, kIndex});
    QTRY_VERIFY(builder() != 0);
    const int pid = builder();
    const qint64 oid = number(kIndexOid, {m_database->schema(), QStringLiteral("by_name")});
    Program second(*m_database, {kTable, kIndex});
    // Longer than a program gets to begin, and than the server needs to see a deadlock.
    QTest::qWait(6000);
    QCOMPARE(builder(), pid);
    writer.reset();
    VERIFY_RESULT(first.outcome());
    VERIFY_RESULT(second.outcome());
    QCOMPARE(*first.outcome(), 1);
    QCOMPARE(*second.outcome(), 0);
    QCOMPARE(indexes(), QStringLiteral("by_name"));
    QCOMPARE(number(kIndexOid, {m_database->schema(), QStringLiteral("by_name")}), oid);
    QCOMPARE(number(kRecords), 2);
}

void TestConcurrentBuild::manyAtOnce()
{
    const Migration more =
        migration(3,
                  "more",
                  "-- llmemory:no-transaction\n"
                  "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_id ON {{tables.items}} (id)\n"
                  "-- llmemory:next\n"
                  "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_both ON {{tables.items}} (name, id)");
    std::vector<std::unique_ptr<Program>> programs;
    for (int i = 0; i < 6; ++i)
        programs.push_back(std::make_unique<Program>(*m_database, QList{kTable, kIndex, more}));
    int applied = 0;
    for (const auto &program : programs) {
        VERIFY_RESULT(program->outcome());
        applied += *program->outcome();
    }
    QCOMPARE(applied, 2);
    QCOMPARE(indexes(), QStringLiteral("by_both,by_id,by_name"));
}

void TestConcurrentBuild::waitsForABuildOfSomebodyElse()
{
    // By hand, as another user: our program may not see what that one does, only that it builds.
    auto writer = std::make_unique<Writer>(*m_database);
    Result<> built;
    std::thread hand([&] {
        ThreadSession administrator(*m_database, m_database->administrator());
        built = administrator->runScript(
            QStringLiteral("by_hand"),
            QStringLiteral("CREATE INDEX CONCURRENTLY by_name ON {{tables.items}} (name)"));
    });
    QTRY_VERIFY(builder() != 0);
    const qint64 oid = number(kIndexOid, {m_database->schema(), QStringLiteral("by_name")});
    Program program(*m_database, {kTable, kIndex});
    QTest::qWait(1500);
    QCOMPARE(indexes(), QStringLiteral("by_name?"));
    writer.reset();
    hand.join();
    VERIFY_RESULT(built);
    VERIFY_RESULT(program.outcome());
    QCOMPARE(*program.outcome(), 1);
    QCOMPARE(indexes(), QStringLiteral("by_name"));
    QCOMPARE(number(kIndexOid, {m_database->schema(), QStringLiteral("by_name")}), oid);
}

void TestConcurrentBuild::otherSchemasKeepTheirInvalidIndexes()
{
    const TemporarySchema other(false);
    ThreadSession there(other);
    VERIFY_RESULT(runner({kTable}).apply(*there));
    QVERIFY(!there->runScript(
        QStringLiteral("fails"),
        QStringLiteral("CREATE UNIQUE INDEX CONCURRENTLY by_name ON {{tables.items}} (name)")));
    VERIFY_RESULT(runner({kTable, kIndex}).apply(session()));
    const auto left = there->queryOne(kIndexes, {other.schema()});
    VERIFY_RESULT(left);
    QCOMPARE(left->text(0), QStringLiteral("by_name?"));
}

void TestConcurrentBuild::cancelledDuringAStatement()
{
    {
        const Writer writer(*m_database);
        const db::DatabaseManager manager = m_database->manager(1);
        auto future = manager.run(db::Access::Write, [](db::Session &session) {
            return runner({kTable, kIndex}).apply(session);
        });
        QTRY_VERIFY(builder() != 0);
        future.cancel();
        QElapsedTimer timer;
        timer.start();
        future.waitForFinished();
        QTRY_COMPARE(builder(), 0);
        QVERIFY(timer.elapsed() < 3000);
    }
    QCOMPARE(number(kRecords), 1);
    VERIFY_RESULT(runner({kTable, kIndex}).apply(session()));
    QCOMPARE(indexes(), QStringLiteral("by_name"));
}

void TestConcurrentBuild::cancelledBetweenStatements()
{
    ThreadSession mine(*m_database);
    db::Session impatient(mine->connection(), mine->names(), [this] {
        return indexes().contains(QLatin1String("by_id"));
    });
    const auto applied = runner({kTable, kThree}).apply(impatient);
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind, ErrorKind::Cancelled);
    QCOMPARE(indexes(), QStringLiteral("by_id"));
    QCOMPARE(number(kRecords), 1);
    QCOMPARE(number(kClaims), 0);
}

void TestConcurrentBuild::holdsNoLockWhileItBuilds()
{
    auto writer = std::make_unique<Writer>(*m_database);
    Program program(*m_database, {kTable, kIndex});
    QTRY_VERIFY(builder() != 0);
    QCOMPARE(number(kAdvisoryLocks, {m_database->schema()}), 0);
    writer.reset();
    VERIFY_RESULT(program.outcome());
}

QTEST_GUILESS_MAIN(TestConcurrentBuild)
#include "tst_concurrent_build.moc"
