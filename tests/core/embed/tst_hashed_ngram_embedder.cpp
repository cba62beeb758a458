#include "core/embed/hashed_ngram_embedder.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace llmemory::embed;

class TestHashedNgramEmbedder : public QObject
{
    Q_OBJECT

private slots:
    void everyTextGivesAUnitVector_data();
    void everyTextGivesAUnitVector();
    void deterministic();
    void same_data();
    void same();
    void nearer_data();
    void nearer();
    void findsThePassage();

private:
    Vector embed(const QString &text) const { return m_embedder.embedQuery(text).value(); }
    float similarity(const QString &a, const QString &b) const
    {
        const Vector x = embed(a);
        const Vector y = embed(b);
        return std::inner_product(x.begin(), x.end(), y.begin(), 0.0F);
    }

    HashedNgramEmbedder m_embedder;
};

void TestHashedNgramEmbedder::everyTextGivesAUnitVector_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("white space") << QStringLiteral(" \n\t");
    QTest::newRow("punctuation") << QStringLiteral("!? -- ...");
    QTest::newRow("emoji") << QStringLiteral("😀👍");
    QTest::newRow("one letter") << QStringLiteral("a");
    QTest::newRow("only marks") << QString(20, QChar(0x0301));
    QTest::newRow("lone surrogates") << QString(QChar(0xD83D)) + QChar(0xD83D);
    QTest::newRow("NUL") << QString(3, QChar(0));
    QTest::newRow("long word") << QString(100'000, u'x');
    QTest::newRow("long text") << QStringLiteral("the river rose ").repeated(20'000);
    QTest::newRow("Chinese") << QStringLiteral("北京大学");
    QTest::newRow("Devanagari") << QStringLiteral("नमस्ते");
    QTest::newRow("beyond the first plane") << QStringLiteral("𠮷𐐷");
}

void TestHashedNgramEmbedder::everyTextGivesAUnitVector()
{
    QFETCH(QString, text);
    const Vector vector = embed(text);
    QCOMPARE(int(vector.size()), m_embedder.dimension());
    for (const float x : vector)
        QVERIFY(std::isfinite(x));
    const float length =
        std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0F));
    QVERIFY(std::abs(length - 1.0F) < 1e-4F);
}

void TestHashedNgramEmbedder::deterministic()
{
    const QList<QString> texts{
        QStringLiteral("one text"), QString(), QStringLiteral("another text")};
    const HashedNgramEmbedder other;
    const auto vectors = m_embedder.embedDocuments(texts);
    QVERIFY(vectors);
    QCOMPARE(int(vectors->size()), int(texts.size()));
    for (size_t i = 0; i < vectors->size(); ++i)
        QVERIFY(vectors->at(i) == other.embedQuery(texts[qsizetype(i)]).value());
    QVERIFY(vectors->at(0) != vectors->at(2));
    QVERIFY(m_embedder.embedDocuments({})->empty());
    QCOMPARE(m_embedder.modelId(), QStringLiteral("hashed-ngram-v1"));
}

void TestHashedNgramEmbedder::same_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::newRow("case") << QStringLiteral("Harbour Office") << QStringLiteral("HARBOUR office");
    QTest::newRow("accents") << QStringLiteral("café résumé") << QStringLiteral("cafe resume");
    QTest::newRow("composed or not") << QStringLiteral("Köln") << QStringLiteral("Ko\u0308ln");
    QTest::newRow("punctuation") << QStringLiteral("harbour, office.")
                                 << QStringLiteral("harbour office");
    QTest::newRow("full-width letters") << QStringLiteral("ＡＢＣ１２") << QStringLiteral("abc12");
    QTest::newRow("half-width kana") << QStringLiteral("ﾃﾞｰﾀ") << QStringLiteral("データ");
    QTest::newRow("ligature") << QStringLiteral("ﬁnance") << QStringLiteral("finance");
    QTest::newRow("sharp s") << QStringLiteral("Straße") << QStringLiteral("STRASSE");
}

void TestHashedNgramEmbedder::same()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QVERIFY2(similarity(a, b) > 0.999F, qPrintable(QString::number(similarity(a, b))));
}

void TestHashedNgramEmbedder::nearer_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("near");
    QTest::addColumn<QString>("far");
    const auto row = [](const char *name, const char *text, const char *near, const char *far) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(near)
                            << QString::fromUtf8(far);
    };
    row("shared words",
        "the boat left the harbour at dawn",
        "a boat in the harbour",
        "interest rates were raised");
    row("function words count little",
        "what is the capital of the country",
        "a country and its capital",
        "what is the colour of the house");
    row("inflection", "embedding", "embeddings", "bedroom");
    row("misspelling", "accommodation", "acommodation", "communication");
    row("compound", "Versicherung", "Lebensversicherung", "Wanderung");
    row("Russian inflection", "сообщение", "сообщения", "возвращение");
    row("Arabic", "المدرسة الكبيرة", "مدرسة كبيرة", "السيارة السريعة");
    row("Chinese", "北京大学的学生", "北京的大学", "上海的天气");
    row("Japanese", "データベースの設計", "データベースを作る", "明日の天気予報");
    row("Thai", "ภาษาไทย", "เรียนภาษาไทย", "อาหารเช้า");
    row("Korean particle", "데이터베이스", "데이터베이스를", "자동차를");
}

void TestHashedNgramEmbedder::nearer()
{
    QFETCH(QString, text);
    QFETCH(QString, near);
    QFETCH(QString, far);
    const float toNear = similarity(text, near);
    const float toFar = similarity(text, far);
    QVERIFY2(toNear > toFar + 0.1F,
             qPrintable(QStringLiteral("%1 against %2").arg(toNear).arg(toFar)));
}

void TestHashedNgramEmbedder::findsThePassage()
{
    const QList<QString> passages{
        QStringLiteral(
            "The contract ends on the last day of June unless either party extends it in writing."),
        QStringLiteral(
            "Boil the potatoes for twenty minutes, then peel them while they are still warm."),
        QStringLiteral(
            "The telescope was moved to the southern hemisphere because of its darker skies."),
        QStringLiteral("Our backup runs every night and keeps the copies of the last thirty days."),
    };
    const QList<QString> queries{QStringLiteral("when does the contract end"),
                                 QStringLiteral("how long to boil a potato"),
                                 QStringLiteral("telescopes in the dark sky"),
                                 QStringLiteral("nightly backups")};
    for (qsizetype q = 0; q < queries.size(); ++q) {
        qsizetype best = 0;
        for (qsizetype p = 1; p < passages.size(); ++p) {
            if (similarity(queries[q], passages[p]) > similarity(queries[q], passages[best]))
                best = p;
        }
        QCOMPARE(best, q);
    }
}

QTEST_GUILESS_MAIN(TestHashedNgramEmbedder)
#include "tst_hashed_ngram_embedder.moc"
