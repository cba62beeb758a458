#include "core/db/transaction.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

using namespace llmemory;
using db::Connection;
using db::Session;
using db::Statement;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kPid{"own_pid", "SELECT pg_backend_pid()"};
constexpr Statement kTwo{"two", "SELECT 2"};
constexpr Statement kKept{"kept", "SELECT $1::int + 1", db::Plan::Kept};
constexpr Statement kPrepared{"prepared",
                              "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE "
                              "'llmemory%'"};

/// What the first transaction does where the database has pgvector.
Result<> setServer(Session &session, bool isDirect = true)
{
    const auto process = session.queryOne(kPid);
    if (!process)
        return process.error();
    session.connection().setServer(QStringLiteral("pg_temp"),
                                   process->integer(0) + (isDirect ? 0 : 1));
    return {};
}

} // namespace

/// Statements that the server keeps prepared, with their plans.
class TestKeptPlans : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void arePrepared();
    void areFewAndOfADirectServer_data();
    void areFewAndOfADirectServer();
    void areMadeAnewWhenLost_data();
    void areMadeAnewWhenLost();
    void areMadeAnewInTime();
    void takenNamesAreLeftAlone();

private:
    Session &session() { return **m_session; }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestKeptPlans::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    ThreadSession session(*m_database);
    VERIFY_RESULT(
        session->runScript(QStringLiteral("create"), QStringLiteral("CREATE SCHEMA {{schema}}")));
}

void TestKeptPlans::init()
{
    m_session = std::make_unique<ThreadSession>(*m_database);
}

void TestKeptPlans::arePrepared()
{
    VERIFY_RESULT(setServer(session()));
    for (int i = 0; i < 3; ++i) {
        const auto sum = session().queryOne(kKept, {i});
        VERIFY_RESULT(sum);
        QCOMPARE(sum->integer(0), i + 1);
        const auto together = session().queryTogether({{kKept, {i}}, {kTwo, {}}, {kKept, {7}}});
        VERIFY_RESULT(together);
        QCOMPARE(together->at(0).first().integer(0), i + 1);
        QCOMPARE(together->at(2).first().integer(0), 8);
    }
    const auto prepared = session().queryOne(kPrepared);
    VERIFY_RESULT(prepared);
    QCOMPARE(prepared->integer(0), 1);
    // A mistake is one again.
    const auto failed = session().query(kKept, {QStringLiteral("x")});
    QVERIFY(!failed);
    QCOMPARE(failed.error().sqlState, QStringLiteral("22P02"));
    VERIFY_RESULT(session().query(kKept, {1}));
}

void TestKeptPlans::areFewAndOfADirectServer_data()
{
    QTest::addColumn<bool>("isDirect");
    QTest::newRow("the server itself") << true;
    QTest::newRow("behind a pooler") << false;
}

void TestKeptPlans::areFewAndOfADirectServer()
{
    QFETCH(bool, isDirect);
    VERIFY_RESULT(setServer(session(), isDirect));
    for (int i = 0; i < 150; ++i) {
        const auto rows = session().connection().query(
            "kept", QStringLiteral("SELECT %1").arg(i), {}, db::Plan::Kept);
        VERIFY_RESULT(rows);
        QCOMPARE(rows->first().integer(0), i);
    }
    const auto prepared = session().queryOne(kPrepared);
    VERIFY_RESULT(prepared);
    QCOMPARE(prepared->integer(0), isDirect ? 100 : 0);
}

void TestKeptPlans::areMadeAnewWhenLost_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("session emptied") << QStringLiteral("DISCARD ALL");
    QTest::newRow("answer changed")
        << QStringLiteral("ALTER TABLE {{tables.wide}} ADD COLUMN more int DEFAULT 1");
}

void TestKeptPlans::areMadeAnewWhenLost()
{
    static constexpr Statement kWide{"wide", "SELECT * FROM {{tables.wide}}", db::Plan::Kept};
    QFETCH(QString, change);
    VERIFY_RESULT(
        session().runScript(QStringLiteral("create"),
                            QStringLiteral("DROP TABLE IF EXISTS {{tables.wide}}; "
                                           "CREATE TABLE {{tables.wide}} AS SELECT 1 AS one")));
    VERIFY_RESULT(setServer(session()));
    int tries = 0;
    const auto read = [&] {
        return db::inTransaction(session(), "read", db::Scope::registry(), [&](Session &s) {
            ++tries;
            return s.queryOne(kWide);
        });
    };
    VERIFY_RESULT(read());
    VERIFY_RESULT(session().runScript(QStringLiteral("change"), change));
    VERIFY_RESULT(read());
    QCOMPARE(tries, 3);
    VERIFY_RESULT(read());
    QCOMPARE(tries, 4);
}

void TestKeptPlans::areMadeAnewInTime()
{
    static constexpr Statement kSince{
        "since",
        "SELECT min(prepare_time) FROM pg_prepared_statements WHERE name LIKE 'llmemory%'"};
    const auto opened = Connection::open(m_database->params(), {.plan = std::chrono::seconds(1)});
    VERIFY_RESULT(opened);
    const db::SqlNames names = m_database->manager(1).names();
    Session session(**opened, names);
    VERIFY_RESULT(setServer(session));
    const auto preparedAt = [&session]() -> QDateTime {
        const auto sum = session.queryOne(kKept, {1});
        const auto since = session.queryOne(kSince);
        return sum && sum->integer(0) == 2 && since ? since->time(0) : QDateTime();
    };
    const QDateTime first = preparedAt();
    QVERIFY(first.isValid());
    QCOMPARE(preparedAt(), first);
    QTest::qWait(1'100);
    const QDateTime second = preparedAt();
    QVERIFY(second > first);
}

void TestKeptPlans::takenNamesAreLeftAlone()
{
    static constexpr Statement kName{
        "name", "SELECT name FROM pg_prepared_statements WHERE name LIKE 'llmemory%'"};
    const auto keep = [](Session &session) -> Result<> {
        if (auto ok = setServer(session); !ok)
            return ok;
        const auto sum = db::inTransaction(
            session, "sum", db::Scope::registry(), [](auto &s) { return s.queryOne(kKept, {1}); });
        if (sum && sum->integer(0) != 2)
            return Error::internal(QStringLiteral("another statement's answer"));
        return sum ? Result<>() : Result<>(sum.error());
    };
    VERIFY_RESULT(keep(session()));
    const auto name = session().queryOne(kName);
    VERIFY_RESULT(name);
    ThreadSession other(*m_database);
    VERIFY_RESULT(other->runScript(QStringLiteral("prepare"),
                                   QStringLiteral("PREPARE %1 AS SELECT 7").arg(name->text(0))));
    VERIFY_RESULT(keep(*other));
}

QTEST_GUILESS_MAIN(TestKeptPlans)
#include "tst_kept_plans.moc"
