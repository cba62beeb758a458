#include "core/memory.h"
#include "core/tenants/tenant_schemas.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using testing::await;
using testing::TemporarySchema;

namespace {

/// Every table that holds rows of tenants, by name.
constexpr db::Statement kTenantTables{
    "tenant_tables",
    "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
    "c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'owner_id' "
    "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname"};

QString tenantText()
{
    QString text;
    for (int i = 0; i < 200; ++i)
        text += QStringLiteral("Sentence %1 about the lighthouse and its keeper. ").arg(i);
    return text;
}

} // namespace

/// A schema for each tenant: made, listed, dropped, and tenants that move in and out.
class TestTenantSchemas : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void names_data();
    void names();
    void addsListsAndDrops();
    void tenantsDoNotSeeEachOther();
    void foreignSchemaIsNotTouched();
    void wrongPrefixesAreRefused();
    void movesInAndOut();
    void movesEveryTable();
    void movingLeavesOthersAlone();
    void movingRefusals();

private:
    Config config() const;
    std::unique_ptr<Memory> open(const db::DatabaseManager &database) const;
    Result<AddedDocument> add(Memory &memory,
                              const OwnerId &owner,
                              const QString &origin,
                              const QString &text) const;
    qint64 found(Memory &memory, const OwnerId &owner, const QString &text, SearchMode mode) const;

    std::unique_ptr<TemporarySchema> m_shared; ///< the schema that many tenants share
    std::shared_ptr<db::ConnectionPool> m_pool;
    std::unique_ptr<TenantSchemas> m_tenants;
    OwnerId m_anna = *OwnerId::parse(QStringLiteral("Anna.B@example"));
    OwnerId m_ben = *OwnerId::parse(QStringLiteral("ben"));
};

void TestTenantSchemas::initTestCase()
{
    m_shared = std::make_unique<TemporarySchema>(false);
    if (!m_shared->isAvailable())
        QSKIP(qPrintable(m_shared->reason()));
}

void TestTenantSchemas::init()
{
    m_shared = std::make_unique<TemporarySchema>(false);
    m_pool = std::make_shared<db::ConnectionPool>(
        m_shared->params(), db::PoolOptions{.minConnections = 1, .maxConnections = 3});
    auto tenants = TenantSchemas::create(
        m_pool, QStringLiteral("T%1_").arg(qHash(m_shared->schema()) % 100000), config());
    VERIFY_RESULT(tenants);
    m_tenants = std::make_unique<TenantSchemas>(*tenants);
}

void TestTenantSchemas::cleanup()
{
    if (!m_tenants)
        return;
    const auto left = await(m_tenants->list());
    VERIFY_RESULT(left);
    for (const TenantSchema &tenant : *left)
        VERIFY_FUTURE(m_tenants->drop(tenant.owner));
}

Config TestTenantSchemas::config() const
{
    Config config;
    config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>(32);
    config.embedding.background = false;
    config.adoptBatches = false;
    return config;
}

std::unique_ptr<Memory> TestTenantSchemas::open(const db::DatabaseManager &database) const
{
    auto memory = std::make_unique<Memory>(database, config());
    const auto ok = await(memory->initialize());
    if (!ok)
        qWarning("%s", testing::describe(ok.error()).constData());
    return ok ? std::move(memory) : nullptr;
}

Result<AddedDocument> TestTenantSchemas::add(Memory &memory,
                                             const OwnerId &owner,
                                             const QString &origin,
                                             const QString &text) const
{
    DocumentInput input;
    input.owner = owner;
    input.idAtOrigin = origin;
    input.name = origin;
    input.content = text;
    return await(memory.addDocument(input));
}

qint64 TestTenantSchemas::found(Memory &memory,
                                const OwnerId &owner,
                                const QString &text,
                                SearchMode mode) const
{
    const SearchQuery query{.owner = owner, .text = text, .mode = mode, .limit = 200};
    const auto answer = await(memory.search(query));
    return answer ? answer->hits.size() : -1;
}

void TestTenantSchemas::names_data()
{
    QTest::addColumn<QString>("owner");
    QTest::newRow("usual") << QStringLiteral("acme");
    QTest::newRow("case counts") << QStringLiteral("Acme");
    QTest::newRow("all characters") << QStringLiteral("a.B_c@d-e");
    QTest::newRow("255 characters") << QString(255, QLatin1Char('x'));
}

void TestTenantSchemas::names()
{
    QFETCH(QString, owner);
    const auto id = OwnerId::parse(owner);
    VERIFY_RESULT(id);
    const QString schema = m_tenants->schemaOf(*id);
    QVERIFY(schema.toUtf8().size() <= 63);
    QCOMPARE(schema, m_tenants->schemaOf(*id));
    // One letter of difference, far behind what fits into a name.
    const auto other = OwnerId::parse(owner.chopped(1) + QLatin1Char('y'));
    VERIFY_RESULT(other);
    QVERIFY(schema != m_tenants->schemaOf(*other));
    const auto database = m_tenants->database(*id);
    VERIFY_RESULT(database);
    QCOMPARE(database->names().schema(), schema);
}

void TestTenantSchemas::addsListsAndDrops()
{
    const auto none = await(m_tenants->list());
    VERIFY_RESULT(none);
    QVERIFY(none->isEmpty());
    for (const OwnerId &owner : {m_anna, m_ben, m_anna})
        VERIFY_FUTURE(m_tenants->add(owner));
    const auto both = await(m_tenants->list());
    VERIFY_RESULT(both);
    QCOMPARE(both->size(), 2);
    QCOMPARE(both->first().owner, m_anna);
    QCOMPARE(both->first().schema, m_tenants->schemaOf(m_anna));
    VERIFY_FUTURE(m_tenants->drop(m_anna));
    const auto again = await(m_tenants->drop(m_anna));
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::NotFound);
    const auto one = await(m_tenants->list());
    VERIFY_RESULT(one);
    QCOMPARE(one->size(), 1);
}

void TestTenantSchemas::tenantsDoNotSeeEachOther()
{
    for (const OwnerId &owner : {m_anna, m_ben})
        VERIFY_FUTURE(m_tenants->add(owner));
    const auto annas = open(*m_tenants->database(m_anna));
    const auto bens = open(*m_tenants->database(m_ben));
    QVERIFY(annas && bens);
    VERIFY_RESULT(add(*annas, m_anna, QStringLiteral("a"), QStringLiteral("Anna's lighthouse.")));
    QCOMPARE(found(*annas, m_anna, QStringLiteral("lighthouse"), SearchMode::Text), 1);
    // Even under the other's name there is nothing in this schema.
    QCOMPARE(found(*bens, m_anna, QStringLiteral("lighthouse"), SearchMode::Text), 0);
}

void TestTenantSchemas::foreignSchemaIsNotTouched()
{
    const QString name = m_tenants->schemaOf(m_ben);
    const auto database = m_tenants->database(m_ben);
    const auto script = [&](const QString &sql) {
        return await(database->run(db::Access::Write, [sql](db::Session &session) {
            return session.runScript(QStringLiteral("test"), sql);
        }));
    };
    VERIFY_RESULT(
        script(QStringLiteral("CREATE SCHEMA {{schema}}; CREATE TABLE {{tables.mine}} ()")));
    const auto added = await(m_tenants->add(m_ben));
    QVERIFY(!added);
    QCOMPARE(added.error().kind, ErrorKind::Conflict);
    QCOMPARE(added.error().code, QStringLiteral("schema_taken"));
    const auto dropped = await(m_tenants->drop(m_ben));
    QVERIFY(!dropped);
    QCOMPARE(dropped.error().kind, ErrorKind::Conflict);
    VERIFY_RESULT(script(QStringLiteral("DROP TABLE {{tables.mine}}; DROP SCHEMA {{schema}}")));
}

void TestTenantSchemas::wrongPrefixesAreRefused()
{
    for (const QString &prefix :
         {QString(), QStringLiteral("pg_"), QString(21, QLatin1Char('a'))}) {
        const auto tenants = TenantSchemas::create(m_pool, prefix);
        QVERIFY(!tenants);
        QCOMPARE(tenants.error().kind, ErrorKind::Configuration);
    }
}

void TestTenantSchemas::movesInAndOut()
{
    auto sharedDatabase = db::DatabaseManager::create(m_pool, m_shared->schema());
    VERIFY_RESULT(sharedDatabase);
    auto shared = open(*sharedDatabase);
    QVERIFY(shared);
    const auto added = add(*shared, m_anna, QStringLiteral("a"), tenantText());
    VERIFY_RESULT(added);
    VERIFY_FUTURE(shared->renameOwner(m_anna, QStringLiteral("Anna")));
    DocumentInput queued;
    queued.owner = m_anna;
    queued.idAtOrigin = QStringLiteral("queued");
    queued.name = QStringLiteral("queued");
    queued.content = QStringLiteral("Not embedded yet.");
    queued.generateEmbeddings = false;
    VERIFY_FUTURE(shared->addDocument(queued));
    const qint64 before = found(*shared, m_anna, QStringLiteral("lighthouse"), SearchMode::Vector);
    QVERIFY(before > 1);

    const auto moved = await(m_tenants->moveIn(m_anna, *sharedDatabase));
    VERIFY_RESULT(moved);
    QCOMPARE(moved->documents, 2);
    QCOMPARE(moved->vectors, qint64(added->chunksCreated));
    QVERIFY(moved->chunks > moved->vectors);
    const auto gone = await(shared->owner(m_anna));
    QVERIFY(!gone);
    QCOMPARE(gone.error().kind, ErrorKind::NotFound);

    auto own = open(*m_tenants->database(m_anna));
    QVERIFY(own);
    const auto owner = await(own->owner(m_anna));
    VERIFY_RESULT(owner);
    QCOMPARE(owner->displayName, QStringLiteral("Anna"));
    QCOMPARE(owner->documentCount, 2);
    QCOMPARE(found(*own, m_anna, QStringLiteral("lighthouse"), SearchMode::Vector), before);
    const auto details = await(own->document(m_anna, added->document.id, {.content = true}));
    VERIFY_RESULT(details);
    QCOMPARE(details->content, tenantText());
    const auto status = await(own->embeddingStatus(m_anna));
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 1);

    const auto back = await(m_tenants->moveOut(m_anna, *sharedDatabase));
    VERIFY_RESULT(back);
    QCOMPARE(back->documents, 2);
    QCOMPARE(found(*shared, m_anna, QStringLiteral("lighthouse"), SearchMode::Vector), before);
    QCOMPARE(found(*own, m_anna, QStringLiteral("lighthouse"), SearchMode::Vector), 0);
}

void TestTenantSchemas::movesEveryTable()
{
    auto database = db::DatabaseManager::create(m_pool, m_shared->schema());
    VERIFY_RESULT(database);
    const auto shared = open(*database);
    QVERIFY(shared);
    const auto tables = await(database->run(db::Access::Read, [](db::Session &session) {
        return session.query(kTenantTables, {session.names().schema()});
    }));
    VERIFY_RESULT(tables);
    QStringList names;
    for (const db::Row &row : *tables)
        names << row.text(0);
    // A table that comes to the schema later must come to core/tenants/tenant_mover.cpp too.
    QCOMPARE(names,
             (QStringList{QStringLiteral("document_chunks"),
                          QStringLiteral("document_contents"),
                          QStringLiteral("documents"),
                          QStringLiteral("embedding_queue"),
                          QStringLiteral("embeddings_deterministic_32"),
                          QStringLiteral("ingest_batches"),
                          QStringLiteral("ingest_files"),
                          QStringLiteral("notebook_judgements"),
                          QStringLiteral("notebook_queries"),
                          QStringLiteral("notebook_reports"),
                          QStringLiteral("owners"),
                          QStringLiteral("saved_searches"),
                          QStringLiteral("search_history"),
                          QStringLiteral("search_results"),
                          QStringLiteral("text_postings"),
                          QStringLiteral("text_segments")}));
}

void TestTenantSchemas::movingLeavesOthersAlone()
{
    auto database = db::DatabaseManager::create(m_pool, m_shared->schema());
    VERIFY_RESULT(database);
    const auto shared = open(*database);
    QVERIFY(shared);
    for (const OwnerId &owner : {m_anna, m_ben})
        VERIFY_RESULT(add(*shared, owner, QStringLiteral("a"), QStringLiteral("The lighthouse.")));
    VERIFY_FUTURE(m_tenants->moveIn(m_anna, *database));
    QCOMPARE(found(*shared, m_ben, QStringLiteral("lighthouse"), SearchMode::Text), 1);
    const auto ben = await(shared->owner(m_ben));
    VERIFY_RESULT(ben);
    QCOMPARE(ben->documentCount, 1);
}

void TestTenantSchemas::movingRefusals()
{
    auto database = db::DatabaseManager::create(m_pool, m_shared->schema());
    VERIFY_RESULT(database);
    const auto shared = open(*database);
    QVERIFY(shared);
    const auto missing = await(m_tenants->moveIn(m_ben, *database));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    const auto homeless = await(m_tenants->moveOut(m_anna, *database));
    QVERIFY(!homeless);
    QCOMPARE(homeless.error().kind, ErrorKind::NotFound);

    // Documents on both sides: neither is lost.
    VERIFY_RESULT(add(*shared, m_anna, QStringLiteral("a"), QStringLiteral("Shared text.")));
    VERIFY_FUTURE(m_tenants->add(m_anna));
    {
        const auto own = open(*m_tenants->database(m_anna));
        QVERIFY(own);
        VERIFY_RESULT(add(*own, m_anna, QStringLiteral("b"), QStringLiteral("Own text.")));
        for (const auto &refused : {await(m_tenants->moveIn(m_anna, *database)),
                                    await(m_tenants->moveOut(m_anna, *database))}) {
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::Conflict);
            QCOMPARE(refused.error().code, QStringLiteral("tenant_exists"));
        }
        QCOMPARE(found(*own, m_anna, QStringLiteral("own"), SearchMode::Text), 1);
    }
    QCOMPARE(found(*shared, m_anna, QStringLiteral("shared"), SearchMode::Text), 1);
    const auto itself = await(m_tenants->moveIn(m_anna, *m_tenants->database(m_anna)));
    QVERIFY(!itself);
    QCOMPARE(itself.error().code, QStringLiteral("tenant_is_there"));
}

QTEST_GUILESS_MAIN(TestTenantSchemas)
#include "tst_tenant_schemas.moc"
