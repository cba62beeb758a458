#include "core/db/connection_pool.h"
#include "core/db/database_manager.h"
#include "tests/core/db/thread_session.h"
#include "tests/support/verify_result.h"

#include <QMutex>
#include <QSemaphore>
#include <QSet>

#include <atomic>
#include <stdexcept>

using namespace llmemory;
using db::Access;
using db::Connection;
using db::ConnectionPool;
using db::Session;
using db::Statement;
using testing::TestDatabase;
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

private:
    /// Parameters with a name of this test's own, to be found in pg_stat_activity.
    db::ConnectionParams params() const;
    db::DatabaseManager manager(int connections) const;
    int sleeping();
    Result<> terminate(int pid);

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ThreadSession> m_administrator;
};

void TestConnectionPool::initTestCase()
{
    m_database = std::make_unique<TestDatabase>(false);
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
    return db::DatabaseManager(std::make_shared<ConnectionPool>(params(), connections),
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
    auto pool = std::make_shared<ConnectionPool>(params(), 1);
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
    const auto pool = std::make_shared<ConnectionPool>(params(), 4);
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
    ConnectionPool pool(params(), 2);
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
    ConnectionPool pool(wrong, 1);
    auto future = pool.run(Access::Read, [&](Connection &, const std::function<bool()> &) {
        return IntResult(++begun);
    });
    const auto answer = future.result();
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Configuration);
    QCOMPARE(begun.load(), 0);
}

QTEST_GUILESS_MAIN(TestConnectionPool)
#include "tst_connection_pool.moc"
