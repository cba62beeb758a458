#include "core/config.h"
#include "core/config_fields.h"
#include "core/settings/settings.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <limits>

using namespace llmemory;
using settings::Key;
using settings::Settings;

namespace {

using Change = std::function<void(Config &)>;
using Check = std::function<bool(const Config &)>;

/// The addresses of all fields that settings describe. Does not compile any more when a field is
/// added: then it belongs here and into the table of settings.
QSet<const void *> fieldsOf(Config &config)
{
    auto
        &[database, chunking, embedding, search, dataDirectory, program, adoptBatches, migrations] =
            config;
    auto &[url, password, schema, least, most, connect, acquire, statement, lock, idle, migrate] =
        database;
    auto &[size, overlap, maxSize, summaries, summaryTokens, contextual] = chunking;
    auto &[provider, providers, key, model, openaiUrl, batch, interval, background, embedder] =
        embedding;
    auto &[hnsw,
           fusion,
           typos,
           k1,
           b,
           expansion,
           variants,
           rerank,
           rerankProvider,
           topK,
           returnK,
           reranker,
           generator,
           history,
           days] = search;
    // Only a program gives these.
    Q_UNUSED(migrations)
    Q_UNUSED(embedder)
    Q_UNUSED(reranker)
    Q_UNUSED(generator)
    return {&dataDirectory,
            &program,
            &adoptBatches,
            &url,
            &password,
            &schema,
            &least,
            &most,
            &connect,
            &acquire,
            &statement,
            &lock,
            &idle,
            &migrate,
            &size,
            &overlap,
            &maxSize,
            &summaries,
            &summaryTokens,
            &contextual,
            &provider,
            &providers,
            &key,
            &model,
            &openaiUrl,
            &batch,
            &interval,
            &background,
            &hnsw,
            &fusion,
            &typos,
            &expansion,
            &variants,
            &rerank,
            &rerankProvider,
            &topK,
            &returnK,
            &history,
            &days,
            &k1,
            &b};
}

const void *addressOf(const ConfigField &field)
{
    return std::visit(
        [](auto pointer) -> const void * {
            if constexpr (std::is_pointer_v<decltype(pointer)>)
                return pointer;
            else
                return nullptr;
        },
        field);
}

} // namespace

/// The value type that programs fill in, and its ties to the table of settings.
class TestConfig : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void everyFieldHasOneRow();
    void everyRowHasAFieldOrIsForTheProgram();
    void emptyEnvironmentGivesDefaults();
    void variableReachesItsField_data();
    void variableReachesItsField();
    void providerComesFromSettings();
    void defaultIsValid();
    void valid_data();
    void valid();
    void refused_data();
    void refused();
    void wrongSettingsAreRefused();
    void fromEnvironment();
    void fromWrongEnvironment();

private:
    Result<Config> fromVariables(const QMap<QString, QString> &variables) const;

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestConfig::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(m_home->isValid());
}

Result<Config> TestConfig::fromVariables(const QMap<QString, QString> &variables) const
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("HOME"), m_home->path());
    for (auto variable = variables.cbegin(); variable != variables.cend(); ++variable)
        environment.insert(variable.key(), variable.value());
    const auto settings = Settings::load({}, environment);
    if (!settings)
        return settings.error();
    return configFrom(*settings);
}

void TestConfig::everyFieldHasOneRow()
{
    Config config;
    QSet<const void *> bound;
    for (const settings::Definition &row : settings::definitions()) {
        const void *address = addressOf(configField(config, row.key));
        if (!address)
            continue;
        QVERIFY2(!bound.contains(address), qPrintable(row.name));
        bound += address;
    }
    QCOMPARE(bound, fieldsOf(config));
}

void TestConfig::everyRowHasAFieldOrIsForTheProgram()
{
    const QList<Key> forTheProgram{Key::ConfigFile,
                                   Key::LogLevel,
                                   Key::ListenAddress,
                                   Key::Port,
                                   Key::AllowedHosts,
                                   Key::AllowedOrigins};
    Config config;
    for (const settings::Definition &row : settings::definitions()) {
        const bool isBound = addressOf(configField(config, row.key)) != nullptr;
        QVERIFY2(isBound == (row.hasEffect() && !forTheProgram.contains(row.key)),
                 qPrintable(row.name));
    }
}

void TestConfig::emptyEnvironmentGivesDefaults()
{
    auto read = fromVariables({});
    VERIFY_RESULT(read);
    QCOMPARE(read->dataDirectory, m_home->filePath(QStringLiteral(".local/share/llmemory")));
    Config defaults;
    for (const settings::Definition &row : settings::definitions()) {
        if (row.key != Key::DataDirectory)
            QCOMPARE(fieldText(configField(*read, row.key)),
                     fieldText(configField(defaults, row.key)));
    }
}

void TestConfig::variableReachesItsField_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<Check>("arrived");
    const auto row = [](const char *variable, const char *value, const Check &arrived) {
        QTest::addRow("%s=%s", variable, value)
            << QString::fromLatin1(variable) << QString::fromLatin1(value) << arrived;
    };
    row("DATABASE_URL", "host=db", [](const Config &c) {
        return c.database.connectionString == QStringLiteral("host=db");
    });
    row("DB_PASSWORD", "s3cret", [](const Config &c) {
        return c.database.password == QStringLiteral("s3cret");
    });
    row("LLMEMORY_SCHEMA", "notes", [](const Config &c) {
        return c.database.schema == QStringLiteral("notes");
    });
    row("LLMEMORY_DB_MIN_POOL_SIZE", "3", [](const Config &c) {
        return c.database.minPoolSize == 3;
    });
    row("LLMEMORY_DB_MAX_POOL_SIZE", "9", [](const Config &c) {
        return c.database.maxPoolSize == 9;
    });
    row("LLMEMORY_DB_CONNECT_TIMEOUT", "11", [](const Config &c) {
        return c.database.connectTimeoutS == 11;
    });
    row("LLMEMORY_DB_ACQUIRE_TIMEOUT", "11", [](const Config &c) {
        return c.database.acquireTimeoutS == 11;
    });
    row("LLMEMORY_DB_STATEMENT_TIMEOUT", "11", [](const Config &c) {
        return c.database.statementTimeoutS == 11;
    });
    row("LLMEMORY_DB_LOCK_TIMEOUT", "11", [](const Config &c) {
        return c.database.lockTimeoutS == 11;
    });
    row("LLMEMORY_DB_IDLE_TIMEOUT", "11", [](const Config &c) {
        return c.database.idleTimeoutS == 11;
    });
    row("LLMEMORY_RUN_MIGRATIONS", "no", [](const Config &c) { return !c.database.runMigrations; });
    row("LLMEMORY_CHUNK_SIZE", "400", [](const Config &c) { return c.chunking.chunkSize == 400; });
    row("LLMEMORY_CHUNK_OVERLAP", "40", [](const Config &c) {
        return c.chunking.chunkOverlap == 40;
    });
    row("LLMEMORY_MAX_CHUNK_SIZE", "800", [](const Config &c) {
        return c.chunking.maxChunkSize == 800;
    });
    row("LLMEMORY_ENABLE_CHUNK_SUMMARIES", "yes", [](const Config &c) {
        return c.chunking.summaries;
    });
    row("LLMEMORY_SUMMARY_MAX_TOKENS", "60", [](const Config &c) {
        return c.chunking.summaryMaxTokens == 60;
    });
    row("LLMEMORY_CONTEXTUAL_CHUNKS", "on", [](const Config &c) { return c.chunking.contextual; });
    row("LLMEMORY_EMBEDDING_PROVIDERS", "a:openai:m", [](const Config &c) {
        return c.embedding.providers == QStringLiteral("a:openai:m");
    });
    row("OPENAI_API_KEY", "sk-1", [](const Config &c) {
        return c.embedding.openaiApiKey == QStringLiteral("sk-1");
    });
    row("LLMEMORY_OPENAI_MODEL", "m", [](const Config &c) {
        return c.embedding.openaiModel == QStringLiteral("m");
    });
    row("LLMEMORY_OPENAI_URL", "http://h/v1", [](const Config &c) {
        return c.embedding.openaiUrl == QStringLiteral("http://h/v1");
    });
    row("LLMEMORY_EMBEDDING_BATCH_SIZE", "11", [](const Config &c) {
        return c.embedding.batchSize == 11;
    });
    row("LLMEMORY_EMBEDDING_INTERVAL", "11", [](const Config &c) {
        return c.embedding.intervalS == 11;
    });
    row("LLMEMORY_EMBEDDING_BACKGROUND", "0", [](const Config &c) {
        return !c.embedding.background;
    });
    row("LLMEMORY_HNSW_PROFILE", "fast", [](const Config &c) {
        return c.search.hnswProfile == HnswProfile::Fast;
    });
    row("LLMEMORY_SEARCH_FUSION", "rrf", [](const Config &c) {
        return c.search.fusion == FusionMethod::ReciprocalRank;
    });
    row("LLMEMORY_SEARCH_TYPO_TOLERANCE", "off", [](const Config &c) {
        return !c.search.typoTolerance;
    });
    row("LLMEMORY_SEARCH_BM25_K1", "0.9", [](const Config &c) { return c.search.bm25K1 == 0.9; });
    row("LLMEMORY_SEARCH_BM25_B", "0.4", [](const Config &c) { return c.search.bm25B == 0.4; });
    row("AWORD_HNSW_PROFILE", "accurate", [](const Config &c) {
        return c.search.hnswProfile == HnswProfile::Accurate;
    });
    row("LLMEMORY_ENABLE_QUERY_EXPANSION", "1", [](const Config &c) {
        return c.search.queryExpansion;
    });
    row("LLMEMORY_MAX_QUERY_VARIANTS", "5", [](const Config &c) {
        return c.search.maxQueryVariants == 5;
    });
    row("LLMEMORY_ENABLE_RERANK", "1", [](const Config &c) { return c.search.rerank; });
    row("LLMEMORY_RERANK_PROVIDER", "Lexical", [](const Config &c) {
        return c.search.rerankProvider == QStringLiteral("lexical");
    });
    row("LLMEMORY_RERANK_TOP_K", "11", [](const Config &c) { return c.search.rerankTopK == 11; });
    row("LLMEMORY_RERANK_RETURN_K", "11", [](const Config &c) {
        return c.search.rerankReturnK == 11;
    });
    row("LLMEMORY_SEARCH_HISTORY", "0", [](const Config &c) { return !c.search.history; });
    row("LLMEMORY_SEARCH_HISTORY_DAYS", "11", [](const Config &c) {
        return c.search.historyDays == 11;
    });
    row("LLMEMORY_DATA_DIR", "/d", [](const Config &c) {
        return c.dataDirectory == QStringLiteral("/d");
    });
    row("LLMEMORY_PROGRAM", "/p", [](const Config &c) {
        return c.program == QStringLiteral("/p");
    });
    row("LLMEMORY_ADOPT_BATCHES", "0", [](const Config &c) { return !c.adoptBatches; });
}

void TestConfig::variableReachesItsField()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QFETCH(Check, arrived);
    QVERIFY(variable.endsWith(QStringLiteral("RERANK_PROVIDER")) || !arrived(Config()));
    const auto config = fromVariables({{variable, value}});
    VERIFY_RESULT(config);
    QVERIFY(arrived(*config));
}

void TestConfig::providerComesFromSettings()
{
    const auto config =
        fromVariables({{QStringLiteral("AWORD_EMBEDDING_PROVIDER"), QStringLiteral("openai")},
                       {QStringLiteral("AWORD_OPENAI_API_KEY"), QStringLiteral("sk-1")}});
    VERIFY_RESULT(config);
    QCOMPARE(config->embedding.provider, QStringLiteral("openai"));
    QCOMPARE(config->embedding.openaiApiKey, QStringLiteral("sk-1"));
}

void TestConfig::defaultIsValid()
{
    VERIFY_RESULT(Config().validate());
}

void TestConfig::valid_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, const Change &change) { QTest::newRow(name) << change; };
    row("equal pool sizes",
        [](Config &config) { config.database.minPoolSize = config.database.maxPoolSize = 4; });
    row("overlap of half", [](Config &config) {
        config.chunking.chunkSize = 21;
        config.chunking.chunkOverlap = 10;
    });
    row("size at the limit",
        [](Config &config) { config.chunking.chunkSize = config.chunking.maxChunkSize = 50; });
    row("limit without size", [](Config &config) { config.chunking.maxChunkSize = 20; });
    row("overlap without size", [](Config &config) { config.chunking.chunkOverlap = 1000; });
    row("openai with key", [](Config &config) {
        config.embedding.provider = QStringLiteral("openai");
        config.embedding.openaiApiKey = QStringLiteral("sk-1");
    });
    row("own service without key", [](Config &config) {
        config.embedding.provider = QStringLiteral("openai");
        config.embedding.openaiUrl = QStringLiteral("http://localhost:11434/v1");
    });
    row("named provider", [](Config &config) {
        config.embedding.providers = QStringLiteral("mine:openai:m:8");
        config.embedding.provider = QStringLiteral("mine");
        config.embedding.openaiApiKey = QStringLiteral("sk-1");
    });
    row("model in a folder, without key", [](Config &config) {
        config.embedding.providers = QStringLiteral("mine:model2vec:/srv/model");
        config.embedding.provider = QStringLiteral("mine");
    });
    row("own embedder", [](Config &config) {
        config.embedding.provider = QStringLiteral("mine");
        config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>();
    });
    row("connection string", [](Config &config) {
        config.database.connectionString = QStringLiteral("postgresql://ann:pw@db/notes");
    });
    row("data directory", [](Config &config) { config.dataDirectory = QStringLiteral("/d"); });
}

void TestConfig::valid()
{
    QFETCH(Change, change);
    Config config;
    change(config);
    VERIFY_RESULT(config.validate());
}

void TestConfig::refused_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *field, const char *message, const Change &change) {
        QTest::addRow("%s %s", field, message)
            << change << QString::fromUtf8(field) << QString::fromUtf8(message);
    };
    row("chunking.chunk_size",
        " must be 20 to 2,000 (0 = by document type); it is 5.",
        [](Config &c) { c.chunking.chunkSize = 5; });
    row("chunking.chunk_size",
        " must not be above chunking.max_chunk_size, which is 50; it is 60.",
        [](Config &c) {
            c.chunking.chunkSize = 60;
            c.chunking.maxChunkSize = 50;
        });
    row("chunking.chunk_overlap",
        " must be at most half of chunking.chunk_size, which is 21; it is 11.",
        [](Config &c) {
            c.chunking.chunkSize = 21;
            c.chunking.chunkOverlap = 11;
        });
    row("chunking.max_chunk_size",
        " must be 20 to 4,000 (0 = no limit of its own);",
        [](Config &c) { c.chunking.maxChunkSize = -1; });
    row("database.min_pool_size",
        " must not be above database.max_pool_size, which is 4; it is 5.",
        [](Config &c) {
            c.database.minPoolSize = 5;
            c.database.maxPoolSize = 4;
        });
    row("database.max_pool_size", " must be 2 to 64; it is 1.", [](Config &c) {
        c.database.maxPoolSize = 1;
    });
    row("database.statement_timeout", " must be 1 to 3,600 s; it is 0.", [](Config &c) {
        c.database.statementTimeoutS = 0;
    });
    row("database_url", ": ", [](Config &c) {
        c.database.connectionString = QStringLiteral("postgresql://[s3cret");
    });
    row("schema", ": ", [](Config &c) { c.database.schema.clear(); });
    row("embedding.batch_size", " must be 1 to 64; it is 65.", [](Config &c) {
        c.embedding.batchSize = 65;
    });
    row("embedding.provider",
        " must be one of builtin, openai, mine; it is \"local-minilm\".",
        [](Config &c) {
            c.embedding.providers = QStringLiteral("mine:openai:m");
            c.embedding.provider = QStringLiteral("local-minilm");
        });
    row("embedding.providers", ": \"mine:local:m\": local transformer models", [](Config &c) {
        c.embedding.providers = QStringLiteral("mine:local:m");
    });
    row("embedding.openai_api_key",
        " is missing: the provider \"openai\" at api.openai.com asks for it.",
        [](Config &c) { c.embedding.provider = QStringLiteral("openai"); });
    row("search.hnsw_profile", " must be one of fast, balanced, accurate;", [](Config &c) {
        c.search.hnswProfile = static_cast<HnswProfile>(7);
    });
    row("search.bm25_k1", " must be a number, 0 to 10; it is 11.", [](Config &c) {
        c.search.bm25K1 = 11;
    });
    row("search.bm25_b", " must be a number, 0 to 1; it is nan.", [](Config &c) {
        c.search.bm25B = std::numeric_limits<double>::quiet_NaN();
    });
    row("search.rerank_provider", " must be lexical; it is \"openai\". Rerankers", [](Config &c) {
        c.search.rerankProvider = QStringLiteral("openai");
    });
    row("search.rerank_provider", " must be lexical; it is \"Lexical\".", [](Config &c) {
        c.search.rerankProvider = QStringLiteral("Lexical");
    });
    row("data_dir", " must be an absolute path; it is \"d\".", [](Config &c) {
        c.dataDirectory = QStringLiteral("d");
    });
}

void TestConfig::refused()
{
    QFETCH(Change, change);
    QFETCH(QString, field);
    QFETCH(QString, message);
    Config config;
    change(config);
    const auto valid = config.validate();
    QVERIFY(!valid);
    QCOMPARE(valid.error().kind, ErrorKind::Configuration);
    QCOMPARE(valid.error().field, field);
    QVERIFY2(valid.error().message.startsWith(field + message), qPrintable(valid.error().message));
}

void TestConfig::wrongSettingsAreRefused()
{
    const auto read =
        fromVariables({{QStringLiteral("LLMEMORY_CHUNK_SIZE"), QStringLiteral("100")},
                       {QStringLiteral("LLMEMORY_CHUNK_OVERLAP"), QStringLiteral("60")}});
    QVERIFY(!read);
    QCOMPARE(read.error().field, QStringLiteral("chunking.chunk_overlap"));
}

void TestConfig::fromEnvironment()
{
    QFile file(m_home->filePath(QStringLiteral("config.json")));
    QVERIFY(file.open(QIODevice::WriteOnly) &&
            file.write(R"({"chunking": {"chunk_size": 100, "chunk_overlap": 10}})") > 0);
    file.close();
    qputenv("LLMEMORY_CONFIG", file.fileName().toLocal8Bit());
    qputenv("LLMEMORY_CHUNK_SIZE", "200");
    const auto config = Config::fromEnvironment();
    qunsetenv("LLMEMORY_CONFIG");
    qunsetenv("LLMEMORY_CHUNK_SIZE");
    VERIFY_RESULT(config);
    QCOMPARE(config->chunking.chunkSize, 200);
    QCOMPARE(config->chunking.chunkOverlap, 10);
}

void TestConfig::fromWrongEnvironment()
{
    qputenv("LLMEMORY_CHUNK_SIZE", "5");
    const auto config = Config::fromEnvironment();
    qunsetenv("LLMEMORY_CHUNK_SIZE");
    QVERIFY(!config);
    QVERIFY(config.error().message.startsWith(QStringLiteral("LLMEMORY_CHUNK_SIZE: ")));
}

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(Check)

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
