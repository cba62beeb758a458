#include "core/embed/static/static_embedder.h"
#include "model_files.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <numeric>
#include <thread>

using namespace llmemory;
using namespace llmemory::embed;

namespace {

const char kTokenizer[] = R"({
    "added_tokens": [{"id": 0, "content": "[UNK]", "special": true}],
    "normalizer": {"type": "Lowercase"},
    "pre_tokenizer": {"type": "Whitespace"},
    "model": {"type": "WordLevel", "unk_token": "[UNK]",
              "vocab": {"[UNK]": 0, "one": 1, "two": 2, "three": 3}}})";

QString modelsFolder()
{
    return qEnvironmentVariable("LLMEMORY_SHARED") + QStringLiteral("/models");
}

float product(const Vector &a, const Vector &b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

} // namespace

class TestStaticEmbedder : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void weighsTokens();
    void dampsRepetition();
    void refusesWrongNumbers_data();
    void refusesWrongNumbers();
    void balance();
    void emptyTextsAreTheFirstAxis_data();
    void emptyTextsAreTheFirstAxis();
    void ids();
    void names();
    void otherContentIsAnotherModel();
    void resources();
    void stopsBetweenTexts();
    void notFinite();
    void refusesBrokenModels_data();
    void refusesBrokenModels();
    void agreesWithModel2Vec_data();
    void agreesWithModel2Vec();
    void understandsEnglish();
    void everyTextGivesAUnitVector_data();
    void everyTextGivesAUnitVector();
    void threadsAgree();

private:
    using Loaded = Result<std::shared_ptr<const StaticEmbedder>>;

    Loaded load(const StaticEmbedder::Options &options = {}) const
    {
        return StaticEmbedder::load(m_directory->path(), options);
    }
    bool put(const char *name, const QByteArray &content) const
    {
        return writeFile(m_directory->filePath(QLatin1String(name)), content);
    }
    bool putModel(const std::vector<float> &rows, const std::vector<float> &weights) const
    {
        return put("model.safetensors",
                   safetensors({{"embeddings", "F32", {4, 2}, bytesOf(rows)},
                                {"weights", "F32", {4}, bytesOf(weights)}}));
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestStaticEmbedder::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
    QVERIFY(putModel({9, 9, 1, 0, 0, 1, 1, 1}, {5, 1, 2, 0}));
    QVERIFY(put("tokenizer.json", kTokenizer));
}

void TestStaticEmbedder::weighsTokens()
{
    const auto embedder = load();
    QVERIFY2(embedder, embedder ? "" : qPrintable(embedder.error().message));
    QCOMPARE((*embedder)->dimension(), 2);
    // 3 * (1, 0) + 2 * (0, 1) + 0 * (1, 1), and the unknown word not at all
    const auto vector = (*embedder)->embedQuery(QStringLiteral("One two unheard one THREE one"));
    QVERIFY(vector);
    QVERIFY(std::abs(vector->at(0) - 3 / std::sqrt(13.0F)) < 1e-6F);
    QVERIFY(std::abs(vector->at(1) - 2 / std::sqrt(13.0F)) < 1e-6F);
    const auto documents =
        (*embedder)->embedDocuments({QStringLiteral("two"), QStringLiteral("one")});
    QVERIFY(documents);
    QCOMPARE(*documents, (std::vector<Vector>{{0, 1}, {1, 0}}));
}

void TestStaticEmbedder::dampsRepetition()
{
    const QString plainId = (*load())->modelId();
    QVERIFY(put("config.json", R"({"term_frequency_power": 0.5})"));
    const auto embedder = load();
    QVERIFY2(embedder, embedder ? "" : qPrintable(embedder.error().message));
    QVERIFY((*embedder)->modelId() != plainId);
    // sqrt(4) * (1, 0) + 2 * (0, 1)
    const auto vector = (*embedder)->embedQuery(QStringLiteral("one one two one one"));
    QVERIFY(vector);
    QVERIFY(std::abs(vector->at(0) - std::sqrt(0.5F)) < 1e-6F);
    QVERIFY(std::abs(vector->at(1) - std::sqrt(0.5F)) < 1e-6F);
}

void TestStaticEmbedder::refusesWrongNumbers_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("number");
    for (const char *key : {"term_frequency_power", "hybrid_balance"}) {
        for (const char *number : {"0", "-1", "1.5", "\"0.5\"", "null"})
            QTest::addRow("%s %s", key, number) << QByteArray(key) << QByteArray(number);
    }
}

void TestStaticEmbedder::refusesWrongNumbers()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, number);
    QVERIFY(put("config.json", "{\"" + key + "\": " + number + "}"));
    const auto embedder = load();
    QVERIFY(!embedder);
    QVERIFY(embedder.error().kind == ErrorKind::Configuration);
    QVERIFY2(embedder.error().message.contains(QLatin1String(key)),
             qPrintable(embedder.error().message));
}

void TestStaticEmbedder::balance()
{
    QCOMPARE((*load())->hybridBalance(), 0.3);
    QVERIFY(put("config.json", R"({"hybrid_balance": 0.6})"));
    QCOMPARE((*load())->hybridBalance(), 0.6);
}

void TestStaticEmbedder::emptyTextsAreTheFirstAxis_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("null") << QString();
    QTest::newRow("white space") << QStringLiteral(" \n\t ");
    QTest::newRow("unknown words") << QStringLiteral("nothing of it [UNK]");
    QTest::newRow("a token without weight") << QStringLiteral("three");
}

void TestStaticEmbedder::emptyTextsAreTheFirstAxis()
{
    QFETCH(QString, text);
    const auto embedder = load();
    QVERIFY(embedder);
    QCOMPARE((*embedder)->embedQuery(text).value(), (Vector{1, 0}));
}

void TestStaticEmbedder::ids()
{
    static const QRegularExpression pattern(QStringLiteral("^[a-z0-9_-]{1,40}\\z"));
    StaticEmbedder::Options options;
    for (const char *name :
         {"x", "Ein Modell, größer als 40 Zeichen, mit Umlauten!", "北京", "--"}) {
        options.name = QString::fromUtf8(name);
        const auto embedder = load(options);
        QVERIFY(embedder);
        QVERIFY2(pattern.match((*embedder)->modelId()).hasMatch(),
                 qPrintable((*embedder)->modelId()));
        QCOMPARE((*embedder)->modelName(), options.name);
        QCOMPARE((*embedder)->modelId(), (*load(options))->modelId());
    }
    QCOMPARE((*load())->providerType(), QStringLiteral("model2vec"));
    options.id = QStringLiteral("builtin-v1");
    options.providerType = QStringLiteral("builtin");
    QCOMPARE((*load(options))->modelId(), options.id);
    QCOMPARE((*load(options))->providerType(), options.providerType);
    for (const char *id :
         {"Upper", "with space", "a\n", "0123456789012345678901234567890123456789x"}) {
        options.id = QString::fromLatin1(id);
        const auto refused = load(options);
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == ErrorKind::Configuration);
    }
}

void TestStaticEmbedder::names()
{
    QCOMPARE((*load())->modelName(), QDir(m_directory->path()).dirName());
    QVERIFY(put("README.md", "---\nlicense: mit\nmodel_name: some/Potion-2M\ntags:\n---\n"));
    QCOMPARE((*load())->modelName(), QStringLiteral("some/Potion-2M"));
    QVERIFY((*load())->modelId().startsWith(QLatin1String("potion-2m-")));
    QVERIFY(put("config.json", R"({"model_name": "Better", "normalize": false})"));
    QCOMPARE((*load())->modelName(), QStringLiteral("Better"));
    QVERIFY(put("config.json", "broken"));
    QCOMPARE((*load())->modelName(), QStringLiteral("some/Potion-2M"));
}

void TestStaticEmbedder::otherContentIsAnotherModel()
{
    const QString id = (*load())->modelId();
    QVERIFY(put("tokenizer.json", QByteArray(kTokenizer) + '\n'));
    const QString otherTokenizer = (*load())->modelId();
    QVERIFY(id != otherTokenizer);
    QVERIFY(putModel({9, 9, 1, 0, 0, 1, 1, 2}, {5, 1, 2, 0}));
    QVERIFY((*load())->modelId() != otherTokenizer);
    QVERIFY(putModel({9, 9, 1, 0, 0, 1, 1, 1}, {5, 1, 2, 0}));
    QVERIFY(put("tokenizer.json", kTokenizer));
    QCOMPARE((*load())->modelId(), id);
}

void TestStaticEmbedder::resources()
{
    const auto plain = StaticEmbedder::load(QStringLiteral(":/plain/tiny_model"), {});
    QVERIFY2(plain, plain ? "" : qPrintable(plain.error().message));
    const auto packed = StaticEmbedder::load(QStringLiteral(":/packed/tiny_model"), {});
    QVERIFY2(packed, packed ? "" : qPrintable(packed.error().message));
    QCOMPARE((*plain)->modelName(), QStringLiteral("tiny_model"));
    QCOMPARE((*plain)->modelId(), (*packed)->modelId());
    for (const auto &embedder : {*plain, *packed})
        QCOMPARE(embedder->embedQuery(QStringLiteral("two two")).value(), (Vector{0, 1}));
    QVERIFY(!StaticEmbedder::load(QStringLiteral(":/none"), {}));
}

void TestStaticEmbedder::stopsBetweenTexts()
{
    const auto embedder = load();
    QVERIFY(embedder);
    int asked = 0;
    const auto third = [&] { return ++asked == 3; };
    const QList<QString> texts(10, QStringLiteral("one"));
    const auto vectors = (*embedder)->embedDocumentsUnless(third, texts);
    QVERIFY(!vectors);
    QVERIFY(vectors.error().kind == ErrorKind::Cancelled);
    QCOMPARE(asked, 3);
    QCOMPARE((*embedder)->embedDocumentsUnless([] { return false; }, texts)->size(), size_t(10));
}

void TestStaticEmbedder::notFinite()
{
    QVERIFY(putModel({0, 0, NAN, 0, 0, 1, 1, 1}, {1, 1, 1, 1}));
    const auto embedder = load();
    QVERIFY(embedder);
    const auto vector = (*embedder)->embedQuery(QStringLiteral("one"));
    QVERIFY(!vector);
    QVERIFY(vector.error().kind == ErrorKind::Embedding);
    QVERIFY((*embedder)->embedQuery(QStringLiteral("two")));
}

void TestStaticEmbedder::refusesBrokenModels_data()
{
    QTest::addColumn<QByteArray>("tokenizer"); // null = no file
    QTest::addColumn<QString>("reason");
    QTest::newRow("no tokenizer") << QByteArray() << QStringLiteral("tokenizer.json");
    QTest::newRow("no JSON") << QByteArray("{") << QStringLiteral("not valid JSON");
    QTest::newRow("no model") << QByteArray("{}") << QStringLiteral("model \"\" is not supported");
    QByteArray larger(kTokenizer);
    larger.replace("\"three\": 3", "\"three\": 4");
    QTest::newRow("more tokens than rows") << larger << QStringLiteral("has 5 tokens");
    QByteArray added(kTokenizer);
    added.replace("\"id\": 0", "\"id\": 12");
    QTest::newRow("added token beyond the rows") << added << QStringLiteral("has 13 tokens");
}

void TestStaticEmbedder::refusesBrokenModels()
{
    QFETCH(QByteArray, tokenizer);
    QFETCH(QString, reason);
    if (tokenizer.isNull())
        QVERIFY(QFile::remove(m_directory->filePath(QStringLiteral("tokenizer.json"))));
    else
        QVERIFY(put("tokenizer.json", tokenizer));
    const auto embedder = load();
    QVERIFY(!embedder);
    QVERIFY(embedder.error().kind == ErrorKind::Configuration);
    QVERIFY2(embedder.error().message.contains(reason), qPrintable(embedder.error().message));
}

void TestStaticEmbedder::agreesWithModel2Vec_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("vectors");
    QTest::addColumn<QString>("text");
    // What Model2Vec's own tests embed.
    const QString shortText = QStringLiteral("hello world");
    const QString longText = QStringLiteral("hello ").repeated(1000).trimmed();
    for (const char *type : {"float32", "float16", "int8"}) {
        const QString model = QStringLiteral("model2vec-rs-") + QLatin1String(type);
        QTest::addRow("%s, short", type)
            << model << QStringLiteral("embeddings_short") << shortText;
        QTest::addRow("%s, long", type) << model << QStringLiteral("embeddings_long") << longText;
    }
    QTest::newRow("shared rows") << QStringLiteral("model2vec-rs-vocab-quantized")
                                 << QStringLiteral("embeddings_vocab_quantized") << longText;
}

void TestStaticEmbedder::agreesWithModel2Vec()
{
    QFETCH(QString, model);
    QFETCH(QString, vectors);
    QFETCH(QString, text);
    const QString fixtures = modelsFolder() + QStringLiteral("/model2vec-fixtures/");
    QFile file(fixtures + vectors + QStringLiteral(".json"));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("The shared models are not there.");
    const QByteArray json = file.readAll();
    const auto expected = nlohmann::json::parse(json.begin(), json.end());
    const auto embedder = StaticEmbedder::load(fixtures + model, {});
    QVERIFY2(embedder, embedder ? "" : qPrintable(embedder.error().message));
    const auto vector = (*embedder)->embedQuery(text);
    QVERIFY(vector);
    QCOMPARE(vector->size(), expected[0].size());
    // Rounding to int8 moves the toy model's two numbers by more.
    const float tolerance = model.endsWith(QLatin1String("int8")) ? 0.02F : 1e-3F;
    for (size_t i = 0; i < vector->size(); ++i)
        QVERIFY(std::abs(vector->at(i) - expected[0][i].get<float>()) < tolerance);
}

void TestStaticEmbedder::understandsEnglish()
{
    const auto embedder =
        StaticEmbedder::load(modelsFolder() + QStringLiteral("/potion-base-4m-int8"), {});
    if (!embedder)
        QSKIP("The shared models are not there.");
    QCOMPARE((*embedder)->modelName(), QStringLiteral("potion-base-4m-int8"));
    const auto embed = [&](const char *text) {
        return (*embedder)->embedQuery(QString::fromLatin1(text)).value();
    };
    const Vector query = embed("how do I repair my car");
    const float near =
        product(query, embed("the mechanic fixed the broken engine of an automobile"));
    const float far = product(query, embed("boil the potatoes for twenty minutes"));
    QVERIFY2(near > far + 0.2F, qPrintable(QStringLiteral("%1 against %2").arg(near).arg(far)));
}

void TestStaticEmbedder::everyTextGivesAUnitVector_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("punctuation") << QStringLiteral("!? -- ...");
    QTest::newRow("family emoji") << QStringLiteral("👨‍👩‍👧 x");
    QTest::newRow("only marks") << QString(20, QChar(0x0301));
    QTest::newRow("lone surrogates")
        << QString(QChar(0xD83D)) + QChar(0xD83D) + QChar(0xDC4D) + QChar(0xDC4D);
    QTest::newRow("NUL") << QString(3, QChar(0)) + QStringLiteral("a");
    QTest::newRow("1 MB without a space") << QString(1'000'000, u'x');
    QTest::newRow("1 MB of marks") << QStringLiteral("a") + QString(1'000'000, QChar(0x0301));
    QTest::newRow("1 MB of punctuation") << QString(1'000'000, u'.');
    QTest::newRow("1 MB of Chinese") << QStringLiteral("北京").repeated(500'000);
    QTest::newRow("long text") << QStringLiteral("the river rose ").repeated(20'000);
    QTest::newRow("right to left") << QStringLiteral("שלום עולם, مرحبا");
    QTest::newRow("Thai") << QStringLiteral("ภาษาไทยไม่มีช่องว่าง");
    QTest::newRow("beyond the first plane") << QStringLiteral("𠮷𐐷");
}

void TestStaticEmbedder::everyTextGivesAUnitVector()
{
    QFETCH(QString, text);
    for (const char *name :
         {"/potion-base-4m-int8", "/model2vec-fixtures/model2vec-rs-vocab-quantized"}) {
        const auto embedder = StaticEmbedder::load(modelsFolder() + QLatin1String(name), {});
        if (!embedder)
            QSKIP("The shared models are not there.");
        const auto vector = (*embedder)->embedQuery(text);
        QVERIFY(vector);
        QVERIFY(std::abs(product(*vector, *vector) - 1) < 1e-4F);
    }
}

void TestStaticEmbedder::threadsAgree()
{
    constexpr int kThreads = 8;
    const auto embedder = load();
    QVERIFY(embedder);
    QList<QString> texts;
    for (int i = 0; i < 300; ++i) {
        texts << QStringLiteral("one ").repeated(i % 7) + QStringLiteral("two ").repeated(i % 11) +
                     QString::number(i);
    }
    const auto expected = (*embedder)->embedDocuments(texts).value();
    std::vector<std::vector<Vector>> found(kThreads);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 5; ++round)
                found[size_t(i)] = (*embedder)->embedDocuments(texts).value();
            for (qsizetype text = 0; text < texts.size(); ++text)
                found[size_t(i)][size_t(text)] = (*embedder)->embedQuery(texts[text]).value();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    for (const auto &vectors : found)
        QVERIFY(vectors == expected);
}

QTEST_GUILESS_MAIN(TestStaticEmbedder)
#include "tst_static_embedder.moc"
