#include "core/db/copy_writer.h"
#include "core/db/transaction.h"
#include "tests/core/db/thread_session.h"
#include "tests/support/verify_result.h"

using namespace llmemory;
using db::CopyWriter;
using db::Scope;
using db::Session;
using db::Statement;
using testing::TestDatabase;
using testing::ThreadSession;

namespace {

constexpr Statement kCopy{"copy_things", "COPY {{tables.things}} (number, name) FROM STDIN"};
constexpr Statement kRows{"rows", "SELECT number, name FROM {{tables.things}} ORDER BY number"};
constexpr Statement kCount{
    "count", "SELECT count(*), coalesce(sum(length(name)), 0) FROM {{tables.things}}"};

/// Rows numbered from 0.
Result<qint64> copyAll(Session &session, const QStringList &names)
{
    auto copy = CopyWriter::begin(session, kCopy);
    if (!copy)
        return copy.error();
    for (qsizetype i = 0; i < names.size(); ++i) {
        (*copy)->field(qint64(i)).field(names.at(i));
        if (auto ok = (*copy)->endRow(); !ok)
            return ok.error();
    }
    return (*copy)->finish();
}

} // namespace

/// The bulk path keeps every character and leaves the connection usable.
class TestCopyWriter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void textsArriveUnchanged();
    void nullIsNotText();
    void manyRows();
    void withoutRows();
    void abandonedCopyLeavesNothing();
    void failingCopy_data();
    void failingCopy();
    void missingTable();

private:
    Session &session() { return **m_session; }
    void verifyUsableAndEmpty();

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestCopyWriter::initTestCase()
{
    m_database = std::make_unique<TestDatabase>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_session = std::make_unique<ThreadSession>(*m_database);
    VERIFY_RESULT(
        session().runScript(QStringLiteral("create"),
                            QStringLiteral("CREATE SCHEMA {{schema}}; "
                                           "CREATE TABLE {{tables.things}} (number int PRIMARY "
                                           "KEY, name text CHECK (name <> 'forbidden'))")));
}

void TestCopyWriter::init()
{
    VERIFY_RESULT(session().runScript(QStringLiteral("clear"),
                                      QStringLiteral("DELETE FROM {{tables.things}}")));
}

void TestCopyWriter::verifyUsableAndEmpty()
{
    const auto count = session().queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 0);
}

void TestCopyWriter::textsArriveUnchanged()
{
    const QStringList names{QStringLiteral(""),
                            QStringLiteral("tab\tand\ttab"),
                            QStringLiteral("line\nline\r\nline"),
                            QStringLiteral("back\\slash \\n \\N \\\\ \\"),
                            QStringLiteral("\\N"),
                            QStringLiteral("\\."),
                            QStringLiteral("NULL"),
                            QStringLiteral("it's \"so\""),
                            QStringLiteral("\b\f\v"),
                            QStringLiteral("\u6e2f\u53e3 \U0001F600"),
                            QString(300'000, QLatin1Char('\t'))};
    const auto written = copyAll(session(), names);
    VERIFY_RESULT(written);
    QCOMPARE(*written, names.size());
    const auto rows = session().query(kRows);
    VERIFY_RESULT(rows);
    QCOMPARE(rows->size(), names.size());
    for (qsizetype i = 0; i < names.size(); ++i) {
        QVERIFY(!rows->at(i).isNull(1));
        QVERIFY(rows->at(i).text(1) == names.at(i));
    }
}

void TestCopyWriter::nullIsNotText()
{
    auto copy = CopyWriter::begin(session(), kCopy);
    VERIFY_RESULT(copy);
    (*copy)->field(qint64(-1)).nullField();
    VERIFY_RESULT((*copy)->endRow());
    VERIFY_RESULT((*copy)->finish());
    const auto rows = session().query(kRows);
    VERIFY_RESULT(rows);
    QCOMPARE(rows->at(0).integer(0), -1);
    QVERIFY(rows->at(0).isNull(1));
}

void TestCopyWriter::manyRows()
{
    const QStringList names(20'000, QStringLiteral("0123456789"));
    const auto written = copyAll(session(), names);
    VERIFY_RESULT(written);
    QCOMPARE(*written, 20'000);
    const auto count = session().queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 20'000);
    QCOMPARE(count->integer(1), 200'000);
}

void TestCopyWriter::withoutRows()
{
    const auto written = copyAll(session(), {});
    VERIFY_RESULT(written);
    QCOMPARE(*written, 0);
    verifyUsableAndEmpty();
}

void TestCopyWriter::abandonedCopyLeavesNothing()
{
    {
        auto copy = CopyWriter::begin(session(), kCopy);
        VERIFY_RESULT(copy);
        (*copy)->field(qint64(1)).field(QString(200'000, QLatin1Char('x')));
        VERIFY_RESULT((*copy)->endRow());
    }
    verifyUsableAndEmpty();
}

void TestCopyWriter::failingCopy_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("state");
    const QString fine = QStringLiteral("fine s3cret");
    QTest::newRow("constraint") << QStringList{fine, QStringLiteral("forbidden")}
                                << QStringLiteral("23514");
    QTest::newRow("U+0000") << QStringList{fine, QString(QStringLiteral("s3cret") + QChar(u'\0'))}
                            << QStringLiteral("22021");
    QTest::newRow("mistake long before the end")
        << QStringList(QStringList{QStringLiteral("forbidden")} +
                       QStringList(5000, QString(100, QLatin1Char('x'))))
        << QStringLiteral("23514");
}

void TestCopyWriter::failingCopy()
{
    QFETCH(QStringList, names);
    QFETCH(QString, state);
    const auto outcome = db::inTransaction(
        session(), "test", Scope::registry(), [&](Session &s) { return copyAll(s, names); });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().sqlState, state);
    QVERIFY2(!outcome.error().detail.contains(QLatin1String("s3cret")),
             qPrintable(outcome.error().detail));
    QVERIFY(outcome.error().detail.contains(QLatin1String("copy_things")));
    verifyUsableAndEmpty();
}

void TestCopyWriter::missingTable()
{
    static constexpr Statement kMissing{"copy_missing", "COPY {{tables.missing}} FROM STDIN"};
    const auto copy = CopyWriter::begin(session(), kMissing);
    QVERIFY(!copy);
    QCOMPARE(copy.error().sqlState, QStringLiteral("42P01"));
    verifyUsableAndEmpty();
}

QTEST_GUILESS_MAIN(TestCopyWriter)
#include "tst_copy_writer.moc"
