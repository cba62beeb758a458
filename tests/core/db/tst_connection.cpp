#include "core/db/sql_array.h"
#include "core/db/sql_state.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QElapsedTimer>
#include <QSqlQuery>
#include <QTimeZone>

using namespace llmemory;
using db::Connection;
using db::Statement;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kCount{"count_things", "SELECT count(*) FROM {{tables.things}}"};
constexpr Statement kInsert{"insert_thing", "INSERT INTO {{tables.things}} (name) VALUES ($1)"};
constexpr Statement kPid{"own_pid", "SELECT pg_backend_pid()"};
constexpr Statement kTerminate{"terminate", "SELECT pg_terminate_backend($1, 5000)"};

} // namespace

/// Statements, their values and their errors on a real server.
class TestConnection : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void textsComeBackUnchanged_data();
    void textsComeBackUnchanged();
    void zeroCharacterIsLeftOut();
    void nullsComeBack();
    void timesKeepTheirInstant_data();
    void timesKeepTheirInstant();
    void arraysComeBackUnchanged();
    void vectorsComeBack();
    void binaryColumnsComeBack();
    void rowsTouchedAreCounted();
    void noRowIsNotFound();
    void statementsGoTogether();
    void togetherTheFirstMistakeEnds();
    void togetherOnALostServer();
    void sentOffIsNotWaitedFor();
    void whatFailedSentOffFailsTheNext_data();
    void whatFailedSentOffFailsTheNext();
    void endsWhatFailedSentOff();
    void lostServerBehindWhatWasSentOff();
    void otherCodeFindsWhatWasSentOffEnded();
    void scriptStopsAtTheFirstMistake_data();
    void scriptStopsAtTheFirstMistake();
    void errorKinds_data();
    void errorKinds();
    void errorsHoldNoValues_data();
    void errorsHoldNoValues();
    void lostServerIsUnavailable();
    void refusedConnections_data();
    void refusedConnections();

private:
    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestConnection::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    ThreadSession session(*m_database);
    VERIFY_RESULT(session->runScript(
        QStringLiteral("create"),
        QStringLiteral("CREATE SCHEMA {{schema}}; CREATE TABLE {{tables.things}} "
                       "(name text PRIMARY KEY CHECK (name <> 'forbidden'))")));
}

void TestConnection::init()
{
    m_session = std::make_unique<ThreadSession>(*m_database);
    VERIFY_RESULT(
        (*m_session)
            ->runScript(QStringLiteral("clear"), QStringLiteral("DELETE FROM {{tables.things}}")));
}

void TestConnection::textsComeBackUnchanged_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QStringLiteral("");
    QTest::newRow("quotes") << QStringLiteral("it's \"so\" ''");
    QTest::newRow("backslashes") << QStringLiteral("\\ \\' \\n \\\\");
    QTest::newRow("placeholders") << QStringLiteral("? $1 :name %1 %s");
    QTest::newRow("templates") << QStringLiteral("{{schema}} {{tables.things}}");
    QTest::newRow("second statement") << QStringLiteral("'); DROP TABLE things; --");
    QTest::newRow("dollar quotes") << QStringLiteral("$$ $x$");
    QTest::newRow("line ends") << QStringLiteral("a\r\nb\tc\u2028d");
    QTest::newRow("scripts") << QStringLiteral("\u00e4 \u0416 \u6e2f\u53e3 \u0627\u0644");
    QTest::newRow("emoji") << QStringLiteral("\U0001F600\U0001F1E9\U0001F1EA");
    QTest::newRow("combining") << QStringLiteral("e\u0301 \u00e9");
    QTest::newRow("2 MB") << QString(2'000'000, QLatin1Char('x'));
}

void TestConnection::textsComeBackUnchanged()
{
    static constexpr Statement kEcho{"echo", "SELECT $1::text, length($1::text)"};
    QFETCH(QString, text);
    const auto row = (*m_session)->queryOne(kEcho, {text});
    VERIFY_RESULT(row);
    QVERIFY(row->text(0) == text);
    QCOMPARE(row->integer(1), int(text.toUcs4().size()));
}

void TestConnection::zeroCharacterIsLeftOut()
{
    static constexpr Statement kEcho{"echo", "SELECT $1::text, $2::text"};
    const QString text = QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b");
    const auto row = (*m_session)->queryOne(kEcho, {text, QStringLiteral("c")});
    VERIFY_RESULT(row);
    QCOMPARE(row->text(0), QStringLiteral("ab"));
    QCOMPARE(row->text(1), QStringLiteral("c"));
}

void TestConnection::nullsComeBack()
{
    static constexpr Statement kNulls{
        "nulls",
        "SELECT $1::text, $2::timestamptz, $3::bigint, $4::jsonb, $1::text IS NULL, '' IS NULL"};
    const QVariant text(QMetaType::fromType<QString>());
    const auto row = (*m_session)
                         ->queryOne(kNulls,
                                    {text,
                                     QVariant(QMetaType::fromType<QDateTime>()),
                                     QVariant(QMetaType::fromType<qint64>()),
                                     text});
    VERIFY_RESULT(row);
    for (int column = 0; column < 4; ++column)
        QVERIFY(row->isNull(column));
    QVERIFY(!row->time(1).isValid());
    QVERIFY(row->boolean(4));
    QVERIFY(!row->boolean(5));
}

void TestConnection::timesKeepTheirInstant_data()
{
    QTest::addColumn<QDateTime>("time");
    const QDate date(2024, 5, 1);
    QTest::newRow("UTC with milliseconds") << QDateTime(date, QTime(12, 34, 56, 789), Qt::UTC);
    QTest::newRow("offset") << QDateTime(date, QTime(1, 0), Qt::OffsetFromUTC, 7200);
    QTest::newRow("before 1970") << QDateTime(QDate(1815, 12, 10), QTime(0, 0), Qt::UTC);
    QTest::newRow("far future") << QDateTime(QDate(9999, 12, 31), QTime(23, 59, 59), Qt::UTC);
}

void TestConnection::timesKeepTheirInstant()
{
    static constexpr Statement kEcho{
        "echo_time", "SELECT $1::timestamptz, extract(epoch FROM $1::timestamptz)::float8"};
    QFETCH(QDateTime, time);
    const auto row = (*m_session)->queryOne(kEcho, {time});
    VERIFY_RESULT(row);
    QCOMPARE(row->time(0), time);
    QCOMPARE(row->time(0).timeSpec(), Qt::UTC);
    QCOMPARE(qRound64(row->real(1) * 1000), time.toMSecsSinceEpoch());
}

void TestConnection::arraysComeBackUnchanged()
{
    static constexpr Statement kUnnest{
        "unnest", "SELECT v FROM unnest($1::text[]) WITH ORDINALITY AS u(v, n) ORDER BY n"};
    const QStringList values{QStringLiteral(""),
                             QStringLiteral("NULL"),
                             QStringLiteral("a,b"),
                             QStringLiteral("{x}"),
                             QStringLiteral("\"quoted\""),
                             QStringLiteral("back\\slash\\"),
                             QStringLiteral("it's"),
                             QStringLiteral(" spaces "),
                             QStringLiteral("line\nend"),
                             QStringLiteral("\U0001F600")};
    const auto rows = (*m_session)->query(kUnnest, {db::textArray(values)});
    VERIFY_RESULT(rows);
    QStringList back;
    for (const db::Row &row : *rows) {
        QVERIFY(!row.isNull(0));
        back << row.text(0);
    }
    QCOMPARE(back, values);
    const auto none = (*m_session)->query(kUnnest, {db::textArray({})});
    VERIFY_RESULT(none);
    QVERIFY(none->isEmpty());
}

void TestConnection::vectorsComeBack()
{
    static constexpr Statement kEcho{"echo_vector", "SELECT ($1::halfvec)::text"};
    const auto row = (*m_session)->queryOne(kEcho, {db::vectorLiteral({1.0F, -0.5F, 0.0F, 0.25F})});
    VERIFY_RESULT(row);
    QCOMPARE(row->text(0), QStringLiteral("[1,-0.5,0,0.25]"));
}

void TestConnection::binaryColumnsComeBack()
{
    static constexpr Statement kAll{
        "binary",
        "SELECT true, $1::smallint, $2::integer, $3::bigint, $4::text, $5::bytea, NULL::bytea, "
        "$6::bytea[]"};
    static constexpr Statement kKnown{
        "binary",
        "SELECT true, $1::smallint, $2::integer, $3::bigint, $4::text, $5::bytea, NULL::bytea, "
        "($6::bytea[])[2]"};
    QByteArray bytes;
    for (int i = 0; i < 256; ++i)
        bytes += char(i);
    const QVariantList values{-2,
                              -70000,
                              qint64(-5) << 40,
                              QStringLiteral("h\u00e4user"),
                              bytes,
                              db::byteArrays({"x\"y", bytes, ""})};
    const auto rows = (*m_session)->queryBinary(kKnown, values);
    VERIFY_RESULT(rows);
    const db::Row &row = rows->first();
    QVERIFY(row.boolean(0));
    QCOMPARE(row.integer(1), -2);
    QCOMPARE(row.integer(2), -70000);
    QCOMPARE(row.bigint(3), qint64(-5) << 40);
    QCOMPARE(row.text(4), QStringLiteral("h\u00e4user"));
    QCOMPARE(row.value(5).toByteArray(), bytes);
    QVERIFY(row.isNull(6));
    QCOMPARE(row.value(7).toByteArray(), bytes);
    // A type that nobody reads in this format is refused, not guessed.
    const auto unknown = (*m_session)->queryBinary(kAll, values);
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().kind, ErrorKind::Internal);
}

void TestConnection::rowsTouchedAreCounted()
{
    static constexpr Statement kMany{
        "insert_many",
        "INSERT INTO {{tables.things}} SELECT 'n' || g FROM generate_series(1, $1) g"};
    static constexpr Statement kDelete{
        "delete_some", "DELETE FROM {{tables.things}} WHERE name = ANY ($1::text[])"};
    const auto inserted = (*m_session)->execute(kMany, {7});
    VERIFY_RESULT(inserted);
    QCOMPARE(*inserted, 7);
    const auto deleted =
        (*m_session)
            ->execute(kDelete,
                      {db::textArray(
                          {QStringLiteral("n1"), QStringLiteral("n2"), QStringLiteral("n99")})});
    VERIFY_RESULT(deleted);
    QCOMPARE(*deleted, 2);
}

void TestConnection::noRowIsNotFound()
{
    static constexpr Statement kFind{"find_thing",
                                     "SELECT name FROM {{tables.things}} WHERE name = $1"};
    const auto row = (*m_session)->queryOne(kFind, {QStringLiteral("absent")});
    QVERIFY(!row);
    QCOMPARE(row.error().kind, ErrorKind::NotFound);
}

void TestConnection::statementsGoTogether()
{
    static constexpr Statement kSet{"set", "SELECT set_config('llmemory.owner', $1, false)"};
    static constexpr Statement kGet{"get", "SELECT current_setting('llmemory.owner'), $1::int"};
    static constexpr Statement kNone{"none", "SELECT 1 WHERE false"};
    const auto answers = (*m_session)
                             ->queryTogether({{kSet, {QStringLiteral("a b")}},
                                              {kGet, {7}},
                                              {kNone, {}},
                                              {kInsert, {QStringLiteral("new")}},
                                              {kCount, {}}});
    VERIFY_RESULT(answers);
    QCOMPARE(answers->size(), 5);
    QCOMPARE(answers->at(1).first().text(0), QStringLiteral("a b"));
    QCOMPARE(answers->at(1).first().integer(1), 7);
    QVERIFY(answers->at(2).isEmpty());
    QCOMPARE(answers->at(4).first().integer(0), 1);
    // Single ones go on.
    const auto count = (*m_session)->queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 1);
    const auto none = (*m_session)->queryTogether({});
    VERIFY_RESULT(none);
    QVERIFY(none->isEmpty());
}

void TestConnection::togetherTheFirstMistakeEnds()
{
    static constexpr Statement kMistake{"mistake", "SELECT 1 / $1::int"};
    static constexpr Statement kOther{"other", "SELECT * FROM nowhere"};
    const auto answers = (*m_session)
                             ->queryTogether({{kCount, {}},
                                              {kMistake, {0}},
                                              {kOther, {}},
                                              {kInsert, {QStringLiteral("never")}}});
    QVERIFY(!answers);
    QCOMPARE(answers.error().sqlState, QStringLiteral("22012"));
    QVERIFY(answers.error().detail.startsWith(QLatin1String("mistake: ")));
    QVERIFY((*m_session)->connection().isOpen());
    const auto count = (*m_session)->queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 0);
}

void TestConnection::togetherOnALostServer()
{
    const auto pid = (*m_session)->queryOne(kPid);
    VERIFY_RESULT(pid);
    ThreadSession administrator(*m_database, m_database->administrator());
    VERIFY_RESULT(administrator->query(kTerminate, {pid->integer(0)}));
    for (int i = 0; i < 2; ++i) {
        const auto answers = (*m_session)->queryTogether({{kCount, {}}, {kCount, {}}});
        QVERIFY(!answers);
        QCOMPARE(answers.error().kind, ErrorKind::Unavailable);
        QVERIFY(db::isConnectionLoss(answers.error()));
    }
    QVERIFY(!(*m_session)->connection().isOpen());
}

void TestConnection::sentOffIsNotWaitedFor()
{
    db::Session &session = **m_session;
    QElapsedTimer timer;
    timer.start();
    VERIFY_RESULT(session.connection().sendOff(QStringLiteral("sleep"),
                                               QStringLiteral("SELECT pg_sleep(0.5)")));
    const qint64 sent = timer.elapsed();
    VERIFY_RESULT(session.query(kCount));
    const qint64 answered = timer.elapsed();
    QVERIFY2(sent < 400 && answered >= 500,
             qPrintable(QStringLiteral("%1 ms, %2 ms").arg(sent).arg(answered)));
}

void TestConnection::whatFailedSentOffFailsTheNext_data()
{
    QTest::addColumn<QString>("next");
    for (const char *next : {"query", "binary", "execute", "together", "script", "sent off"})
        QTest::newRow(next) << QString::fromLatin1(next);
}

void TestConnection::whatFailedSentOffFailsTheNext()
{
    QFETCH(QString, next);
    db::Session &session = **m_session;
    const auto run = [&]() -> Result<> {
        const auto outcome = [](const auto &result) {
            return result ? Result<>() : Result<>(result.error());
        };
        if (next == QLatin1String("query"))
            return outcome(session.query(kCount));
        if (next == QLatin1String("binary"))
            return outcome(session.queryBinary(kCount));
        if (next == QLatin1String("execute"))
            return outcome(session.execute(kInsert, {QStringLiteral("x")}));
        if (next == QLatin1String("together"))
            return outcome(session.queryTogether({{kInsert, {QStringLiteral("x")}}, {kCount, {}}}));
        const QString insert =
            session.names().expand(QStringLiteral("INSERT INTO {{tables.things}} VALUES ('x')"));
        if (next == QLatin1String("script"))
            return session.runScript(QStringLiteral("script"), insert);
        return session.connection().sendOff(QStringLiteral("insert"), insert);
    };
    VERIFY_RESULT(
        session.connection().sendOff(QStringLiteral("mistake"), QStringLiteral("SELECT 1/0")));
    const auto failed = run();
    QVERIFY(!failed);
    QCOMPARE(failed.error().sqlState, QStringLiteral("22012"));
    QVERIFY2(failed.error().detail.contains(QLatin1String("mistake")),
             qPrintable(failed.error().detail));
    const auto count = session.queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 0); // it was not run
    VERIFY_RESULT(run());
}

void TestConnection::endsWhatFailedSentOff()
{
    db::Session &session = **m_session;
    VERIFY_RESULT(
        session.connection().sendOff(QStringLiteral("begin"), QStringLiteral("BEGIN; SELECT 1/0")));
    const auto ended = session.connection().end(QStringLiteral("end"), QStringLiteral("ROLLBACK"));
    QVERIFY(!ended);
    QCOMPARE(ended.error().sqlState, QStringLiteral("22012"));
    VERIFY_RESULT(session.query(kCount)); // else 25P02
}

void TestConnection::lostServerBehindWhatWasSentOff()
{
    db::Session &session = **m_session;
    VERIFY_RESULT(session.connection().sendOff(
        QStringLiteral("end"), QStringLiteral("SELECT pg_terminate_backend(pg_backend_pid())")));
    const auto lost = session.query(kCount);
    QVERIFY(!lost);
    QVERIFY(db::isConnectionLoss(lost.error()));
    QVERIFY(!session.connection().isOpen());
}

void TestConnection::otherCodeFindsWhatWasSentOffEnded()
{
    db::Session &session = **m_session;
    VERIFY_RESULT(session.connection().sendOff(
        QStringLiteral("set"),
        QStringLiteral("SELECT pg_sleep(0.05); SET llmemory.owner TO 'alice'")));
    QSqlQuery query(session.connection().sqlDatabase());
    QVERIFY(query.exec(QStringLiteral("SELECT current_setting('llmemory.owner')")));
    QVERIFY(query.next());
    QCOMPARE(query.value(0).toString(), QStringLiteral("alice"));
}

void TestConnection::scriptStopsAtTheFirstMistake_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("state");
    const QString insert = QStringLiteral("INSERT INTO {{tables.things}} VALUES ('a'); ");
    QTest::newRow("last statement")
        << QString(insert + QStringLiteral("SELECT 1/0")) << QStringLiteral("22012");
    QTest::newRow("statement in the middle")
        << QString(insert + QStringLiteral("SELECT 1/0; ") + insert) << QStringLiteral("22012");
    QTest::newRow("first of two mistakes")
        << QString(insert + QStringLiteral("SELECT * FROM nowhere; SELECT 1/0"))
        << QStringLiteral("42P01");
    QTest::newRow("syntax") << QString(insert + QStringLiteral("SELEKT 1"))
                            << QStringLiteral("42601");
}

void TestConnection::scriptStopsAtTheFirstMistake()
{
    QFETCH(QString, script);
    QFETCH(QString, state);
    const auto outcome = (*m_session)->runScript(QStringLiteral("script"), script);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().sqlState, state);
    const auto count = (*m_session)->queryOne(kCount);
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 0);
}

void TestConnection::errorKinds_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<ErrorKind>("kind");
    const auto raising = [](const char *state) {
        return QStringLiteral("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%1'; END $$")
            .arg(QLatin1String(state));
    };
    QTest::newRow("mistake") << QStringLiteral("SELECT 1/0") << ErrorKind::Database;
    QTest::newRow("right missing")
        << QStringLiteral("CREATE TABLE public.mine ()") << ErrorKind::Permission;
    QTest::newRow("constraint") << QStringLiteral(
                                       "INSERT INTO {{tables.things}} VALUES ('forbidden')")
                                << ErrorKind::Conflict;
    QTest::newRow("deadlock") << raising("40P01") << ErrorKind::Conflict;
    QTest::newRow("serialisation") << raising("40001") << ErrorKind::Conflict;
    QTest::newRow("lock timeout") << raising("55P03") << ErrorKind::Conflict;
    QTest::newRow("disk full") << raising("53100") << ErrorKind::Unavailable;
    QTest::newRow("too many connections") << raising("53300") << ErrorKind::Unavailable;
    QTest::newRow("timeout") << QStringLiteral("SET statement_timeout = 1; SELECT pg_sleep(60)")
                             << ErrorKind::Cancelled;
}

void TestConnection::errorKinds()
{
    QFETCH(QString, script);
    QFETCH(ErrorKind, kind);
    const auto outcome = (*m_session)->runScript(QStringLiteral("script"), script);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, kind);
    QVERIFY(!outcome.error().message.isEmpty());
    QVERIFY(outcome.error().detail.startsWith(QLatin1String("script: ")));
    QVERIFY(!db::isConnectionLoss(outcome.error()));
}

void TestConnection::errorsHoldNoValues_data()
{
    QTest::addColumn<QString>("value");
    QTest::newRow("key that exists") << QStringLiteral("s3cret twice");
    QTest::newRow("check that fails") << QStringLiteral("forbidden");
}

void TestConnection::errorsHoldNoValues()
{
    QFETCH(QString, value);
    VERIFY_RESULT((*m_session)->execute(kInsert, {QStringLiteral("s3cret twice")}));
    const auto outcome = (*m_session)->execute(kInsert, {value});
    QVERIFY(!outcome);
    QVERIFY2(!outcome.error().detail.contains(value), qPrintable(outcome.error().detail));
    QVERIFY(!outcome.error().message.contains(value));
    QVERIFY(outcome.error().detail.contains(QLatin1String("insert_thing")));
}

void TestConnection::lostServerIsUnavailable()
{
    const auto pid = (*m_session)->queryOne(kPid);
    VERIFY_RESULT(pid);
    ThreadSession administrator(*m_database, m_database->administrator());
    VERIFY_RESULT(administrator->query(kTerminate, {pid->integer(0)}));
    const auto outcome = (*m_session)->query(kCount);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unavailable);
    QVERIFY(db::isConnectionLoss(outcome.error()));
    QVERIFY(!(*m_session)->connection().isOpen());
    const auto script =
        (*m_session)->runScript(QStringLiteral("again"), QStringLiteral("SELECT 1"));
    QVERIFY(!script);
    QVERIFY(db::isConnectionLoss(script.error()));
}

void TestConnection::refusedConnections_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("no such database") << QStringLiteral("database") << ErrorKind::Configuration;
    QTest::newRow("no such user") << QStringLiteral("user") << ErrorKind::Configuration;
    QTest::newRow("no server") << QStringLiteral("host") << ErrorKind::Unavailable;
}

void TestConnection::refusedConnections()
{
    QFETCH(QString, change);
    QFETCH(ErrorKind, kind);
    db::ConnectionParams params = m_database->params();
    params.password = QStringLiteral("s3cret");
    if (change == QLatin1String("database"))
        params.database = QStringLiteral("absent");
    else if (change == QLatin1String("user"))
        params.user = QStringLiteral("nobody_known");
    else
        params.host = QStringLiteral("/nonexistent");
    const auto connection = Connection::open(params);
    QVERIFY(!connection);
    QCOMPARE(connection.error().kind, kind);
    QVERIFY(!connection.error().message.contains(QLatin1String("s3cret")));
    QVERIFY(!connection.error().detail.contains(QLatin1String("s3cret")));
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
