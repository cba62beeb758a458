#include "core/db/connection_pool.h"
#include "core/db/database_manager.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QMutex>
#include <QSemaphore>
#include <QSet>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace llmemory;
using db::Access;
using db::Connection;
using db::ConnectionPool;
using db::Session;
using db::Statement;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kPid{"own_pid", "SELECT pg_backend_pid()"};
constexpr Statement kTerminate{"terminate", "SELECT pg_terminate_backend($1, 5000)"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep(60)"};
constexpr Statement kSleeping{
    "sleeping",
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = $1 "
    "AND wait_event = 'PgSleep'"};

using IntResult = Result<int>;

db::PoolOptions size(int most)
{
    return {.minConnections = 1, .maxConnections = most};
}

IntResult intOf(const Result<db::Row> &row)
{
    return row ? IntResult(row->integer(0)) : IntResult(row.error());
}

} // namespace

/// Tasks on a few connections: many at once, cancelled, and with a server that goes away.
class TestConnectionPool : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void manyTasksShareFewConnections();
    void errorsAndExceptionsLeaveThePoolUsable();
    void lostConnection_data();
    void lostConnection();
    void connectionLostWhileIdle_data();
    void connectionLostWhileIdle();
    void lossIsReportedAndServerAskedFor();
    void cancellingStopsTheStatement();
    void waitingTaskCanBeCancelled();
    void cancelledTaskDoesNotDisturbTheNext();
    void closingEndsRunningAndWaitingTasks();
    void closedPoolAnswers();
    void wrongDatabaseFailsAtOnce();
    void waitingTooLongIsUnavailable();
    void unusedConnectionsCloseButTheLeast();
    void tasksInTheSameOrderGetTheSameConnections();
    void timeoutsHoldInEachTransaction();
    void tasksOfOneManagerAreCancelledAlone();
    void closingFromManyThreads();
    void wrongOptionsAreRefused_data();
    void wrongOptionsAreRefused();

private:
    /// Parameters with a name of this test's own, to be found in pg_stat_activity.
    db::ConnectionParams params() const;
    db::DatabaseManager manager(int connections) const;
    int sleeping();
    Result<> terminate(int pid);

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_administrator;
};

void TestConnectionPool::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_administrator = std::make_unique<ThreadSession>(*m_database, m_database->administrator());
}

db::ConnectionParams TestConnectionPool::params() const
{
    db::ConnectionParams params = m_database->params();
    params.options << QStringLiteral("application_name=") + m_database->schema();
    return params;
}

db::DatabaseManager TestConnectionPool::manager(int connections) const
{
    return db::DatabaseManager(std::make_shared<ConnectionPool>(params(), size(connections)),
                               m_database->manager(1).names());
}

int TestConnectionPool::sleeping()
{
    const auto row = (*m_administrator)->queryOne(kSleeping, {m_database->schema()});
    return row ? row->integer(0) : -1;
}

Result<> TestConnectionPool::terminate(int pid)
{
    const auto outcome = (*m_administrator)->query(kTerminate, {pid});
    return outcome ? Result<>() : Result<>(outcome.error());
}

void TestConnectionPool::manyTasksShareFewConnections()
{
    static constexpr Statement kEcho{"echo", "SELECT pg_backend_pid(), $1::int"};
    const auto database = manager(4);
    QMutex mutex;
    QSet<int> pids; // guarded by mutex
    QList<QFuture<IntResult>> futures;
    for (int i = 0; i < 100; ++i) {
        futures << database.run(Access::Read, [&, i](Session &session) -> IntResult {
            auto row = session.queryOne(kEcho, {i});
            if (!row)
                return row.error();
            const QMutexLocker lock(&mutex);
            pids.insert(row->integer(0));
            return row->integer(1);
        });
    }
    for (int i = 0; i < 100; ++i) {
        const auto answer = futures[i].result();
        VERIFY_RESULT(answer);
        QCOMPARE(*answer, i);
    }
    QVERIFY(!pids.isEmpty());
    QVERIFY(pids.size() <= 4);
}

void TestConnectionPool::errorsAndExceptionsLeaveThePoolUsable()
{
    static constexpr Statement kWrong{"wrong", "SELECT 1/0"};
    const auto database = manager(1);
    const auto failed =
        database.run(Access::Read, [](Session &session) { return intOf(session.queryOne(kWrong)); })
            .result();
    QVERIFY(!failed);
    QCOMPARE(failed.error().sqlState, QStringLiteral("22012"));
    const auto thrown =
        database
            .run(Access::Read,
                 [](Session &) -> IntResult { throw std::runtime_error("out of luck"); })
            .result();
    QVERIFY(!thrown);
    QCOMPARE(thrown.error().kind, ErrorKind::Internal);
    QVERIFY(thrown.error().detail.contains(QLatin1String("out of luck")));
    const auto fine =
        database.run(Access::Read, [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    VERIFY_RESULT(fine);
}

void TestConnectionPool::lostConnection_data()
{
    QTest::addColumn<int>("access");
    QTest::addColumn<bool>("workBefore");
    QTest::addColumn<int>("runs");
    QTest::newRow("read") << int(Access::Read) << true << 2;
    QTest::newRow("write with something done") << int(Access::Write) << true << 1;
    QTest::newRow("write with nothing done") << int(Access::Write) << false << 2;
}

void TestConnectionPool::lostConnection()
{
    QFETCH(int, access);
    QFETCH(bool, workBefore);
    QFETCH(int, runs);
    std::atomic_int begun = 0;
    const auto database = manager(1);
    const auto warm =
        database.run(Access::Read, [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    VERIFY_RESULT(warm);

    const auto outcome =
        database
            .run(Access(access),
                 [&](Session &session) -> IntResult {
                     const bool first = ++begun == 1;
                     if (workBefore) {
                         if (auto pid = session.queryOne(kPid); !pid)
                             return pid.error();
                     }
                     if (first) {
                         ThreadSession killer(*m_database, m_database->administrator());
                         if (auto ok = killer->query(kTerminate, {*warm}); !ok)
                             return ok.error();
                     }
                     return intOf(session.queryOne(kPid));
                 })
            .result();
    QCOMPARE(begun.load(), runs);
    QCOMPARE(outcome.has_value(), runs == 2);
    if (outcome)
        QVERIFY(*outcome != *warm);
    else
        QVERIFY(db::isConnectionLoss(outcome.error()));
    const auto after =
        database.run(Access::Write, [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    VERIFY_RESULT(after);
}

void TestConnectionPool::connectionLostWhileIdle_data()
{
    QTest::addColumn<int>("access");
    QTest::newRow("read") << int(Access::Read);
    QTest::newRow("write") << int(Access::Write);
}

void TestConnectionPool::connectionLostWhileIdle()
{
    QFETCH(int, access);
    const auto database = manager(1);
    const auto ask = [&] {
        return database
            .runInTransaction(Access(access),
                              "ask",
                              db::Scope::registry(),
                              [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    };
    const auto before = ask();
    VERIFY_RESULT(before);
    VERIFY_RESULT(terminate(*before));
    const auto after = ask();
    VERIFY_RESULT(after);
    QVERIFY(*after != *before);
}

void TestConnectionPool::lossIsReportedAndServerAskedFor()
{
    auto pool = std::make_shared<ConnectionPool>(params(), size(1));
    std::atomic_int asked = 0;
    pool->setBeforeReconnect([&]() -> Result<> {
        ++asked;
        return {};
    });
    const db::DatabaseManager database(pool, m_database->manager(1).names());
    const auto ask = [&] {
        return database
            .run(Access::Read, [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    };
    const auto before = ask();
    VERIFY_RESULT(before);
    QCOMPARE(asked.load(), 0);
    VERIFY_RESULT(terminate(*before));
    VERIFY_RESULT(ask());
    QCOMPARE(asked.load(), 1);
}

void TestConnectionPool::cancellingStopsTheStatement()
{
    const auto database = manager(1);
    std::atomic_int kind = -1;
    auto future = database.run(Access::Read, [&](Session &session) {
        const auto outcome = session.queryOne(kSleep);
        kind = outcome ? -2 : int(outcome.error().kind);
        return intOf(outcome);
    });
    QTRY_COMPARE(sleeping(), 1);
    future.cancel();
    QTRY_COMPARE(sleeping(), 0);
    QTRY_COMPARE(kind.load(), int(ErrorKind::Cancelled));
    future.waitForFinished();
    QVERIFY(future.isCanceled());
    const auto after =
        database.run(Access::Read, [](Session &session) { return intOf(session.queryOne(kPid)); })
            .result();
    VERIFY_RESULT(after);
}

void TestConnectionPool::waitingTaskCanBeCancelled()
{
    const auto database = manager(1);
    QSemaphore mayEnd;
    std::atomic_bool begun = false;
    auto first = database.run(Access::Read, [&](Session &) -> IntResult {
        mayEnd.acquire();
        return 1;
    });
    auto second = database.run(Access::Read, [&](Session &) -> IntResult {
        begun = true;
        return 2;
    });
    second.cancel();
    mayEnd.release();
    VERIFY_RESULT(first.result());
    second.waitForFinished();
    QVERIFY(!begun);
    QVERIFY(second.isCanceled());
}

void TestConnectionPool::cancelledTaskDoesNotDisturbTheNext()
{
    const auto database = manager(1);
    for (int i = 0; i < 20; ++i) {
        QSemaphore begun;
        auto cancelled = database.run(Access::Read, [&](Session &session) {
            begun.release();
            return intOf(session.queryOne(kSleep));
        });
        auto next = database.run(Access::Read,
                                 [](Session &session) { return intOf(session.queryOne(kPid)); });
        begun.acquire();
        cancelled.cancel();
        VERIFY_RESULT(next.result());
    }
}

void TestConnectionPool::closingEndsRunningAndWaitingTasks()
{
    const auto pool = std::make_shared<ConnectionPool>(params(), size(4));
    const db::DatabaseManager database(pool, m_database->manager(1).names());
    QList<QFuture<IntResult>> futures;
    for (int i = 0; i < 20; ++i)
        futures << database.run(Access::Read,
                                [](Session &session) { return intOf(session.queryOne(kSleep)); });
    QTRY_COMPARE(sleeping(), 4);
    pool->close();
    QCOMPARE(sleeping(), 0);
    for (auto &future : futures) {
        QVERIFY(future.isFinished());
        const auto answer = future.result();
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
    }
}

void TestConnectionPool::closedPoolAnswers()
{
    ConnectionPool pool(params(), size(2));
    pool.close();
    pool.close();
    auto future = pool.run(
        Access::Read, [](Connection &, const std::function<bool()> &) { return IntResult(1); });
    const auto answer = future.result();
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
}

void TestConnectionPool::wrongDatabaseFailsAtOnce()
{
    db::ConnectionParams wrong = params();
    wrong.database = QStringLiteral("absent");
    std::atomic_int begun = 0;
    ConnectionPool pool(wrong, size(1));
    auto future = pool.run(Access::Read, [&](Connection &, const std::function<bool()> &) {
        return IntResult(++begun);
    });
    const auto answer = future.result();
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Configuration);
    QCOMPARE(begun.load(), 0);
}

void TestConnectionPool::waitingTooLongIsUnavailable()
{
    db::PoolOptions options = size(1);
    options.acquireTimeout = std::chrono::milliseconds(100);
    ConnectionPool pool(params(), options);
    QSemaphore mayEnd;
    auto first = pool.run(Access::Read, [&](Connection &, const std::function<bool()> &) {
        mayEnd.acquire();
        return IntResult(1);
    });
    auto second = pool.run(
        Access::Read, [](Connection &, const std::function<bool()> &) { return IntResult(2); });
    const auto refused = second.result();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QCOMPARE(refused.error().code, QStringLiteral("pool_busy"));
    QCOMPARE(pool.statistics().busy, 1);
    mayEnd.release();
    VERIFY_RESULT(first.result());
    VERIFY_RESULT(pool.run(Access::Read,
                           [](Connection &, const std::function<bool()> &) { return IntResult(3); })
                      .result());
}

void TestConnectionPool::unusedConnectionsCloseButTheLeast()
{
    db::PoolOptions options{.minConnections = 1, .maxConnections = 4};
    options.idleTimeout = std::chrono::milliseconds(100);
    const db::DatabaseManager database(std::make_shared<ConnectionPool>(params(), options),
                                       m_database->manager(1).names());
    static constexpr Statement kShort{"short_sleep", "SELECT 1 FROM pg_sleep(0.05)"};
    static constexpr Statement kOpen{
        "open_connections", "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"};
    const auto open = [&] {
        const auto row = (*m_administrator)->queryOne(kOpen, {m_database->schema()});
        return row ? row->integer(0) : -1;
    };
    QTRY_COMPARE(open(), 0); // what earlier tests had
    QList<QFuture<IntResult>> futures;
    for (int i = 0; i < 4; ++i)
        futures << database.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kShort)); });
    for (auto &future : futures)
        VERIFY_RESULT(future.result());
    QTRY_COMPARE(open(), 1);
    QCOMPARE(database.pool()->statistics().open, 1);
    VERIFY_RESULT(
        database.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kPid)); }).result());
}

void TestConnectionPool::tasksInTheSameOrderGetTheSameConnections()
{
    const db::DatabaseManager database(std::make_shared<ConnectionPool>(params(), size(4)),
                                       m_database->manager(1).names());
    const auto pid = [](Session &s) { return intOf(s.queryOne(kPid)); };
    QSemaphore begun;
    QSemaphore mayEnd;
    QList<QFuture<IntResult>> futures;
    for (int i = 0; i < 4; ++i)
        futures << database.run(Access::Read, [&](Session &s) {
            begun.release();
            mayEnd.acquire();
            return pid(s);
        });
    begun.acquire(4);
    mayEnd.release(4);
    QSet<int> all;
    for (auto &future : futures) {
        VERIFY_RESULT(future.result());
        all.insert(*future.result());
    }
    QCOMPARE(all.size(), 4);
    const auto isIdle = [&database] { return database.pool()->statistics().busy == 0; };
    QTRY_VERIFY(isIdle());
    // Two at a time, the second one begun and done while the first one runs; then one alone.
    QList<int> used;
    for (int i = 0; i < 20; ++i) {
        QTRY_VERIFY(isIdle());
        const auto first = database.run(Access::Read, [&](Session &s) {
            begun.release();
            mayEnd.acquire();
            return pid(s);
        });
        begun.acquire();
        const auto second = database.run(Access::Read, pid).result();
        mayEnd.release();
        VERIFY_RESULT(first.result());
        VERIFY_RESULT(second);
        QTRY_VERIFY(isIdle());
        const auto alone = database.run(Access::Read, pid).result();
        VERIFY_RESULT(alone);
        const QList<int> now{*first.result(), *second, *alone};
        if (i == 0)
            used = now;
        QCOMPARE(now, used);
        QCOMPARE(*alone, *first.result());
    }
}

void TestConnectionPool::timeoutsHoldInEachTransaction()
{
    db::PoolOptions options = size(1);
    options.timeouts.statement = std::chrono::milliseconds(200);
    const db::DatabaseManager database(std::make_shared<ConnectionPool>(params(), options),
                                       m_database->manager(1).names());
    for (int i = 0; i < 2; ++i) {
        const auto stopped =
            database
                .runInTransaction(Access::Read,
                                  "slow",
                                  db::Scope::registry(),
                                  [](Session &s) { return intOf(s.queryOne(kSleep)); })
                .result();
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().sqlState, QStringLiteral("57014"));
    }
    // Nothing of it is left in the session.
    static constexpr Statement kSetting{
        "statement_timeout",
        "SELECT CASE WHEN current_setting('statement_timeout') = reset_val THEN 1 ELSE 0 END "
        "FROM pg_settings WHERE name = 'statement_timeout'"};
    const auto reset =
        database.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kSetting)); }).result();
    VERIFY_RESULT(reset);
    QCOMPARE(*reset, 1);
}

void TestConnectionPool::tasksOfOneManagerAreCancelledAlone()
{
    const auto pool = std::make_shared<ConnectionPool>(params(), size(2));
    const db::SqlNames names = m_database->manager(1).names();
    const db::DatabaseManager mine(pool, names);
    const db::DatabaseManager other(pool, names);
    static constexpr Statement kShort{"short_sleep", "SELECT 7 FROM pg_sleep(0.5)"};
    QList<QFuture<IntResult>> doomed;
    for (int i = 0; i < 5; ++i)
        doomed << mine.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kSleep)); });
    auto lasting = other.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kShort)); });
    QTRY_VERIFY(sleeping() >= 1);
    mine.tasks().close();
    for (auto &future : doomed) {
        QVERIFY(future.isFinished());
        const auto answer = future.result();
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
    }
    const auto answer = lasting.result();
    VERIFY_RESULT(answer);
    QCOMPARE(*answer, 7);
    const auto late =
        mine.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kPid)); }).result();
    QVERIFY(!late);
    QCOMPARE(late.error().kind, ErrorKind::Cancelled);
}

void TestConnectionPool::closingFromManyThreads()
{
    const auto pool = std::make_shared<ConnectionPool>(params(), size(4));
    const db::DatabaseManager database(pool, m_database->manager(1).names());
    std::atomic_int answered = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                database.run(Access::Read, [](Session &s) { return intOf(s.queryOne(kPid)); })
                    .waitForFinished();
                ++answered;
            }
        });
    }
    QTRY_VERIFY(answered > 20);
    pool->close();
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(answered.load(), 200);
    QCOMPARE(pool->statistics().open, 0);
}

void TestConnectionPool::wrongOptionsAreRefused_data()
{
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    QTest::addColumn<int>("acquireMs");
    QTest::newRow("none") << 0 << 0 << 1000;
    QTest::newRow("too many") << 0 << 65 << 1000;
    QTest::newRow("least above most") << 5 << 4 << 1000;
    QTest::newRow("negative") << -1 << 4 << 1000;
    QTest::newRow("no patience") << 1 << 4 << 0;
}

void TestConnectionPool::wrongOptionsAreRefused()
{
    QFETCH(int, least);
    QFETCH(int, most);
    QFETCH(int, acquireMs);
    db::PoolOptions options{.minConnections = least, .maxConnections = most};
    options.acquireTimeout = std::chrono::milliseconds(acquireMs);
    const auto pool = ConnectionPool::create(QStringLiteral("host=/tmp"), options);
    QVERIFY(!pool);
    QCOMPARE(pool.error().kind, ErrorKind::Configuration);
}

QTEST_GUILESS_MAIN(TestConnectionPool)
#include "tst_connection_pool.moc"
