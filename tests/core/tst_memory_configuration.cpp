#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QTemporaryDir>

using namespace llmemory;
using testing::await;
using testing::DeterministicEmbedder;
using testing::manyWords;
using testing::plainDocument;
using testing::TemporarySchema;

/// How a Memory is opened, and what its configuration changes.
class TestMemoryConfiguration : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void chunkSizesFollowTheConfiguration();
    void summariesFollowTheConfiguration();
    void migratesByHand();
    void refusesASchemaThatIsOutOfDate();
    void opensAsAValueAndClosesItsConnections();
    void poolFollowsTheConfiguration();
    void appliesMigrationsOfTheProgram();
    void readsFromAServerThatOnlyReads();
    void modelsDoNotShareATable();
    void emptyDataDirectoryIsTheUsualOne();

private:
    Memory &memory() { return *m_memory; }
    AddedDocument add(const QString &origin, const QString &text);

    std::unique_ptr<TemporarySchema> m_schema;
    std::shared_ptr<DeterministicEmbedder> m_embedder;
    std::unique_ptr<Memory> m_memory;
    OwnerId m_owner = *OwnerId::parse(QStringLiteral("owner"));
};

void TestMemoryConfiguration::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>(false);
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
    m_embedder = std::make_shared<DeterministicEmbedder>();
}

void TestMemoryConfiguration::init()
{
    m_memory.reset();
    m_schema = std::make_unique<TemporarySchema>(false);
    Config config = m_schema->config(false);
    config.embedding.embedder = m_embedder;
    m_memory = std::make_unique<Memory>(config);
    VERIFY_FUTURE(m_memory->initialize());
}

AddedDocument TestMemoryConfiguration::add(const QString &origin, const QString &text)
{
    auto added = await(memory().addDocument(plainDocument(m_owner, origin, text)));
    return added ? *added : AddedDocument();
}

void TestMemoryConfiguration::chunkSizesFollowTheConfiguration()
{
    const QString text = manyWords(600);
    const auto passages = [&](const Config &config, const Json &own) -> QList<Chunk> {
        Memory configured(config);
        if (auto ok = await(configured.initialize()); !ok)
            return {};
        DocumentInput input = plainDocument(m_owner, QStringLiteral("sized"), text);
        input.chunkingConfig = own;
        const auto added = await(configured.addDocument(input));
        if (!added)
            return {};
        const auto page =
            await(configured.documentChunks({.owner = m_owner, .document = added->document.id}));
        QList<Chunk> children;
        for (const Chunk &chunk : page ? page->chunks : QList<Chunk>()) {
            if (chunk.level == 1)
                children << chunk;
        }
        return children;
    };
    const auto longest = [](const QList<Chunk> &chunks) {
        int most = 0;
        for (const Chunk &chunk : chunks)
            most = std::max(most, chunk.tokenCount);
        return most;
    };
    Config config = memory().config();
    const QList<Chunk> usual = passages(config, {});
    config.chunking.chunkSize = 60;
    config.chunking.chunkOverlap = 0;
    const QList<Chunk> small = passages(config, {});
    QVERIFY(longest(usual) > 100);
    QVERIFY(longest(small) <= 60);
    QVERIFY(small.size() > usual.size());
    for (qsizetype i = 1; i < small.size(); ++i)
        QVERIFY(small.at(i).locator.charStart >= small.at(i - 1).locator.charEnd);
    config.chunking.chunkOverlap = 20;
    const QList<Chunk> overlapping = passages(config, {});
    QVERIFY(std::adjacent_find(
                overlapping.begin(), overlapping.end(), [](const Chunk &a, const Chunk &b) {
                    return a.parent == b.parent && b.locator.charStart < a.locator.charEnd;
                }) != overlapping.end());
    // A document's own sizes go before, the limit behind everything.
    QVERIFY(longest(passages(config, {{"child_size", 120}, {"parent_size", 240}})) > 60);
    config.chunking.maxChunkSize = 60;
    QVERIFY(longest(passages(config, {{"child_size", 120}, {"parent_size", 240}})) <= 60);
}

void TestMemoryConfiguration::summariesFollowTheConfiguration()
{
    const QString text = manyWords(30);
    add(QStringLiteral("a"), text);
    const SearchQuery query{.owner = m_owner, .text = QStringLiteral("word3")};
    const auto without = await(memory().search(query));
    VERIFY_RESULT(without);
    QVERIFY(without->hits.first().summary.isEmpty());
    Config config = memory().config();
    config.chunking.summaries = true;
    config.chunking.summaryMaxTokens = 40;
    Memory summing(config);
    VERIFY_FUTURE(summing.initialize());
    const auto with = await(summing.search(query));
    VERIFY_RESULT(with);
    const QString summary = with->hits.first().summary;
    QVERIFY(summary.startsWith(QLatin1String("word0 and some")));
    QVERIFY(summary.endsWith(QLatin1String("...")));
    QCOMPARE(summary.split(QLatin1Char(' ')).size(), 20);
}

void TestMemoryConfiguration::migratesByHand()
{
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.embedding.embedder = m_embedder;
    config.database.runMigrations = false;
    Memory byHand(config);
    const auto before = await(byHand.migrationStatus());
    VERIFY_RESULT(before);
    QCOMPARE(before->schema, fresh.schema());
    QVERIFY(before->pending > 0);
    const auto plan = await(byHand.planMigrations());
    VERIFY_RESULT(plan);
    QCOMPARE(plan->steps.size(), before->pending);
    QVERIFY(plan->createsSchema);
    QVERIFY(plan->steps.first().sql.contains(fresh.schema()));
    const auto unchanged = await(byHand.migrationStatus());
    VERIFY_RESULT(unchanged);
    QCOMPARE(unchanged->pending, before->pending);
    const auto applied = await(byHand.applyMigrations());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, before->pending);
    VERIFY_FUTURE(byHand.initialize());
    VERIFY_FUTURE(byHand.listOwners());
}

void TestMemoryConfiguration::refusesASchemaThatIsOutOfDate()
{
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.database.runMigrations = false;
    Memory outdated(config);
    const auto opened = await(outdated.initialize());
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Configuration);
    QCOMPARE(opened.error().code, QStringLiteral("schema_outdated"));
    const auto status = await(outdated.migrationStatus());
    VERIFY_RESULT(status);
    QVERIFY(status->pending > 0); // nothing was changed
}

void TestMemoryConfiguration::opensAsAValueAndClosesItsConnections()
{
    static constexpr db::Statement kOpen{
        "open", "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"};
    const auto watcher = m_schema->manager(1);
    const QString name = QStringLiteral("raii_") + m_owner.toString();
    const auto connections = [&] {
        const auto row = await(watcher.run(db::Access::Read, [&](db::Session &session) {
            return session.queryOne(kOpen, {name});
        }));
        return row ? row->integer(0) : -1;
    };
    Config config = memory().config();
    config.database.connectionString += QStringLiteral(" application_name=") + name;
    {
        auto opened = Memory::open(config);
        VERIFY_RESULT(opened);
        VERIFY_FUTURE((*opened)->listOwners());
        QVERIFY(connections() >= 1);
    }
    QTRY_COMPARE(connections(), 0);
    config.database.maxPoolSize = 1000;
    const auto refused = Memory::open(config);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Configuration);
}

void TestMemoryConfiguration::poolFollowsTheConfiguration()
{
    Config config = memory().config();
    config.database.minPoolSize = 2;
    config.database.maxPoolSize = 3;
    config.database.connectTimeoutS = 4;
    config.database.acquireTimeoutS = 5;
    config.database.statementTimeoutS = 6;
    config.database.lockTimeoutS = 7;
    config.database.idleTimeoutS = 8;
    Memory configured(config);
    VERIFY_FUTURE(configured.initialize());
    const auto database = configured.databaseManager();
    VERIFY_RESULT(database);
    const db::PoolOptions &pool = database->pool()->options();
    using std::chrono::seconds;
    QCOMPARE(pool.minConnections, 2);
    QCOMPARE(pool.maxConnections, 3);
    QVERIFY(pool.connectTimeout == seconds(4));
    QVERIFY(pool.acquireTimeout == seconds(5));
    QVERIFY(pool.timeouts.statement == seconds(6));
    QVERIFY(pool.timeouts.lock == seconds(7));
    QVERIFY(pool.idleTimeout == seconds(8));
    // They hold in the server.
    static constexpr db::Statement kSettings{
        "settings", "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"};
    const auto settings = await(database->runInTransaction(
        db::Access::Read, "settings", db::Scope::registry(), [](db::Session &session) {
            return session.queryOne(kSettings);
        }));
    VERIFY_RESULT(settings);
    QCOMPARE(settings->text(0), QStringLiteral("6s"));
    QCOMPARE(settings->text(1), QStringLiteral("7s"));
}

void TestMemoryConfiguration::appliesMigrationsOfTheProgram()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("1_notes.sql")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("CREATE TABLE {{tables.program_notes}} (note text PRIMARY KEY);");
    file.close();
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.embedding.embedder = m_embedder;
    config.migrations = {{QStringLiteral("program"), folder.path()}};
    Memory own(config);
    VERIFY_FUTURE(own.initialize());
    const auto status = await(own.migrationStatus());
    VERIFY_RESULT(status);
    QCOMPARE(status->entries.last().module, QStringLiteral("program"));
    QVERIFY(status->entries.last().applied);
    static constexpr db::Statement kInsert{"note",
                                           "INSERT INTO {{tables.program_notes}} VALUES ($1)"};
    const auto database = own.databaseManager();
    VERIFY_RESULT(database);
    const auto inserted = await(database->run(db::Access::Write, [](db::Session &session) {
        return session.execute(kInsert, {QStringLiteral("mine")});
    }));
    VERIFY_RESULT(inserted);
}

void TestMemoryConfiguration::readsFromAServerThatOnlyReads()
{
    add(QStringLiteral("a"), QStringLiteral("The lighthouse."));
    Config config = memory().config();
    config.database.connectionString +=
        QStringLiteral(" options='-c default_transaction_read_only=on'");
    config.database.runMigrations = false;
    Memory reading(config);
    VERIFY_FUTURE(reading.initialize());
    const auto answer =
        await(reading.search({.owner = m_owner, .text = QStringLiteral("lighthouse")}));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    VERIFY_FUTURE(reading.listDocuments({.owner = m_owner}));
    VERIFY_FUTURE(reading.statistics(m_owner));
    const auto refused = await(reading.addDocument(
        plainDocument(m_owner, QStringLiteral("b"), QStringLiteral("No room here."))));
    QVERIFY(!refused);
    QCOMPARE(refused.error().sqlState, QStringLiteral("25006"));
}

void TestMemoryConfiguration::modelsDoNotShareATable()
{
    /// The same table name as "deterministic-64".
    class Underscored final : public embed::Embedder
    {
    public:
        QString modelId() const override { return QStringLiteral("deterministic_64"); }
        int dimension() const override { return m_model.dimension(); }
        Result<std::vector<embed::Vector>> embedDocuments(
            const QList<QString> &texts) const override
        {
            return m_model.embedDocuments(texts);
        }
        Result<embed::Vector> embedQuery(const QString &text) const override
        {
            return m_model.embedQuery(text);
        }

    private:
        DeterministicEmbedder m_model;
    };
    Config config = memory().config();
    config.embedding.embedder = std::make_shared<Underscored>();
    const auto opened = Memory::open(config);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Configuration);
    QVERIFY(opened.error().message.contains(QLatin1String("deterministic-64")));
}

void TestMemoryConfiguration::emptyDataDirectoryIsTheUsualOne()
{
    const Memory unnamed{Config()};
    QVERIFY(QDir::isAbsolutePath(unnamed.config().dataDirectory));
    QVERIFY(unnamed.config().dataDirectory.endsWith(QLatin1String("/llmemory")));
}

QTEST_GUILESS_MAIN(TestMemoryConfiguration)
#include "tst_memory_configuration.moc"
