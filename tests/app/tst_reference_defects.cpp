#include "core/embed/embedding_model_repository.h"
#include "core/embed/vector_index_keeper.h"
#include "core/memory.h"
#include "core/search/reranker.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"
#include "tests/app/program_fixture.h"
#include "tests/core/embed/vector_rows.h"

#include <atomic>

using namespace llmemory;
using testing::await;
using testing::DeterministicEmbedder;
using testing::plainDocument;
using testing::TemporarySchema;

namespace {

QString emailText()
{
    QString text = QStringLiteral("From: a@example.org\nTo: b@example.org\nSubject: Firstword\n\n");
    for (int i = 0; i < 120; ++i)
        text += QStringLiteral("Line %1 of the letter tells something new. ").arg(i);
    return text + QStringLiteral("\n\nOn Monday B wrote:\n> quoted\n\nBest regards\nLastword\n");
}

QString chatText()
{
    QString text;
    for (int i = 0; i < 150; ++i)
        text += QStringLiteral("[%1:%2] anna: message number %3 of the talk\n")
                    .arg(9 + i / 60)
                    .arg(i % 60, 2, 10, QLatin1Char('0'))
                    .arg(i);
    return QStringLiteral("[8:59] ben: Firstword\n") + text +
           QStringLiteral("[18:00] ben: Lastword\n");
}

QString markdownText()
{
    QString text = QStringLiteral("# Firstword\n\n");
    for (int i = 0; i < 40; ++i)
        text += QStringLiteral("## Section %1\n\nA paragraph about topic %1, long enough to count, "
                               "with more than one sentence in it. It goes on for a while.\n\n")
                    .arg(i);
    return text + QStringLiteral("## The end\n\nLastword\n");
}

/// Counts what it is shown and prefers the passage that names the number 19.
class CountingReranker final : public search::Reranker
{
public:
    QString id() const override { return QStringLiteral("counting"); }
    Result<std::vector<double>> score(const QString &,
                                      const QList<QString> &passages) const override
    {
        shown = int(passages.size());
        std::vector<double> scores;
        for (const QString &passage : passages)
            scores.push_back(passage.contains(QLatin1String("number 19 ")) ? 1.0 : 0.0);
        return scores;
    }
    mutable std::atomic_int shown = 0;
};

} // namespace

/// The defects W1 to W10 of the Python llmemory, which must not come back. Each test does what
/// failed there.
class TestReferenceDefects : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void w1EmailsChatsAndMarkdownKeepAllChunks_data();
    void w1EmailsChatsAndMarkdownKeepAllChunks();
    void w2SharedPoolHasItsTablesInItsSchema();
    void w2FailedMigrationIsAnError();
    void w3ReplacingIsAtomic();
    void w3ConcurrentReplacementsDoNotMix();
    void w4UploadsDoNotReplaceEachOther();
    void w5OwnModelsOfAnyDimensionWork_data();
    void w5OwnModelsOfAnyDimensionWork();
    void w6FilterOfOriginHoldsInEveryMode();
    void w7TenantsGetAsManyHitsAsTheyAskFor();
    void w8RerankingSeesMoreThanThePage();
    void w8LexicalRerankingReadsEveryScript();
    void w9ProfileBuildsTheIndexOnceAndChangesNoneThere();
    void w10CommandLineKnowsItsDatabaseAndSearchesByMeaning();

private:
    Config config() const;
    std::unique_ptr<Memory> open(const Config &config) const;
    Result<SearchAnswer> search(SearchQuery query) const { return await(m_memory->search(query)); }

    std::unique_ptr<TemporarySchema> m_schema;
    std::shared_ptr<DeterministicEmbedder> m_embedder;
    std::unique_ptr<Memory> m_memory;
    OwnerId m_owner = *OwnerId::parse(QStringLiteral("owner"));
};

void TestReferenceDefects::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>(false);
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
}

void TestReferenceDefects::init()
{
    m_schema = std::make_unique<TemporarySchema>(false);
    m_embedder = std::make_shared<DeterministicEmbedder>();
    m_memory = open(config());
    QVERIFY(m_memory);
}

void TestReferenceDefects::cleanup()
{
    m_memory.reset();
}

Config TestReferenceDefects::config() const
{
    Config config = m_schema->config(false);
    config.embedding.embedder = m_embedder;
    return config;
}

std::unique_ptr<Memory> TestReferenceDefects::open(const Config &config) const
{
    auto memory = std::make_unique<Memory>(config);
    const auto ok = await(memory->initialize());
    if (!ok)
        qWarning("%s", testing::describe(ok.error()).constData());
    return ok ? std::move(memory) : nullptr;
}

void TestReferenceDefects::w1EmailsChatsAndMarkdownKeepAllChunks_data()
{
    QTest::addColumn<DocumentType>("type");
    QTest::addColumn<QString>("text");
    QTest::newRow("email") << DocumentType::Email << emailText();
    QTest::newRow("chat") << DocumentType::Chat << chatText();
    QTest::newRow("markdown") << DocumentType::Markdown << markdownText();
}

void TestReferenceDefects::w1EmailsChatsAndMarkdownKeepAllChunks()
{
    QFETCH(DocumentType, type);
    QFETCH(QString, text);
    DocumentInput input = plainDocument(m_owner, QStringLiteral("a"), text);
    input.type = type;
    const auto added = await(m_memory->addDocument(input));
    VERIFY_RESULT(added);
    QVERIFY(added->chunksCreated > 1);
    const auto page =
        await(m_memory->documentChunks({.owner = m_owner, .document = added->document.id}));
    VERIFY_RESULT(page);
    int passages = 0;
    for (const Chunk &chunk : page->chunks)
        passages += chunk.level == 1 ? 1 : 0;
    QCOMPARE(passages, added->chunksCreated); // stored as reported
    QCOMPARE(added->embeddingsCreated, passages);
    for (const QString &word : {QStringLiteral("Firstword"), QStringLiteral("Lastword")}) {
        const auto answer = search({.owner = m_owner, .text = word, .mode = SearchMode::Text});
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 1);
    }
}

void TestReferenceDefects::w2SharedPoolHasItsTablesInItsSchema()
{
    const TemporarySchema schema(false);
    const auto pool = std::make_shared<db::ConnectionPool>(
        schema.params(), db::PoolOptions{.minConnections = 1, .maxConnections = 2});
    auto manager = db::DatabaseManager::create(pool, schema.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    VERIFY_FUTURE(memory.initialize());
    VERIFY_FUTURE(
        memory.addDocument(plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("Text."))));
    static constexpr db::Statement kWhere{
        "where",
        "SELECT (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
        "n.oid = "
        "c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'), "
        "(SELECT count(*) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = "
        "p.pronamespace "
        "WHERE n.nspname = 'public' AND p.proname IN ('current_owner', 'serves_queue', "
        "'get_chunk_with_context'))"};
    const auto where = await(manager->run(db::Access::Read, [](db::Session &session) {
        return session.queryOne(kWhere, {session.names().schema()});
    }));
    VERIFY_RESULT(where);
    QVERIFY(where->integer(0) >= 8);
    QCOMPARE(where->integer(1), 0);
}

void TestReferenceDefects::w2FailedMigrationIsAnError()
{
    // The schema is there, but somebody else's: nothing may be made in it.
    const TemporarySchema schema(false);
    auto administrator = db::Connection::open(schema.administrator());
    VERIFY_RESULT(administrator);
    VERIFY_RESULT((*administrator)
                      ->runScript(QStringLiteral("foreign"),
                                  QStringLiteral("CREATE SCHEMA \"%1\"").arg(schema.schema())));
    const auto pool = std::make_shared<db::ConnectionPool>(
        schema.params(), db::PoolOptions{.minConnections = 1, .maxConnections = 2});
    auto manager = db::DatabaseManager::create(pool, schema.schema());
    VERIFY_RESULT(manager);
    Memory memory(*manager, config());
    const auto opened = await(memory.initialize());
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Permission);
    QCOMPARE(opened.error().sqlState, QStringLiteral("42501"));
    const auto late = await(memory.listOwners());
    QVERIFY(!late);
    QCOMPARE(late.error().code, QStringLiteral("not_open"));
}

void TestReferenceDefects::w3ReplacingIsAtomic()
{
    VERIFY_FUTURE(m_memory->addDocument(
        plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The old lighthouse."))));
    // What the reference's tokenizer stumbled over, after the old text was gone.
    const QString special =
        QStringLiteral("A newer lighthouse <|endoftext|> with <|im_start|> in it.");
    const auto replaced =
        await(m_memory->addDocument(plainDocument(m_owner, QStringLiteral("a"), special)));
    VERIFY_RESULT(replaced);
    QCOMPARE(replaced->status, AddStatus::Updated);
    const auto details = await(
        m_memory->document(m_owner, replaced->document.id, {.content = true, .chunks = true}));
    VERIFY_RESULT(details);
    QCOMPARE(details->content, special);
    QCOMPARE(details->chunks.size(), 1);
    // A replacement that cannot be: name, text and passages stay those of before.
    DocumentInput broken =
        plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("Never seen."));
    broken.name = QStringLiteral("renamed");
    broken.chunkingConfig = {{"child_size", 1}};
    const auto refused = await(m_memory->addDocument(broken));
    QVERIFY(!refused);
    const auto after = await(
        m_memory->document(m_owner, replaced->document.id, {.content = true, .chunks = true}));
    VERIFY_RESULT(after);
    QCOMPARE(after->document.name, QStringLiteral("a"));
    QCOMPARE(after->content, special);
    QCOMPARE(after->chunks.size(), 1);
}

void TestReferenceDefects::w3ConcurrentReplacementsDoNotMix()
{
    QList<QFuture<Result<AddedDocument>>> running;
    for (int i = 0; i < 12; ++i) {
        QString text;
        for (int line = 0; line < 150; ++line)
            text += QStringLiteral("Version%1 line %2 with some words. ").arg(i).arg(line);
        running << m_memory->addDocument(plainDocument(m_owner, QStringLiteral("same"), text));
    }
    DocumentId id;
    for (const auto &future : running) {
        const auto added = await(future);
        VERIFY_RESULT(added);
        QVERIFY(id.isNull() || id == added->document.id);
        id = added->document.id;
    }
    const auto details = await(m_memory->document(m_owner, id, {.content = true, .chunks = true}));
    VERIFY_RESULT(details);
    const QString version = details->content.section(QLatin1Char(' '), 0, 0);
    int passages = 0;
    for (const Chunk &chunk : details->chunks) {
        QVERIFY(chunk.content.contains(version + QLatin1Char(' ')));
        passages += chunk.level == 1 ? 1 : 0;
    }
    QCOMPARE(passages, details->document.chunkCount);
}

void TestReferenceDefects::w4UploadsDoNotReplaceEachOther()
{
    testing::ProgramFixture program;
    if (!program.reason().isEmpty())
        QSKIP(qPrintable(program.reason()));
    QVERIFY(program.clear());
    QVERIFY(program.write(QStringLiteral("one.txt"), "The first heron.\n"));
    QVERIFY(program.write(QStringLiteral("sub/two.txt"), "The second heron.\n"));
    const auto run = program.runOnDatabase({QStringLiteral("ingest"),
                                            QStringLiteral("--owner"),
                                            QStringLiteral("w4"),
                                            program.folder()});
    QCOMPARE(run.exitCode, 0);
    const auto list = program.runOnDatabase({QStringLiteral("documents"),
                                             QStringLiteral("list"),
                                             QStringLiteral("--owner"),
                                             QStringLiteral("w4"),
                                             QStringLiteral("--json")});
    QCOMPARE(list.exitCode, 0);
    QVERIFY(list.output.contains("one.txt"));
    QVERIFY(list.output.contains("two.txt"));
}

void TestReferenceDefects::w5OwnModelsOfAnyDimensionWork_data()
{
    QTest::addColumn<int>("dimension");
    QTest::newRow("MiniLM's 384") << 384;
    QTest::newRow("text-embedding-3-large's 3072") << 3072;
}

void TestReferenceDefects::w5OwnModelsOfAnyDimensionWork()
{
    QFETCH(int, dimension);
    Config own = config(); // no key of any service, in no environment
    own.embedding.embedder = std::make_shared<DeterministicEmbedder>(dimension);
    m_memory = open(own);
    QVERIFY(m_memory);
    const auto added = await(m_memory->addDocument(plainDocument(
        m_owner, QStringLiteral("a"), QStringLiteral("The keeper of the lighthouse."))));
    VERIFY_RESULT(added);
    QCOMPARE(added->embeddingsCreated, 1);
    const auto answer = search({.owner = m_owner,
                                .text = QStringLiteral("lighthouse keeper"),
                                .mode = SearchMode::Vector});
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    QVERIFY(*answer->hits.first().similarity > 0.5);
}

void TestReferenceDefects::w6FilterOfOriginHoldsInEveryMode()
{
    for (const QString &origin : {QStringLiteral("wanted"), QStringLiteral("other")})
        VERIFY_FUTURE(m_memory->addDocument(
            plainDocument(m_owner, origin, QStringLiteral("The lighthouse of %1.").arg(origin))));
    for (const SearchMode mode : {SearchMode::Hybrid, SearchMode::Vector, SearchMode::Text}) {
        const auto answer = search({.owner = m_owner,
                                    .text = QStringLiteral("lighthouse"),
                                    .mode = mode,
                                    .idsAtOrigin = {QStringLiteral("wanted")}});
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 1);
        QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("wanted"));
    }
}

void TestReferenceDefects::w7TenantsGetAsManyHitsAsTheyAskFor()
{
    // 21,000 vectors of one tenant, more than are compared one by one, and 300 of another among
    // them.
    m_embedder = std::make_shared<DeterministicEmbedder>(8);
    Config own = config();
    own.search.hnswProfile = HnswProfile::Fast;
    m_memory = open(own);
    QVERIFY(m_memory);
    const OwnerId small = *OwnerId::parse(QStringLiteral("small"));
    db::SqlNames names = *db::SqlNames::forSchema(m_schema->schema());
    names.setEmbeddingsTable(QStringLiteral("embeddings_deterministic_8"));
    auto connection = db::Connection::open(m_schema->params());
    VERIFY_RESULT(connection);
    db::Session session(**connection, names);
    const std::pair<OwnerId, int> owners[] = {{m_owner, 21'000}, {small, 300}};
    for (const auto &[owner, passages] : owners)
        VERIFY_RESULT(testing::addVectorRows(session, {.owner = owner, .passages = passages}));
    VERIFY_RESULT(embed::keepVectorIndexes(session, HnswProfile::Fast));
    for (const auto &[owner, passages] : owners) {
        for (const int limit : {10, 200}) {
            const auto answer = search({.owner = owner,
                                        .text = QStringLiteral("any words"),
                                        .mode = SearchMode::Vector,
                                        .limit = limit});
            VERIFY_RESULT(answer);
            QCOMPARE(answer->hits.size(), limit);
        }
    }
}

void TestReferenceDefects::w8RerankingSeesMoreThanThePage()
{
    for (int i = 0; i < 20; ++i)
        VERIFY_FUTURE(m_memory->addDocument(
            plainDocument(m_owner,
                          QString::number(i),
                          QStringLiteral("The lighthouse number %1 stands here.").arg(i))));
    const auto reranker = std::make_shared<CountingReranker>();
    Config own = config();
    own.search.reranker = reranker;
    m_memory = open(own);
    QVERIFY(m_memory);
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("lighthouse"), .limit = 3};
    query.rerank = true;
    query.rerankTopK = 50;
    const auto answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(reranker->shown.load(), 20);
    QCOMPARE(answer->hits.size(), 3);
    QVERIFY(answer->hits.first().content.contains(QLatin1String("number 19 ")));
}

void TestReferenceDefects::w8LexicalRerankingReadsEveryScript()
{
    const QStringList texts{
        QStringLiteral("\u043c\u0430\u044f\u043a \u043d\u0430 \u0431\u0435\u0440\u0435\u0433\u0443 "
                       "\u043c\u043e\u0440\u044f"),
        QStringLiteral("\u0431\u0435\u0440\u0435\u0433 \u043c\u043e\u0440\u044f \u0438 "
                       "\u043f\u0435\u0441\u043e\u043a")};
    for (const QString &text : texts)
        VERIFY_FUTURE(m_memory->addDocument(plainDocument(m_owner, text.left(3), text)));
    SearchQuery query{
        .owner = m_owner,
        .text = QStringLiteral("\u043c\u0430\u044f\u043a \u0431\u0435\u0440\u0435\u0433\u0443")};
    query.rerank = true;
    const auto answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.first().content, texts.first());
    QVERIFY(answer->hits.first().rerankScore.value_or(0) > 0);
}

void TestReferenceDefects::w9ProfileBuildsTheIndexOnceAndChangesNoneThere()
{
    m_memory.reset();
    m_schema = std::make_unique<TemporarySchema>(false);
    static constexpr db::Statement kIndex{
        "index",
        "SELECT array_to_string(c.reloptions, ','), c.relfilenode FROM pg_catalog.pg_class c "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_am a ON a.oid "
        "= c.relam "
        "WHERE n.nspname = $1 AND a.amname = 'hnsw'"};
    const auto index = [&]() -> Result<std::pair<QString, qint64>> {
        auto row = await(m_schema->manager(1).run(db::Access::Read, [](db::Session &session) {
            return session.queryOne(kIndex, {session.names().schema()});
        }));
        if (!row)
            return row.error();
        return std::pair(row->text(0), row->bigint(1));
    };
    m_memory = open(config());
    QVERIFY(m_memory);
    const auto keep = [&](HnswProfile profile) -> Result<> {
        auto connection = db::Connection::open(m_schema->params());
        if (!connection)
            return connection.error();
        db::SqlNames names = *db::SqlNames::forSchema(m_schema->schema());
        names.setEmbeddingsTable(embed::vectorTableName(m_embedder->modelId()));
        db::Session session(**connection, names);
        if (profile == HnswProfile::Fast) {
            const testing::VectorRows rows{
                .owner = m_owner, .passages = 20, .dimension = m_embedder->dimension()};
            if (auto ok = testing::addVectorRows(session, rows); !ok)
                return ok;
        }
        const auto kept = embed::keepVectorIndexes(session, profile, {10, 5, 100});
        return kept ? Result<>() : Result<>(kept.error());
    };
    VERIFY_RESULT(keep(HnswProfile::Fast));
    const auto made = index();
    VERIFY_RESULT(made);
    QVERIFY2(made->first.contains(QLatin1String("m=8")), qPrintable(made->first));
    QVERIFY(made->first.contains(QLatin1String("ef_construction=80")));
    VERIFY_RESULT(keep(HnswProfile::Accurate));
    const auto kept = index();
    VERIFY_RESULT(kept);
    QVERIFY(*kept == *made);
}

void TestReferenceDefects::w10CommandLineKnowsItsDatabaseAndSearchesByMeaning()
{
    testing::ProgramFixture program;
    if (!program.reason().isEmpty())
        QSKIP(qPrintable(program.reason()));
    QVERIFY(program.clear());
    const TemporarySchema schema(false);
    const auto run = [&](const QStringList &arguments) {
        const auto process = program.process(arguments);
        QProcessEnvironment environment = process->processEnvironment();
        environment.insert(QStringLiteral("DATABASE_URL"), schema.connectionString());
        environment.insert(QStringLiteral("LLMEMORY_SCHEMA"), schema.schema());
        process->setProcessEnvironment(environment);
        process->start();
        process->waitForFinished(60'000);
        return std::pair(process->exitCode(), process->readAllStandardOutput());
    };
    const QStringList ingest{QStringLiteral("ingest"),
                             QStringLiteral("--owner"),
                             QStringLiteral("w10"),
                             program.folder()};
    const auto search = [&](const QString &text) {
        const auto [code, output] = run({QStringLiteral("search"),
                                         QStringLiteral("--owner"),
                                         QStringLiteral("w10"),
                                         QStringLiteral("--json"),
                                         text});
        return code == 0 ? Json::parse(output.toStdString(), nullptr, false) : Json();
    };
    QVERIFY(program.write(QStringLiteral("note.txt"), "The heron waits beside the weir.\n"));
    QCOMPARE(run(ingest).first, 0);
    const Json first = search(QStringLiteral("heron weir"));
    QCOMPARE(first["results"].size(), size_t(1));
    QVERIFY(first["results"][0]["similarity"].is_number()); // hybrid: the vector leg saw it
    QVERIFY(first["results"][0]["text_rank"].is_number());
    // An edited file is read again.
    QVERIFY(program.write(QStringLiteral("note.txt"), "The kingfisher has taken its place.\n"));
    QCOMPARE(run(ingest).first, 0);
    const Json second = search(QStringLiteral("kingfisher"));
    QCOMPARE(second["results"].size(), size_t(1));
    QVERIFY(second["results"][0]["document_id"] == first["results"][0]["document_id"]);
}

QTEST_GUILESS_MAIN(TestReferenceDefects)
#include "tst_reference_defects.moc"
