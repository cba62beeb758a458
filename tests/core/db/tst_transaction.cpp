#include "core/db/database_manager.h"
#include "core/db/transaction.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QSemaphore>

#include <atomic>

using namespace llmemory;
using db::Scope;
using db::Session;
using db::Statement;
using db::Transaction;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kAdd{"add", "INSERT INTO {{tables.things}} (name) VALUES ($1)"};
constexpr Statement kNames{
    "names", "SELECT coalesce(string_agg(name, ',' ORDER BY name), '') FROM {{tables.things}}"};
constexpr Statement kBump{"bump",
                          "UPDATE {{tables.things}} SET amount = amount + 1 WHERE name = $1"};
constexpr Statement kAmount{"amount", "SELECT amount FROM {{tables.things}} WHERE name = $1"};
constexpr Statement kFail{"fail", "SELECT 1/0"};
constexpr Statement kSettings{"settings",
                              "SELECT coalesce(current_setting('llmemory.owner', true), ''), "
                              "coalesce(current_setting('llmemory.scope', true), '')"};

/// Fails with this SQLSTATE.
Result<int> raise(Session &session, const char *state)
{
    const QString script =
        QStringLiteral("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%1'; END $$")
            .arg(QLatin1String(state));
    const auto outcome = session.runScript(QStringLiteral("raise"), script);
    return outcome ? Result<int>(0) : Result<int>(outcome.error());
}

} // namespace

/// Commit, rollback, nesting and running again.
class TestTransaction : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void committed();
    void rolledBackUnlessCommitted();
    void rolledBackWhenTheWorkFails();
    void commitAfterAFailedStatementIsAnError();
    void committedTwice();
    void innerOneIsASavepoint();
    void outerOneTakesInnerOnesAlong();
    void nestedTooDeep();
    void readingOneChangesNothing();
    void readingOneEndsWithTheNext();
    void retried_data();
    void retried();
    void triesAreLimited();
    void innerOneIsNotRetriedAlone();
    void deadlockIsSolved();
    void serialisationFailureIsSolved();
    void statementsAreNotCompiled();
    void scopeEndsWithTheTransaction_data();
    void scopeEndsWithTheTransaction();

private:
    Session &session() { return **m_session; }
    QString names();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestTransaction::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    ThreadSession session(*m_database);
    VERIFY_RESULT(
        session->runScript(QStringLiteral("create"),
                           QStringLiteral("CREATE SCHEMA {{schema}}; "
                                          "CREATE TABLE {{tables.things}} (name text PRIMARY KEY, "
                                          "amount int NOT NULL DEFAULT 0)")));
}

void TestTransaction::init()
{
    m_session = std::make_unique<ThreadSession>(*m_database);
    VERIFY_RESULT(session().runScript(QStringLiteral("clear"),
                                      QStringLiteral("DELETE FROM {{tables.things}}")));
}

QString TestTransaction::names()
{
    ThreadSession other(*m_database); // sees only what was committed
    const auto row = other->queryOne(kNames);
    return row ? row->text(0) : row.error().message;
}

void TestTransaction::committed()
{
    auto transaction = Transaction::begin(session(), "test", Scope::registry());
    VERIFY_RESULT(transaction);
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("a")}));
    QCOMPARE(names(), QString());
    VERIFY_RESULT((*transaction)->commit());
    QCOMPARE(names(), QStringLiteral("a"));
}

void TestTransaction::rolledBackUnlessCommitted()
{
    {
        auto transaction = Transaction::begin(session(), "test", Scope::registry());
        VERIFY_RESULT(transaction);
        VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("a")}));
    }
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("b")}));
    QCOMPARE(names(), QStringLiteral("b"));
}

void TestTransaction::rolledBackWhenTheWorkFails()
{
    const auto outcome =
        db::inTransaction(session(), "test", Scope::registry(), [](Session &s) -> Result<int> {
            if (auto ok = s.execute(kAdd, {QStringLiteral("a")}); !ok)
                return ok.error();
            return Error::notFound(QStringLiteral("no"));
        });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::NotFound);
    QCOMPARE(names(), QString());
}

void TestTransaction::commitAfterAFailedStatementIsAnError()
{
    auto transaction = Transaction::begin(session(), "test", Scope::registry());
    VERIFY_RESULT(transaction);
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("a")}));
    QVERIFY(!session().query(kFail));
    const auto committed = (*transaction)->commit();
    QVERIFY(!committed);
    QCOMPARE(committed.error().sqlState, QStringLiteral("25P02"));
    transaction->reset();
    QCOMPARE(names(), QString());
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("b")}));
    QCOMPARE(names(), QStringLiteral("b"));
}

void TestTransaction::committedTwice()
{
    auto transaction = Transaction::begin(session(), "test", Scope::registry());
    VERIFY_RESULT(transaction);
    VERIFY_RESULT((*transaction)->commit());
    const auto again = (*transaction)->commit();
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Internal);
}

void TestTransaction::innerOneIsASavepoint()
{
    const auto outcome =
        db::inTransaction(session(), "outer", Scope::registry(), [](Session &s) -> Result<int> {
            if (auto ok = s.execute(kAdd, {QStringLiteral("outer")}); !ok)
                return ok.error();
            const auto inner =
                db::inTransaction(s, "inner", Scope::registry(), [](Session &t) -> Result<int> {
                    if (auto ok = t.execute(kAdd, {QStringLiteral("inner")}); !ok)
                        return ok.error();
                    auto failed = t.query(kFail);
                    return failed ? Result<int>(0) : Result<int>(failed.error());
                });
            if (inner)
                return Error::internal(QStringLiteral("the inner one succeeded"));
            auto after = s.execute(kAdd, {QStringLiteral("after")});
            return after ? Result<int>(0) : Result<int>(after.error());
        });
    VERIFY_RESULT(outcome);
    QCOMPARE(names(), QStringLiteral("after,outer"));
}

void TestTransaction::outerOneTakesInnerOnesAlong()
{
    const auto outcome =
        db::inTransaction(session(), "outer", Scope::registry(), [](Session &s) -> Result<int> {
            auto inner = db::inTransaction(s, "inner", Scope::registry(), [](Session &t) {
                return t.execute(kAdd, {QStringLiteral("inner")});
            });
            if (!inner)
                return inner.error();
            return Error::cancelled();
        });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QCOMPARE(names(), QString());
}

void TestTransaction::nestedTooDeep()
{
    std::vector<std::unique_ptr<Transaction>> open;
    for (int i = 0; i < 4; ++i) {
        auto transaction = Transaction::begin(session(), "test", Scope::registry());
        VERIFY_RESULT(transaction);
        open.push_back(std::move(*transaction));
    }
    const auto fifth = Transaction::begin(session(), "test", Scope::registry());
    QVERIFY(!fifth);
    QCOMPARE(fifth.error().kind, ErrorKind::Internal);
    while (!open.empty()) {
        VERIFY_RESULT(open.back()->commit());
        open.pop_back();
    }
}

void TestTransaction::readingOneChangesNothing()
{
    const auto outcome = db::inTransaction(
        session(),
        "test",
        Scope::registry(),
        [](Session &s) { return s.execute(kAdd, {QStringLiteral("a")}); },
        db::Access::Read);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().sqlState, QStringLiteral("25006"));
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("b")}));
    QCOMPARE(names(), QStringLiteral("b"));
}

void TestTransaction::readingOneEndsWithTheNext()
{
    // Nobody has waited for the end of the one before.
    for (const QString &name : {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}) {
        VERIFY_RESULT(db::inTransaction(session(), "write", Scope::registry(), [&](Session &s) {
            return s.execute(kAdd, {name});
        }));
        const auto read = db::inTransaction(
            session(),
            "read",
            Scope::registry(),
            [](Session &s) { return s.queryOne(kNames); },
            db::Access::Read);
        VERIFY_RESULT(read);
        QVERIFY2(read->text(0).endsWith(name), qPrintable(read->text(0)));
        QCOMPARE(session().connection().transactionDepth(), 0);
    }
}

void TestTransaction::retried_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<int>("runs");
    QTest::newRow("deadlock") << QByteArray("40P01") << 3;
    QTest::newRow("serialisation failure") << QByteArray("40001") << 3;
    QTest::newRow("lock not available") << QByteArray("55P03") << 3;
    QTest::newRow("key exists") << QByteArray("23505") << 1;
    QTest::newRow("mistake") << QByteArray("22012") << 1;
    QTest::newRow("cancelled") << QByteArray("57014") << 1;
}

void TestTransaction::retried()
{
    QFETCH(QByteArray, state);
    QFETCH(int, runs);
    int attempts = 0;
    const auto outcome =
        db::inTransaction(session(), "test", Scope::registry(), [&](Session &s) -> Result<int> {
            ++attempts;
            if (auto ok = s.execute(kAdd, {QStringLiteral("a")}); !ok)
                return ok.error(); // what an earlier attempt added must be gone
            return attempts < 3 ? raise(s, state.constData()) : Result<int>(attempts);
        });
    QCOMPARE(attempts, runs);
    QCOMPARE(outcome.has_value(), runs == 3);
    QCOMPARE(names(), runs == 3 ? QStringLiteral("a") : QString());
}

void TestTransaction::triesAreLimited()
{
    int attempts = 0;
    const auto outcome = db::inTransaction(session(), "test", Scope::registry(), [&](Session &s) {
        ++attempts;
        return raise(s, "40001");
    });
    QVERIFY(!outcome);
    QCOMPARE(attempts, db::kTransactionTries);
    QCOMPARE(outcome.error().kind, ErrorKind::Conflict);
    QCOMPARE(outcome.error().sqlState, QStringLiteral("40001"));
}

void TestTransaction::innerOneIsNotRetriedAlone()
{
    int outer = 0;
    int inner = 0;
    const auto outcome = db::inTransaction(session(), "outer", Scope::registry(), [&](Session &s) {
        ++outer;
        return db::inTransaction(s, "inner", Scope::registry(), [&](Session &t) {
            ++inner;
            return inner < 2 ? raise(t, "40P01") : Result<int>(1);
        });
    });
    VERIFY_RESULT(outcome);
    QCOMPARE(outer, 2);
    QCOMPARE(inner, 2);
}

void TestTransaction::deadlockIsSolved()
{
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("a")}));
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("b")}));
    QSemaphore arrived;
    std::atomic_int attempts = 0;
    const auto manager = m_database->manager(2);
    const auto start = [&](const QString &first, const QString &second) {
        return manager.runInTransaction(
            db::Access::Write,
            "deadlock",
            Scope::registry(),
            [&, first, second, met = false](Session &s) mutable -> Result<int> {
                ++attempts;
                if (auto ok = s.execute(kBump, {first}); !ok)
                    return ok.error();
                // Both hold their first row before either asks for its second.
                if (!met) {
                    met = true;
                    arrived.release();
                    while (arrived.available() < 2)
                        QThread::msleep(1);
                }
                auto done = s.execute(kBump, {second});
                return done ? Result<int>(1) : Result<int>(done.error());
            });
    };
    auto one = start(QStringLiteral("a"), QStringLiteral("b"));
    auto two = start(QStringLiteral("b"), QStringLiteral("a"));
    VERIFY_RESULT(one.result());
    VERIFY_RESULT(two.result());
    QCOMPARE(attempts.load(), 3);
    const auto amount = session().queryOne(kAmount, {QStringLiteral("a")});
    VERIFY_RESULT(amount);
    QCOMPARE(amount->integer(0), 2);
}

void TestTransaction::serialisationFailureIsSolved()
{
    VERIFY_RESULT(session().execute(kAdd, {QStringLiteral("a")}));
    VERIFY_RESULT(session().runScript(
        QStringLiteral("isolation"),
        QStringLiteral("SET default_transaction_isolation = 'repeatable read'")));
    ThreadSession other(*m_database);
    int attempts = 0;
    const auto outcome =
        db::inTransaction(session(), "test", Scope::registry(), [&](Session &s) -> Result<qint64> {
            if (++attempts == 1) {
                if (auto ok = other->execute(kBump, {QStringLiteral("a")}); !ok)
                    return ok;
            }
            return s.execute(kBump, {QStringLiteral("a")});
        });
    VERIFY_RESULT(outcome);
    QCOMPARE(attempts, 2);
    const auto amount = other->queryOne(kAmount, {QStringLiteral("a")});
    VERIFY_RESULT(amount);
    QCOMPARE(amount->integer(0), 2);
}

void TestTransaction::statementsAreNotCompiled()
{
    // As servers are that nobody has configured.
    static constexpr Statement kJit{"jit", "SELECT current_setting('jit')"};
    VERIFY_RESULT(session().runScript(QStringLiteral("jit"), QStringLiteral("SET jit TO on")));
    {
        auto transaction = Transaction::begin(session(), "test", Scope::registry());
        VERIFY_RESULT(transaction);
        const auto within = session().queryOne(kJit);
        VERIFY_RESULT(within);
        QCOMPARE(within->text(0), QStringLiteral("off"));
        VERIFY_RESULT((*transaction)->commit());
    }
    const auto behind = session().queryOne(kJit);
    VERIFY_RESULT(behind);
    QCOMPARE(behind->text(0), QStringLiteral("on"));
}

void TestTransaction::scopeEndsWithTheTransaction_data()
{
    QTest::addColumn<bool>("succeeds");
    QTest::newRow("committed") << true;
    QTest::newRow("rolled back") << false;
}

void TestTransaction::scopeEndsWithTheTransaction()
{
    QFETCH(bool, succeeds);
    const auto alice = OwnerId::parse(QStringLiteral("alice"));
    VERIFY_RESULT(alice);
    const auto manager = m_database->manager(1);
    QStringList inside;
    const auto outcome = manager
                             .runInTransaction(db::Access::Read,
                                               "test",
                                               Scope::owner(*alice),
                                               [&](Session &s) -> Result<int> {
                                                   auto row = s.queryOne(kSettings);
                                                   if (!row)
                                                       return row.error();
                                                   inside << row->text(0) << row->text(1);
                                                   return succeeds
                                                              ? Result<int>(1)
                                                              : Result<int>(Error::cancelled());
                                               })
                             .result();
    QCOMPARE(outcome.has_value(), succeeds);
    QCOMPARE(inside, QStringList({QStringLiteral("alice"), QString()}));

    // The pool has one connection, so the next task gets the same.
    const auto after =
        manager.run(db::Access::Read, [](Session &s) { return s.queryOne(kSettings); }).result();
    VERIFY_RESULT(after);
    QCOMPARE(after->text(0), QString());
    QCOMPARE(after->text(1), QString());
}

QTEST_GUILESS_MAIN(TestTransaction)
#include "tst_transaction.moc"
