#include "core/memory.h"
#include "core/migrate/schema_migrations.h"
#include "core/testing/await.h"
#include "tests/core/db/pgbouncer_process.h"
#include "tests/core/db/thread_session.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSet>

#include <vector>

using namespace llmemory;
using db::Access;
using db::Statement;
using testing::await;
using testing::PgBouncerProcess;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

// What a statement leaves behind in the session that another client gets next. pgbouncer itself
// gives each client its own client_encoding, DateStyle, TimeZone, standard_conforming_strings and
// application_name; bytea_output is set by Qt's driver when it connects, and nothing of ours reads
// bytea.
constexpr Statement kLeftBehind{
    "left_behind",
    "SELECT 'prepared statement ' || name FROM pg_prepared_statements "
    "UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE name <> '' "
    "UNION ALL SELECT 'listens to ' || channel FROM pg_listening_channels() AS channel "
    "UNION ALL SELECT 'temporary ' || relname FROM pg_class WHERE relnamespace = "
    "pg_my_temp_schema() "
    "UNION ALL SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' "
    "AND pid = pg_backend_pid() "
    "UNION ALL SELECT 'role ' || current_user WHERE current_user <> session_user "
    "UNION ALL SELECT 'owner ' || current_setting('llmemory.owner', true) "
    "WHERE coalesce(current_setting('llmemory.owner', true), '') <> '' "
    "UNION ALL SELECT 'scope ' || current_setting('llmemory.scope', true) "
    "WHERE coalesce(current_setting('llmemory.scope', true), '') <> '' "
    "UNION ALL SELECT 'setting ' || name || ' = ' || setting FROM pg_settings "
    "WHERE source = 'session' AND name NOT IN ('client_encoding', 'DateStyle', 'TimeZone', "
    "'standard_conforming_strings', 'application_name', 'bytea_output')"};
constexpr Statement kBackend{"backend", "SELECT pg_backend_pid()"};
constexpr Statement kIdleInTransaction{
    "idle_in_transaction",
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'llmemory_app' "
    "AND state LIKE 'idle in transaction%' AND xact_start <= $1::timestamptz"};
constexpr Statement kServerTime{"server_time", "SELECT clock_timestamp()::text"};
constexpr Statement kSleepers{
    "sleepers",
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(20)%' "
    "AND pid <> pg_backend_pid()"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep(20)"};
constexpr Statement kDivide{"divide", "SELECT 1 / $1::int"};
constexpr Statement kCountOwners{"count_owners", "SELECT count(*) FROM {{tables.owners}}"};
constexpr Statement kAddOwner{
    "add_owner", "INSERT INTO {{tables.owners}} (owner_id, display_name) VALUES ($1, $1)"};

DocumentInput document(const OwnerId &owner, int number)
{
    DocumentInput input;
    input.owner = owner;
    input.idAtOrigin = QStringLiteral("doc-%1").arg(number);
    input.name = QStringLiteral("Document %1").arg(number);
    input.content = QStringLiteral("The heron number%1 waits beside the weir at dawn.").arg(number);
    return input;
}

SearchQuery query(const OwnerId &owner, const QString &text)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    return query;
}

OwnerId ownerId(const char *id)
{
    return OwnerId::parse(QLatin1String(id)).value_or(OwnerId());
}

} // namespace

/// Everything through a real pgbouncer in transaction mode, whose few server connections go from
/// client to client after each transaction.
class TestPgBouncer : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void migrations();
    void addsSearchesAndDeletes();
    void queueIsEmbeddedInTheBackground();
    void concurrentOperations();
    void errorsWithinATransaction();
    void cancelReachesTheServer();
    void programsAtOnce();
    void serverConnectionsCarryNoState();
    void cleanupTestCase();

private:
    Config config(bool workers = false) const;
    db::DatabaseManager manager(int connections) const;
    QStringList leftBehind();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<PgBouncerProcess> m_bouncer;
};

void TestPgBouncer::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>(false);
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    auto bouncer = PgBouncerProcess::start(m_database->params());
    if (!bouncer && bouncer.error().code == QLatin1String("pgbouncer_missing"))
        QSKIP(qPrintable(bouncer.error().message));
    VERIFY_RESULT(bouncer);
    m_bouncer = std::move(*bouncer);
}

void TestPgBouncer::cleanupTestCase()
{
    m_bouncer.reset();
    m_database.reset();
}

Config TestPgBouncer::config(bool workers) const
{
    Config config = m_database->config(workers);
    config.database.connectionString = m_bouncer->connectionString();
    return config;
}

db::DatabaseManager TestPgBouncer::manager(int connections) const
{
    db::PoolOptions options;
    options.maxConnections = connections;
    auto pool = std::make_shared<db::ConnectionPool>(m_bouncer->through(), options);
    return db::DatabaseManager(
        std::move(pool), db::SqlNames::forSchema(m_database->schema()).value_or(db::SqlNames()));
}

/// What any server connection of the pooler carries; one client holds each at the same time.
QStringList TestPgBouncer::leftBehind()
{
    std::vector<std::unique_ptr<ThreadSession>> clients;
    QStringList found;
    QSet<int> backends;
    for (int i = 0; i < PgBouncerProcess::kServerConnections; ++i) {
        clients.push_back(std::make_unique<ThreadSession>(*m_database, m_bouncer->through()));
        ThreadSession &client = *clients.back();
        if (auto ok = client->runScript(QStringLiteral("hold"), QStringLiteral("BEGIN")); !ok)
            return {ok.error().detail};
        const auto backend = client->queryOne(kBackend);
        const auto rows = client->query(kLeftBehind);
        if (!backend || !rows)
            return {QStringLiteral("cannot look: ") +
                    (backend ? rows.error() : backend.error()).detail};
        backends.insert(backend->integer(0));
        for (const db::Row &row : *rows)
            found << row.text(0);
    }
    if (backends.size() != PgBouncerProcess::kServerConnections)
        found << QStringLiteral("not every server connection was seen");
    for (const auto &client : clients) {
        if (auto ok = (*client)->runScript(QStringLiteral("let_go"), QStringLiteral("ROLLBACK"));
            !ok)
            found << ok.error().detail;
    }
    return found;
}

void TestPgBouncer::migrations()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("1_index.sql")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("-- llmemory:no-transaction\n"
               "CREATE INDEX CONCURRENTLY IF NOT EXISTS documents_by_language ON "
               "{{tables.documents}} (owner_id, language)\n");
    file.close();
    // Two programs start at once.
    const migrate::MigrationModule module{QStringLiteral("more"), folder.path()};
    auto first = migrate::SchemaMigrations::ofMemory(manager(1), {module});
    auto second = migrate::SchemaMigrations::ofMemory(manager(1), {module});
    auto firstApplied = first.apply();
    auto secondApplied = second.apply();
    const auto one = await(firstApplied);
    const auto two = await(secondApplied);
    VERIFY_RESULT(one);
    VERIFY_RESULT(two);
    const auto status = await(first.status());
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 0);
    QCOMPARE(*one + *two, int(status->entries.size()));
}

void TestPgBouncer::addsSearchesAndDeletes()
{
    const OwnerId owner = ownerId("anna");
    Memory memory(config());
    VERIFY_FUTURE(memory.initialize());
    for (int i = 1; i <= 3; ++i) {
        const auto added = await(memory.addDocument(document(owner, i)));
        VERIFY_RESULT(added);
        QCOMPARE(added->embeddingsPending, 0);
    }
    for (const SearchMode mode : {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid}) {
        SearchQuery wanted = query(owner, QStringLiteral("heron number2"));
        wanted.mode = mode;
        const auto answer = await(memory.search(wanted));
        VERIFY_RESULT(answer);
        QVERIFY(!answer->hits.isEmpty());
    }
    const auto foreign = await(memory.search(query(ownerId("berta"), QStringLiteral("heron"))));
    VERIFY_RESULT(foreign);
    QVERIFY(foreign->hits.isEmpty());
    const auto again = await(memory.addDocument(document(owner, 2)));
    VERIFY_RESULT(again);
    QCOMPARE(again->status, AddStatus::Unchanged);
    VERIFY_FUTURE(memory.deleteOwner(owner));
    const auto gone = await(memory.search(query(owner, QStringLiteral("heron"))));
    VERIFY_RESULT(gone);
    QVERIFY(gone->hits.isEmpty());
}

void TestPgBouncer::queueIsEmbeddedInTheBackground()
{
    const OwnerId owner = ownerId("clara");
    Memory memory(config(true));
    VERIFY_FUTURE(memory.initialize());
    for (int i = 1; i <= 5; ++i) {
        DocumentInput input = document(owner, i);
        input.generateEmbeddings = false;
        VERIFY_FUTURE(memory.addDocument(input));
    }
    const auto pending = [&] {
        const auto status = await(memory.embeddingStatus(owner));
        return status ? status->pending : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(pending(), 0, 30'000);
    SearchQuery wanted = query(owner, QStringLiteral("heron at dawn"));
    wanted.mode = SearchMode::Vector;
    const auto answer = await(memory.search(wanted));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 5);
}

void TestPgBouncer::concurrentOperations()
{
    Memory memory(config(true));
    VERIFY_FUTURE(memory.initialize());
    QList<QFuture<Result<AddedDocument>>> adding;
    QList<QFuture<Result<SearchAnswer>>> searching;
    for (int i = 0; i < 30; ++i) {
        const OwnerId owner = ownerId(i % 2 == 0 ? "dora" : "emil");
        adding << memory.addDocument(document(owner, i));
        searching << memory.search(query(owner, QStringLiteral("heron weir")));
    }
    for (const auto &future : adding)
        VERIFY_FUTURE(future);
    for (const auto &future : searching)
        VERIFY_FUTURE(future);
    for (const char *id : {"dora", "emil"}) {
        SearchQuery all = query(ownerId(id), QStringLiteral("heron"));
        all.limit = 100;
        all.mode = SearchMode::Text;
        const auto answer = await(memory.search(all));
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 15);
    }
}

void TestPgBouncer::errorsWithinATransaction()
{
    const auto clients = manager(6);
    const auto before = await(clients.run(
        Access::Read, [](db::Session &session) { return session.queryOne(kCountOwners); }));
    VERIFY_RESULT(before);
    QList<QFuture<Result<qint64>>> failing;
    for (int i = 0; i < 12; ++i) {
        failing << clients.runInTransaction(
            Access::Write,
            "fails",
            db::Scope::registry(),
            [i](db::Session &session) -> Result<qint64> {
                auto added = session.execute(kAddOwner, {QStringLiteral("half-%1").arg(i)});
                if (!added)
                    return added;
                auto divided = session.query(kDivide, {0});
                return divided ? Result<qint64>(0) : Result<qint64>(divided.error());
            });
    }
    for (const auto &future : failing) {
        const auto outcome = await(future);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().sqlState, QStringLiteral("22012"));
    }
    const auto after = await(clients.run(
        Access::Read, [](db::Session &session) { return session.queryOne(kCountOwners); }));
    VERIFY_RESULT(after);
    QCOMPARE(after->bigint(0), before->bigint(0));
    ThreadSession administrator(*m_database, m_database->administrator());
    // Other tests are on this server too: what is open now and stays so was left behind.
    const auto now = administrator->queryOne(kServerTime);
    VERIFY_RESULT(now);
    const auto leftOpen = [&] {
        const auto open = administrator->queryOne(kIdleInTransaction, {now->text(0)});
        return open ? open->integer(0) : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(leftOpen(), 0, 20'000);
}

void TestPgBouncer::cancelReachesTheServer()
{
    const auto clients = manager(1);
    auto future = clients.runInTransaction(
        Access::Read, "sleeps", db::Scope::registry(), [](db::Session &session) {
            return session.query(kSleep);
        });
    ThreadSession administrator(*m_database, m_database->administrator());
    const auto sleepers = [&] {
        const auto row = administrator->queryOne(kSleepers);
        return row ? row->integer(0) : -1;
    };
    QTRY_COMPARE(sleepers(), 1);
    future.cancel();
    QTRY_COMPARE(sleepers(), 0);
    const auto alive = await(
        clients.run(Access::Read, [](db::Session &session) { return session.queryOne(kBackend); }));
    VERIFY_RESULT(alive);
}

void TestPgBouncer::programsAtOnce()
{
    // Two pools here and two processes of the program.
    std::vector<std::unique_ptr<QProcess>> programs;
    QTemporaryDir folder;
    for (int i = 0; i < 2; ++i) {
        QFile file(folder.filePath(QStringLiteral("note-%1.txt").arg(i)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("The bittern booms in the reeds.");
        file.close();
        auto program = std::make_unique<QProcess>();
        program->setProcessChannelMode(QProcess::MergedChannels);
        program->start(qEnvironmentVariable("LLMEMORY_EXECUTABLE"),
                       {QStringLiteral("--database-url"),
                        m_bouncer->connectionString(),
                        QStringLiteral("--schema"),
                        m_database->schema(),
                        QStringLiteral("ingest"),
                        QStringLiteral("--owner"),
                        QStringLiteral("program-%1").arg(i),
                        file.fileName()});
        programs.push_back(std::move(program));
    }
    Memory first(config(true));
    Memory second(config(true));
    VERIFY_FUTURE(first.initialize());
    VERIFY_FUTURE(second.initialize());
    QList<QFuture<Result<AddedDocument>>> adding;
    for (int i = 0; i < 10; ++i) {
        // The same documents by both.
        adding << first.addDocument(document(ownerId("frieda"), i));
        adding << second.addDocument(document(ownerId("frieda"), i));
    }
    for (const auto &future : adding)
        VERIFY_FUTURE(future);
    for (const auto &program : programs) {
        if (program->state() != QProcess::NotRunning)
            QVERIFY(program->waitForFinished(testing::kPatienceMs));
        QVERIFY2(program->exitCode() == 0, program->readAll().constData());
    }
    SearchQuery all = query(ownerId("frieda"), QStringLiteral("heron"));
    all.mode = SearchMode::Text;
    all.limit = 100;
    const auto herons = await(second.search(all));
    VERIFY_RESULT(herons);
    QCOMPARE(herons->hits.size(), 10);
    const auto bitterns =
        await(first.search(query(ownerId("program-1"), QStringLiteral("bittern"))));
    VERIFY_RESULT(bitterns);
    QVERIFY(!bitterns->hits.isEmpty());
}

void TestPgBouncer::serverConnectionsCarryNoState()
{
    const QStringList left = leftBehind();
    QVERIFY2(left.isEmpty(), qPrintable(left.join(QLatin1Char('\n'))));

    // The look at it finds what is there.
    ThreadSession careless(*m_database, m_bouncer->through());
    VERIFY_RESULT(careless->runScript(QStringLiteral("careless"),
                                      QStringLiteral("PREPARE kept AS SELECT 1; "
                                                     "CREATE TEMPORARY TABLE stage (id int); "
                                                     "SELECT pg_advisory_lock(7); "
                                                     "SET lock_timeout = 77")));
    const QString found = leftBehind().join(QLatin1Char('\n'));
    for (const char *sign :
         {"prepared statement kept", "temporary stage", "advisory lock", "setting lock_timeout"})
        QVERIFY2(found.contains(QLatin1String(sign)), qPrintable(found));
}

QTEST_GUILESS_MAIN(TestPgBouncer)
#include "tst_pgbouncer.moc"
