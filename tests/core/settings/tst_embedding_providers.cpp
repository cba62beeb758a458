#include "core/settings/embedding_providers.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using settings::EmbeddingProvider;

/// The list of models that a user may name.
class TestEmbeddingProviders : public QObject
{
    Q_OBJECT

private slots:
    void read();
    void refused_data();
    void refused();
};

void TestEmbeddingProviders::read()
{
    const auto providers = settings::parseEmbeddingProviders(
        QStringLiteral(" big:openai:text-embedding-3-large:3072 ,, own:openai:nomic-embed:latest,"
                       "v2:openai:m:v2:768,potion:model2vec:/srv/models/a:b:8"));
    VERIFY_RESULT(providers);
    const QList<EmbeddingProvider> expected{
        {.name = QStringLiteral("big"),
         .model = QStringLiteral("text-embedding-3-large"),
         .dimension = 3072},
        {.name = QStringLiteral("own"), .model = QStringLiteral("nomic-embed:latest")},
        {.name = QStringLiteral("v2"), .model = QStringLiteral("m:v2"), .dimension = 768},
        {.name = QStringLiteral("potion"),
         .type = EmbeddingProvider::Type::Model2Vec,
         .model = QStringLiteral("/srv/models/a:b:8")}};
    QCOMPARE(*providers, expected);
    QVERIFY(settings::parseEmbeddingProviders(QString())->isEmpty());
}

void TestEmbeddingProviders::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("told");
    const auto row = [](const char *text, const char *told) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(told);
    };
    row("openai", "name:openai:model");
    row("a:openai", "name:openai:model");
    row("a:openai:", "model");
    row("a:openai::768", "model");
    row(":openai:m", "name");
    row("a b:openai:m", "name");
    row("openai:openai:m", "openai");
    row("builtin:openai:m", "builtin");
    row("a:local:all-MiniLM-L6-v2:384", "local transformer models are not in this version");
    row("a:cohere:m", "type must be openai or model2vec");
    row("a:model2vec:", "model is missing");
    row("a:model2vec:models/potion", "absolute");
    row("a:openai:m:0", "1 to 4,000");
    row("a:openai:m:4001", "1 to 4,000");
    row("a:openai:m:99999999999", "1 to 4,000");
    row("a:openai:m,a:openai:n", "twice");
}

void TestEmbeddingProviders::refused()
{
    QFETCH(QString, text);
    QFETCH(QString, told);
    const auto providers = settings::parseEmbeddingProviders(text);
    QVERIFY(!providers);
    QCOMPARE(providers.error().kind, ErrorKind::Configuration);
    QVERIFY2(providers.error().message.contains(told), qPrintable(providers.error().message));
}

QTEST_GUILESS_MAIN(TestEmbeddingProviders)
#include "tst_embedding_providers.moc"
