#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QTemporaryDir>

using namespace llmemory;
using testing::await;
using testing::plainDocument;
using testing::TemporarySchema;

/// A parent program's pool with llmemory in it.
class TestSharedPool : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void tenSchemasOnFourConnections();
    void schemaNamesOfEveryKind_data();
    void schemaNamesOfEveryKind();
    void nothingDependsOnTheSearchPath();
    void parentsPoolStaysOpen();
    void parentsTablesBesideOurs();
    void hundredOperationsOnFourConnections();
    void closingCancelsWhatRuns();
    void migrationsCanBeSwitchedOff();
    void readsFilesAndEmbedsInTheBackground();

private:
    std::shared_ptr<db::ConnectionPool> pool(int size = 4) const;
    Config config() const;

    std::unique_ptr<TemporarySchema> m_schema;
    OwnerId m_owner = *OwnerId::parse(QStringLiteral("owner"));
};

void TestSharedPool::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>(false);
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
}

std::shared_ptr<db::ConnectionPool> TestSharedPool::pool(int size) const
{
    return std::make_shared<db::ConnectionPool>(
        m_schema->params(), db::PoolOptions{.minConnections = 1, .maxConnections = size});
}

Config TestSharedPool::config() const
{
    Config config;
    config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>();
    config.embedding.background = false;
    config.adoptBatches = false;
    return config;
}

void TestSharedPool::tenSchemasOnFourConnections()
{
    constexpr int kSchemas = 10;
    const auto shared = pool();
    std::vector<std::unique_ptr<TemporarySchema>> schemas;
    std::vector<std::unique_ptr<Memory>> memories;
    QList<QFuture<Result<>>> opened;
    for (int i = 0; i < kSchemas; ++i) {
        schemas.push_back(std::make_unique<TemporarySchema>(false));
        auto manager = db::DatabaseManager::create(shared, schemas.back()->schema());
        VERIFY_RESULT(manager);
        memories.push_back(std::make_unique<Memory>(*manager, config()));
        opened << memories.back()->initialize();
    }
    for (const auto &future : opened)
        VERIFY_FUTURE(future);
    QVERIFY(shared->statistics().open <= 4);

    // All at once: the same owner, the same id, another text in each.
    QList<QFuture<Result<AddedDocument>>> added;
    for (int i = 0; i < kSchemas; ++i)
        added << memories[size_t(i)]->addDocument(plainDocument(
            m_owner, QStringLiteral("same"), QStringLiteral("Shared beacon, secret%1.").arg(i)));
    for (const auto &future : added)
        VERIFY_FUTURE(future);
    for (int i = 0; i < kSchemas; ++i) {
        const SearchQuery query{.owner = m_owner, .text = QStringLiteral("beacon")};
        const auto answer = await(memories[size_t(i)]->search(query));
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 1);
        QVERIFY(answer->hits.first().content.contains(QStringLiteral("secret%1.").arg(i)));
        const auto foreign = await(
            memories[size_t((i + 1) % kSchemas)]->document(m_owner, answer->hits.first().document));
        QVERIFY(!foreign);
        QCOMPARE(foreign.error().kind, ErrorKind::NotFound);
    }
}

void TestSharedPool::schemaNamesOfEveryKind_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("mixed case") << QStringLiteral("MyApp_Docs");
    QTest::newRow("quotes and spaces")
        << QStringLiteral("a \"strange\" one's {{tables.x}} $1 ? :x %1");
    QTest::newRow("umlauts") << QStringLiteral("b\u00fccher-\u6587");
    QTest::newRow("reserved word") << QStringLiteral("select");
    QTest::newRow("63 bytes") << QString(63, QLatin1Char('s'));
}

void TestSharedPool::schemaNamesOfEveryKind()
{
    QFETCH(QString, name);
    const auto shared = pool(2);
    auto manager = db::DatabaseManager::create(shared, name);
    VERIFY_RESULT(manager);
    const auto drop = [&] {
        return await(manager->run(db::Access::Write, [](db::Session &session) {
            return session.runScript(QStringLiteral("drop"),
                                     QStringLiteral("DROP SCHEMA IF EXISTS {{schema}} CASCADE"));
        }));
    };
    VERIFY_RESULT(drop());
    {
        Memory memory(*manager, config());
        VERIFY_FUTURE(memory.initialize());
        const auto added = await(memory.addDocument(
            plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The harbour at dawn."))));
        VERIFY_RESULT(added);
        QCOMPARE(added->embeddingsCreated, 1);
        const SearchQuery query{.owner = m_owner, .text = QStringLiteral("harbour")};
        const auto answer = await(memory.search(query));
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 1);
        QVERIFY(answer->hits.first().similarity.has_value());
        const auto status = await(memory.migrationStatus());
        VERIFY_RESULT(status);
        QCOMPARE(status->pending, 0);
        VERIFY_FUTURE(memory.deleteOwner(m_owner));
    }
    VERIFY_RESULT(drop());
}

void TestSharedPool::nothingDependsOnTheSearchPath()
{
    db::ConnectionParams elsewhere = m_schema->params();
    elsewhere.options << QStringLiteral("options='-c search_path=pg_catalog'");
    const auto shared = std::make_shared<db::ConnectionPool>(
        elsewhere, db::PoolOptions{.minConnections = 0, .maxConnections = 2});
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    VERIFY_FUTURE(memory.initialize());
    VERIFY_FUTURE(memory.addDocument(
        plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The harbour at dawn."))));
    const SearchQuery query{.owner = m_owner, .text = QStringLiteral("harbour")};
    const auto answer = await(memory.search(query));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
}

void TestSharedPool::parentsPoolStaysOpen()
{
    const auto shared = pool(2);
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    static constexpr db::Statement kOne{"one", "SELECT 1"};
    const auto ask = [](db::Session &session) { return session.queryOne(kOne); };
    for (int round = 0; round < 2; ++round) {
        Memory memory(*manager, config());
        VERIFY_FUTURE(memory.initialize());
        memory.close();
        VERIFY_FUTURE(manager->run(db::Access::Read, ask));
        const auto late = await(memory.listOwners());
        QVERIFY(!late);
    }
    VERIFY_FUTURE(manager->run(db::Access::Read, ask));
}

void TestSharedPool::parentsTablesBesideOurs()
{
    const auto shared = pool(2);
    const TemporarySchema ours(false);
    const TemporarySchema parents(false);
    auto parent = db::DatabaseManager::create(shared, parents.schema());
    VERIFY_RESULT(parent);
    VERIFY_FUTURE(parent->run(db::Access::Write, [](db::Session &session) {
        return session.runScript(
            QStringLiteral("own"),
            QStringLiteral("CREATE SCHEMA {{schema}}; CREATE TABLE {{tables.orders}} (id int)"));
    }));
    auto manager = db::DatabaseManager::create(shared, ours.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    VERIFY_FUTURE(memory.initialize());
    static constexpr db::Statement kInsert{"order", "INSERT INTO {{tables.orders}} VALUES ($1)"};
    const auto inserted = await(parent->runInTransaction(
        db::Access::Write, "order", db::Scope::registry(), [](db::Session &session) {
            return session.execute(kInsert, {7});
        }));
    VERIFY_RESULT(inserted);
    QCOMPARE(*inserted, 1);
}

void TestSharedPool::hundredOperationsOnFourConnections()
{
    const auto shared = pool(4);
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    VERIFY_FUTURE(memory.initialize());
    QList<QFuture<Result<AddedDocument>>> added;
    QList<QFuture<Result<SearchAnswer>>> found;
    QList<QFuture<Result<DocumentPage>>> listed;
    for (int i = 0; i < 34; ++i) {
        added << memory.addDocument(plainDocument(
            m_owner, QString::number(i % 20), QStringLiteral("Beacon number %1 of many.").arg(i)));
        SearchQuery query{.owner = m_owner, .text = QStringLiteral("beacon number")};
        query.queryExpansion = i % 2 == 0;
        query.rerank = i % 3 == 0;
        found << memory.search(query);
        listed << memory.listDocuments({.owner = m_owner});
    }
    for (const auto &future : added)
        VERIFY_FUTURE(future);
    for (const auto &future : found)
        VERIFY_FUTURE(future);
    for (const auto &future : listed)
        VERIFY_FUTURE(future);
    QVERIFY(shared->statistics().open <= 4);
    const auto page = await(memory.listDocuments({.owner = m_owner}));
    VERIFY_RESULT(page);
    QCOMPARE(page->total, 20);
}

void TestSharedPool::closingCancelsWhatRuns()
{
    const auto shared = pool(2);
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    VERIFY_FUTURE(memory.initialize());
    const auto added = await(memory.addDocument(
        plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The harbour at dawn."))));
    VERIFY_RESULT(added);

    // Somebody holds the document's row: what changes it waits in the server.
    auto blocker = db::Connection::open(m_schema->params());
    VERIFY_RESULT(blocker);
    db::Session session(**blocker, manager->names());
    auto holding = db::Transaction::begin(session, "hold", db::Scope::owner(m_owner));
    VERIFY_RESULT(holding);
    static constexpr db::Statement kHold{
        "hold", "SELECT 1 FROM {{tables.documents}} WHERE owner_id = $1 FOR UPDATE"};
    VERIFY_RESULT(session.query(kHold, {m_owner.toString()}));
    DocumentChange change;
    change.name = QStringLiteral("later");
    QList<QFuture<Result<Document>>> waiting;
    for (int i = 0; i < 10; ++i)
        waiting << memory.updateDocument(m_owner, added->document.id, change);
    QTest::qWait(200); // two of them have reached the lock
    QElapsedTimer timer;
    timer.start();
    memory.close();
    QVERIFY2(timer.elapsed() < 4000, "the lock's own time limit ended it, not the cancelling");
    for (auto &future : waiting) {
        QVERIFY(future.isFinished());
        const auto answer = await(future);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
    }
    *holding = nullptr; // rolls back
    static constexpr db::Statement kName{
        "name", "SELECT document_name FROM {{tables.documents}} WHERE owner_id = $1"};
    const auto name =
        db::inTransaction(session, "name", db::Scope::owner(m_owner), [this](db::Session &s) {
            return s.queryOne(kName, {m_owner.toString()});
        });
    VERIFY_RESULT(name);
    QCOMPARE(name->text(0), QStringLiteral("a"));
}

void TestSharedPool::migrationsCanBeSwitchedOff()
{
    const auto shared = pool(2);
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    Config byHand = config();
    byHand.database.runMigrations = false;
    Memory memory(*manager, byHand);
    const auto refused = await(memory.initialize());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("schema_outdated"));
    VERIFY_FUTURE(memory.applyMigrations());
    VERIFY_FUTURE(memory.initialize());
}

void TestSharedPool::readsFilesAndEmbedsInTheBackground()
{
    const QString program = qEnvironmentVariable("LLMEMORY_EXECUTABLE");
    if (!QFile::exists(program))
        QSKIP("LLMEMORY_EXECUTABLE names no program; build it and run the test with ctest");
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("note.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("The heron waits beside the weir.");
    file.close();
    const auto shared = pool(2);
    const TemporarySchema schema(false);
    auto manager = db::DatabaseManager::create(shared, schema.schema());
    VERIFY_RESULT(manager);
    Config working = config();
    working.program = program;
    working.embedding.background = true;
    working.adoptBatches = true;
    Memory memory(*manager, working);
    VERIFY_FUTURE(memory.initialize());
    IngestRequest request;
    request.owner = m_owner;
    request.paths = {file.fileName()};
    VERIFY_FUTURE(memory.ingest(request));
    const auto found = [&] {
        const auto answer = await(memory.search(
            {.owner = m_owner, .text = QStringLiteral("heron"), .mode = SearchMode::Vector}));
        return answer ? answer->hits.size() : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(found(), 1, testing::kPatienceMs);
    memory.close(); // the workers' threads are gone, the parent's connections stay
    static constexpr db::Statement kOne{"one", "SELECT 1"};
    VERIFY_FUTURE(manager->run(db::Access::Read,
                               [](db::Session &session) { return session.queryOne(kOne); }));
}

QTEST_GUILESS_MAIN(TestSharedPool)
#include "tst_shared_pool.moc"
