#include "core/db/statement_trace.h"
#include "core/db/transaction.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;

namespace {

constexpr db::Statement kSum{"sum", "SELECT $1::int + $2::int, $3::text"};

} // namespace

/// What a process sends can be sent again.
class TestStatementTrace : public QObject
{
    Q_OBJECT

private slots:
    void literals_data();
    void literals();
    void tracesRoundTrips();
    void keepsTogetherWhatWasSentTogether();
    void keepsNothingUnasked();
};

void TestStatementTrace::literals_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QVariantList>("values");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << "SELECT 1" << QVariantList() << "SELECT 1";
    QTest::newRow("number") << "SELECT $1" << QVariantList{7} << "SELECT '7'";
    QTest::newRow("quotes") << "SELECT $1" << QVariantList{QStringLiteral("it's")}
                            << "SELECT 'it''s'";
    QTest::newRow("null") << "SELECT $1, $2" << QVariantList{QVariant(), true}
                          << "SELECT NULL, 't'";
    QTest::newRow("twice, and ten")
        << "$10 $1 $1" << QVariantList{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} << "'10' '1' '1'";
    QTest::newRow("no parameter") << "SELECT '$[*]'" << QVariantList() << "SELECT '$[*]'";
    QTest::newRow("value like one")
        << "$1 $2" << QVariantList{QStringLiteral("$2"), QStringLiteral("b")} << "'$2' 'b'";
}

void TestStatementTrace::literals()
{
    QFETCH(QString, sql);
    QFETCH(QVariantList, values);
    QTEST(db::withLiterals(sql, values), "expected");
}

void TestStatementTrace::tracesRoundTrips()
{
    testing::TemporarySchema database;
    QVERIFY2(database.isAvailable(), qPrintable(database.reason()));
    const auto manager = database.manager(1);
    const auto sum = [&manager] {
        return manager
            .runInTransaction(db::Access::Read,
                              "sum",
                              db::Scope::registry(),
                              [](db::Session &s) {
                                  return s.queryOne(kSum, {3, 4, QStringLiteral("a;\nb")});
                              })
            .result();
    };
    VERIFY_RESULT(sum()); // a new connection has more to ask
    db::StatementTrace trace;
    VERIFY_RESULT(sum());
    const QList<db::TracedStatement> traced = trace.take();
    QCOMPARE(traced.size(), 3);
    QCOMPARE(traced.at(1).name, QStringLiteral("sum"));
    const QString script = db::pgbenchScript(traced);
    const QStringList lines = script.trimmed().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).startsWith(QLatin1String("BEGIN READ ONLY \\; SET LOCAL ")),
             qPrintable(script));
    QVERIFY2(lines.at(1).startsWith(QLatin1String("SELECT '3'::int + '4'::int, 'a; b'")),
             qPrintable(script));
    QCOMPARE(lines.at(2), QStringLiteral("COMMIT;"));
    QVERIFY(trace.take().isEmpty());
}

void TestStatementTrace::keepsTogetherWhatWasSentTogether()
{
    testing::TemporarySchema database;
    QVERIFY2(database.isAvailable(), qPrintable(database.reason()));
    const auto manager = database.manager(1);
    db::StatementTrace trace;
    VERIFY_RESULT(manager
                      .run(db::Access::Read,
                           [](db::Session &s) {
                               return s.queryTogether({{kSum, {1, 2, QStringLiteral("first")}},
                                                       {kSum, {3, 4, QStringLiteral("second")}}});
                           })
                      .result());
    const QStringList lines = db::pgbenchScript(trace.take()).trimmed().split(QLatin1Char('\n'));
    QCOMPARE(lines,
             QStringList({QStringLiteral("SELECT '1'::int + '2'::int, 'first'::text \\;"),
                          QStringLiteral("SELECT '3'::int + '4'::int, 'second'::text;")}));
}

void TestStatementTrace::keepsNothingUnasked()
{
    int connection = 0;
    {
        db::StatementTrace before;
        db::StatementTrace::add(&connection, {QString(), QStringLiteral("SELECT 1"), {}});
        QVERIFY(!before.take().isEmpty());
    }
    db::StatementTrace::add(&connection, {QString(), QStringLiteral("SELECT 2"), {}});
    db::StatementTrace after;
    QVERIFY(after.take().isEmpty());
}

QTEST_GUILESS_MAIN(TestStatementTrace)
#include "tst_statement_trace.moc"
