#include "core/migrate/migration_runner.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QElapsedTimer>

#include <thread>

using namespace llmemory;
using db::Statement;
using migrate::Migration;
using migrate::MigrationRunner;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kTables{"tables",
                            "SELECT coalesce(string_agg(tablename, ',' ORDER BY tablename), '') "
                            "FROM pg_tables WHERE schemaname = $1"};
constexpr Statement kHistory{"history",
                             "SELECT string_agg(filename || ' ' || module_name, ',' ORDER BY id) "
                             "FROM {{tables.schema_migrations}}"};

Migration migration(qint64 number, const char *what, const char *sql)
{
    const QString text = QLatin1String(sql);
    return {
        number,
        QStringLiteral("%1_%2.sql").arg(number, 4, 10, QLatin1Char('0')).arg(QLatin1String(what)),
        text,
        migrate::migrationChecksum(text)};
}

const Migration kFirst = migration(1, "first", "CREATE TABLE {{tables.one}} (id int)");
const Migration kSecond = migration(
    2,
    "second",
    "CREATE TABLE {{tables.two}} (id int); ALTER TABLE {{tables.one}} ADD COLUMN more int");

MigrationRunner runner(const QList<Migration> &migrations, const char *module = "test")
{
    return MigrationRunner({{QLatin1String(module), migrations}});
}

} // namespace

/// Applying migrations once, in order, all or nothing.
class TestMigrationRunner : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void freshSchema();
    void secondTimeDoesNothing();
    void laterOnesAreAdded();
    void failingStatementKeepsNothing_data();
    void failingStatementKeepsNothing();
    void continuesAfterARepair();
    void changedFileIsRefused();
    void newerSchemaIsRefused();
    void modulesAreApart();
    void modulesInTheirOrder();
    void unknownModulesAreLeftAlone();
    void failureInALaterModuleKeepsTheEarlier();
    void planShowsWhatWouldRun();
    void upToDateNeedsNoRights();
    void waitsForAnotherProgram();
    void cancelledWhileWaiting();
    void statusChangesNothing();
    void statusTellsWhatIsApplied();

private:
    db::Session &session() { return **m_session; }
    QString tables();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestMigrationRunner::initTestCase()
{
    const TemporarySchema database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
}

void TestMigrationRunner::init()
{
    m_session.reset();
    m_database = std::make_unique<TemporarySchema>(false);
    m_session = std::make_unique<ThreadSession>(*m_database);
}

QString TestMigrationRunner::tables()
{
    const auto row = session().queryOne(kTables, {m_database->schema()});
    return row ? row->text(0) : row.error().message;
}

void TestMigrationRunner::freshSchema()
{
    const auto applied = runner({kFirst, kSecond}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 2);
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations,two"));
    const auto history = session().queryOne(kHistory);
    VERIFY_RESULT(history);
    QCOMPARE(history->text(0), QStringLiteral("0001_first.sql test,0002_second.sql test"));
}

void TestMigrationRunner::secondTimeDoesNothing()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    VERIFY_RESULT(session().runScript(QStringLiteral("fill"),
                                      QStringLiteral("INSERT INTO {{tables.one}} VALUES (1)")));
    const auto applied = runner({kFirst}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 0);
}

void TestMigrationRunner::laterOnesAreAdded()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    const auto applied = runner({kFirst, kSecond}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations,two"));
}

void TestMigrationRunner::failingStatementKeepsNothing_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("last statement")
        << QByteArray("CREATE TABLE {{tables.two}} (id int); SELECT 1/0");
    QTest::newRow("statement in the middle") << QByteArray(
        "CREATE TABLE {{tables.two}} (id int); SELECT 1/0; CREATE TABLE {{tables.three}} (id int)");
    QTest::newRow("unknown template")
        << QByteArray("CREATE TABLE {{tables.two}} (id int); SELECT {{nothing}}");
}

void TestMigrationRunner::failingStatementKeepsNothing()
{
    QFETCH(QByteArray, sql);
    const auto applied = runner({kFirst, migration(2, "broken", sql.constData())}).apply(session());
    QVERIFY(!applied);
    for (const char *told : {"0002_broken.sql", "\"test\"", "apply again"})
        QVERIFY2(applied.error().message.contains(QLatin1String(told)),
                 qPrintable(applied.error().message));
    QVERIFY(!applied.error().sqlState.isEmpty());
    // What came before it stays.
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations"));
    const auto status = runner({kFirst}).status(session());
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 0);
}

void TestMigrationRunner::continuesAfterARepair()
{
    QVERIFY(!runner({kFirst, migration(2, "second", "SELECT 1/0")}).apply(session()));
    const auto applied = runner({kFirst, kSecond}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
}

void TestMigrationRunner::changedFileIsRefused()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    const Migration changed = migration(1, "first", "CREATE TABLE {{tables.one}} (id bigint)");
    for (const auto &outcome :
         {runner({changed, kSecond}).apply(session()).map([](int) {}),
          runner({changed, kSecond}).status(session()).map([](const auto &) {})}) {
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Configuration);
        QCOMPARE(outcome.error().code, QStringLiteral("migration_changed"));
        QVERIFY(outcome.error().message.contains(QLatin1String("0001_first.sql")));
    }
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations"));
}

void TestMigrationRunner::newerSchemaIsRefused()
{
    VERIFY_RESULT(runner({kFirst, kSecond}).apply(session()));
    for (const auto &outcome : {runner({kFirst}).apply(session()).map([](int) {}),
                                runner({kFirst}).status(session()).map([](const auto &) {})}) {
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Configuration);
        QCOMPARE(outcome.error().code, QStringLiteral("schema_newer"));
    }
}

void TestMigrationRunner::modulesAreApart()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    const Migration other = migration(1, "first", "CREATE TABLE {{tables.other}} (id int)");
    const auto applied = runner({other}, "other").apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
    QCOMPARE(tables(), QStringLiteral("one,other,schema_migrations"));
    VERIFY_RESULT(runner({kFirst}).status(session()));
}

void TestMigrationRunner::modulesInTheirOrder()
{
    // The second module builds upon the tables of the first.
    const Migration other =
        migration(1, "other", "CREATE TABLE {{tables.other}} AS SELECT more FROM {{tables.one}}");
    const MigrationRunner both(
        {{QStringLiteral("z_base"), {kFirst, kSecond}}, {QStringLiteral("a_other"), {other}}});
    const auto applied = both.apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 3);
    const auto status = both.status(session());
    VERIFY_RESULT(status);
    QCOMPARE(status->entries.size(), 3);
    QCOMPARE(status->entries.at(1).module, QStringLiteral("z_base"));
    QCOMPARE(status->entries.at(1).number, 2);
    QCOMPARE(status->entries.at(2).module, QStringLiteral("a_other"));
    QVERIFY(status->entries.at(2).applied);
}

void TestMigrationRunner::unknownModulesAreLeftAlone()
{
    const Migration other = migration(7, "other", "CREATE TABLE {{tables.other}} (id int)");
    VERIFY_RESULT(runner({other}, "other").apply(session()));
    const auto applied = runner({kFirst}).apply(session());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 1);
    const auto status = runner({kFirst}).status(session());
    VERIFY_RESULT(status);
    QCOMPARE(status->entries.size(), 1);
}

void TestMigrationRunner::failureInALaterModuleKeepsTheEarlier()
{
    const MigrationRunner both({{QStringLiteral("base"), {kFirst, kSecond}},
                                {QStringLiteral("other"), {migration(1, "broken", "SELECT 1/0")}}});
    const auto applied = both.apply(session());
    QVERIFY(!applied);
    QVERIFY(applied.error().message.contains(QLatin1String("0001_broken.sql")));
    QVERIFY(applied.error().message.contains(QLatin1String("\"other\"")));
    QCOMPARE(applied.error().sqlState, QStringLiteral("22012"));
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations,two"));
}

void TestMigrationRunner::planShowsWhatWouldRun()
{
    const Migration index =
        migration(3, "index", "-- llmemory:no-transaction\nANALYZE {{tables.one}}");
    const MigrationRunner three = runner({kFirst, kSecond, index});
    auto plan = three.plan(session());
    VERIFY_RESULT(plan);
    QVERIFY(plan->createsSchema);
    QCOMPARE(plan->steps.size(), 3);

    VERIFY_RESULT(runner({kFirst}).apply(session()));
    plan = three.plan(session());
    VERIFY_RESULT(plan);
    QVERIFY(!plan->createsSchema);
    QCOMPARE(plan->schema, m_database->schema());
    QCOMPARE(plan->steps.size(), 2);
    QCOMPARE(plan->steps.at(0).fileName, QStringLiteral("0002_second.sql"));
    QCOMPARE(plan->steps.at(0).module, QStringLiteral("test"));
    QCOMPARE(plan->steps.at(0).sql, session().names().expand(kSecond.sql));
    QVERIFY(plan->steps.at(0).inTransaction);
    QCOMPARE(plan->steps.at(1).number, 3);
    QVERIFY(!plan->steps.at(1).inTransaction);
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations"));
}

void TestMigrationRunner::upToDateNeedsNoRights()
{
    // The schema of an administrator, on which the program's role may only read and write.
    ThreadSession administrator(*m_database, m_database->administrator());
    VERIFY_RESULT(runner({kFirst}).apply(*administrator));
    VERIFY_RESULT(administrator->runScript(
        QStringLiteral("grant"),
        QStringLiteral("GRANT USAGE ON SCHEMA {{schema}} TO llmemory_app; "
                       "GRANT SELECT ON ALL TABLES IN SCHEMA {{schema}} TO llmemory_app")));
    const auto nothing = runner({kFirst}).apply(session());
    VERIFY_RESULT(nothing);
    QCOMPARE(*nothing, 0);
    const auto refused = runner({kFirst, kSecond}).apply(session());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Permission);
}

void TestMigrationRunner::waitsForAnotherProgram()
{
    const Migration slow =
        migration(1, "slow", "SELECT pg_sleep(1); CREATE TABLE {{tables.one}} (id int)");
    Result<int> other(0);
    std::thread program([&] {
        ThreadSession mine(*m_database);
        other = runner({slow}).apply(*mine);
    });
    const auto applied = runner({slow}).apply(session());
    program.join();
    VERIFY_RESULT(other);
    VERIFY_RESULT(applied);
    QCOMPARE(*other + *applied, 1);
}

void TestMigrationRunner::cancelledWhileWaiting()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    ThreadSession other(*m_database);
    VERIFY_RESULT(other->runScript(
        QStringLiteral("hold"),
        QStringLiteral("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('llmemory:%1', 0))")
            .arg(m_database->schema())));
    QElapsedTimer timer;
    timer.start();
    db::Session impatient(
        session().connection(), session().names(), [&] { return timer.hasExpired(300); });
    const auto applied = runner({kFirst, kSecond}).apply(impatient);
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind, ErrorKind::Cancelled);
    VERIFY_RESULT(other->runScript(QStringLiteral("release"), QStringLiteral("ROLLBACK")));
    QCOMPARE(tables(), QStringLiteral("one,schema_migrations"));
}

void TestMigrationRunner::statusChangesNothing()
{
    static constexpr Statement kSchemas{"schemas",
                                        "SELECT count(*) FROM pg_namespace WHERE nspname = $1"};
    const auto status = runner({kFirst, kSecond}).status(session());
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 2);
    QCOMPARE(status->schema, m_database->schema());
    const auto count = session().queryOne(kSchemas, {m_database->schema()});
    VERIFY_RESULT(count);
    QCOMPARE(count->integer(0), 0);
}

void TestMigrationRunner::statusTellsWhatIsApplied()
{
    VERIFY_RESULT(runner({kFirst}).apply(session()));
    const auto status = runner({kFirst, kSecond}).status(session());
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 1);
    QCOMPARE(status->entries.size(), 2);
    QVERIFY(status->entries.at(0).applied);
    QCOMPARE(status->entries.at(0).appliedAt.timeSpec(), Qt::UTC);
    QCOMPARE(status->entries.at(1).fileName, QStringLiteral("0002_second.sql"));
    QVERIFY(!status->entries.at(1).applied);
    QVERIFY(!status->entries.at(1).appliedAt.isValid());
}

QTEST_GUILESS_MAIN(TestMigrationRunner)
#include "tst_migration_runner.moc"
