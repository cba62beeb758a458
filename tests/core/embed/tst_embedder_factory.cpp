#include "core/embed/embedder_factory.h"
#include "core/embed/openai_protocol.h"
#include "core/testing/verify_result.h"
#include "tests/core/embed/embedding_service.h"
#include "tests/core/embed/scripted_embedder.h"

#include <QRegularExpression>
#include <QTest>

using namespace llmemory;
using testing::EmbeddingService;
using testing::ServiceRequest;

class TestEmbedderFactory : public QObject
{
    Q_OBJECT

private slots:
    void makesWhatIsAskedFor_data();
    void makesWhatIsAskedFor();
    void takesTheProgramsOwn();
    void namedModelsUseTheService();
    void namedModelsLieInAFolder();
    void refuses_data();
    void refuses();
    void modelIdsAreStable();
};

void TestEmbedderFactory::makesWhatIsAskedFor_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("dimension");
    QTest::newRow("builtin") << "builtin"
                             << "llmemory-multilingual-v1" << 512;
    QTest::newRow("openai") << "openai"
                            << "text-embedding-3-small" << 1536;
    QTest::newRow("large") << "big"
                           << "text-embedding-3-large" << 3072;
    QTest::newRow("with a dimension") << "short"
                                      << "text-embedding-3-large" << 256;
    QTest::newRow("colons in the model") << "local"
                                         << "nomic-embed-text:v1.5" << 768;
}

void TestEmbedderFactory::makesWhatIsAskedFor()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(int, dimension);
    Config::Embedding config;
    config.provider = provider;
    config.providers = QStringLiteral("big:openai:text-embedding-3-large, "
                                      "short:openai:text-embedding-3-large:256,"
                                      "local:openai:nomic-embed-text:v1.5:768");
    const auto embedder = embed::makeEmbedder(config); // asks nobody
    VERIFY_RESULT(embedder);
    QCOMPARE((*embedder)->modelName(), model);
    QCOMPARE((*embedder)->dimension(), dimension);
    QCOMPARE((*embedder)->providerType(),
             provider == QLatin1String("builtin") ? provider : QStringLiteral("openai"));
}

void TestEmbedderFactory::takesTheProgramsOwn()
{
    Config::Embedding config;
    config.provider = QStringLiteral("whatever");
    config.embedder = std::make_shared<testing::ScriptedEmbedder>(
        testing::ScriptedEmbedder::Answer(), QStringLiteral("mine"), 3);
    const auto embedder = embed::makeEmbedder(config);
    VERIFY_RESULT(embedder);
    QCOMPARE((*embedder).get(), config.embedder.get());
    QCOMPARE((*embedder)->providerType(), QStringLiteral("custom"));
}

void TestEmbedderFactory::namedModelsUseTheService()
{
    EmbeddingService service(
        [](const ServiceRequest &request) { return EmbeddingService::vectors(request, 700); });
    Config::Embedding config;
    config.provider = QStringLiteral("mine");
    config.providers = QStringLiteral("mine:openai:some-model");
    config.openaiUrl = service.url().toString();
    config.openaiApiKey = QStringLiteral("key-from-a-file\n");
    const auto embedder = embed::makeEmbedder(config);
    VERIFY_RESULT(embedder);
    QCOMPARE((*embedder)->dimension(), 700);
    QCOMPARE(toQString(service.requests().first().body["model"]), QStringLiteral("some-model"));
    QCOMPARE(service.requests().first().headers.value("authorization"),
             QByteArray("Bearer key-from-a-file"));
}

void TestEmbedderFactory::namedModelsLieInAFolder()
{
    const QString folder = QFINDTESTDATA("static/tiny_model");
    Config::Embedding config;
    config.provider = QStringLiteral("mine");
    config.providers = QStringLiteral("mine:model2vec:") + folder;
    const auto embedder = embed::makeEmbedder(config);
    VERIFY_RESULT(embedder);
    QCOMPARE((*embedder)->providerType(), QStringLiteral("model2vec"));
    VERIFY_RESULT((*embedder)->embedQuery(QStringLiteral("hello")));

    config.providers = QStringLiteral("mine:model2vec:/nowhere");
    const auto missing = embed::makeEmbedder(config);
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::Configuration);
    QCOMPARE(missing.error().field, QStringLiteral("embedding_providers"));
    QVERIFY2(missing.error().message.contains(QLatin1String("/nowhere")),
             qPrintable(missing.error().message));
}

void TestEmbedderFactory::refuses_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("providers");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("named");
    const QString url = QStringLiteral("https://api.openai.com/v1");
    const QString none;
    QTest::newRow("unknown name") << "local-minilm"
                                  << "mine:openai:m:3" << url << none << "embedding_provider"
                                  << "builtin, openai, mine";
    for (const char *entry : {"mine",
                              "mine:openai",
                              "mine:local:m:3",
                              "mine:openai:m:0",
                              "mine:openai:m:4001",
                              "openai:openai:m:3",
                              ":openai:m:3",
                              "builtin:openai:m:3",
                              "a b:openai:m:3"}) {
        QTest::newRow(entry) << "builtin" << QString::fromLatin1(entry) << url << none
                             << "embedding_providers" << QString::fromLatin1(entry);
    }
    for (const char *bad : {"",
                            "api.openai.com",
                            "ftp://host/v1",
                            "http://",
                            "https://me:pw@host",
                            "file:///etc/passwd"}) {
        QTest::addRow("url %s", bad)
            << "openai" << none << QString::fromLatin1(bad) << none << "openai_url"
            << "openai_url";
    }
    QTest::newRow("line break in the key") << "openai" << none << url << "sk-a\r\nX-Evil: 1"
                                           << "openai_api_key"
                                           << "openai_api_key";
    QTest::newRow("letters no header has")
        << "openai" << none << url << QStringLiteral("sk-ключ") << "openai_api_key"
        << "openai_api_key";
}

void TestEmbedderFactory::refuses()
{
    QFETCH(QString, provider);
    QFETCH(QString, providers);
    QFETCH(QString, url);
    QFETCH(QString, key);
    QFETCH(QString, field);
    QFETCH(QString, named);
    Config::Embedding config;
    config.provider = provider;
    config.providers = providers;
    config.openaiUrl = url;
    config.openaiApiKey = key;
    const auto embedder = embed::makeEmbedder(config);
    QVERIFY(!embedder);
    QCOMPARE(embedder.error().kind, ErrorKind::Configuration);
    QCOMPARE(embedder.error().field, field);
    QVERIFY2(embedder.error().message.contains(named), qPrintable(embedder.error().message));
    QVERIFY(key.isEmpty() || !embedder.error().message.contains(key));
    QVERIFY(!embedder.error().message.contains(QLatin1String("me:pw")));
}

void TestEmbedderFactory::modelIdsAreStable()
{
    const QUrl openAi(QStringLiteral("https://api.openai.com/v1"));
    const QString small = QStringLiteral("text-embedding-3-small");
    const auto id = [](const QUrl &url, const QString &model, int dimension) {
        return embed::openAiModelId(url, model, dimension);
    };
    // It names tables of existing databases: it must never change.
    QCOMPARE(id(openAi, small, 1536), QStringLiteral("text-embedding-3-small-1536-36e12071"));
    const QList<QString> different{
        id(openAi, small, 1536),
        id(openAi, small, 512),
        id(openAi, QStringLiteral("text-embedding-3-large"), 1536),
        id(QUrl(QStringLiteral("http://localhost:11434/v1")), small, 1536),
        id(QUrl(QStringLiteral("http://localhost:8080/v1")), small, 1536),
        id(openAi, QStringLiteral("BAAI/bge-m3:latest, with a very long name indeed"), 4000),
        id(openAi, QStringLiteral("BAAI/bge-m3:latest, with a very long name besides"), 4000),
        id(openAi, QStringLiteral("модель"), 4000)};
    static const QRegularExpression pattern(QStringLiteral("^[a-z0-9_-]{1,40}\\z"));
    for (const QString &text : different) {
        QVERIFY2(pattern.match(text).hasMatch(), qPrintable(text));
        QCOMPARE(different.count(text), 1);
    }
}

QTEST_GUILESS_MAIN(TestEmbedderFactory)
#include "tst_embedder_factory.moc"
