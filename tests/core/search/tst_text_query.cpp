#include "core/search/text_query.h"

#include <QTest>

using namespace llmemory;
using search::parseTextQuery;

/// What a user types becomes words, phrases and exclusions.
class TestTextQuery : public QObject
{
    Q_OBJECT

private slots:
    void parsed_data();
    void parsed();
    void chineseIsDividedAsTheIndexIs();
    void anyOfWords();
    void correctable_data();
    void correctable();
    void conditions();
    void quotesOfALongTextAreNoConditions();
    void whatCannotBeReadIsWords();
    void meanings_data();
    void meanings();
};

void TestTextQuery::parsed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("any");
    QTest::addColumn<QString>("none");
    QTest::addColumn<QStringList>("words");
    const QString nothing;
    const QString redAndApple = QStringLiteral("\"red\" OR \"apple\"");
    const QStringList redApple{QStringLiteral("red"), QStringLiteral("apple")};
    const QStringList red{QStringLiteral("red")};
    QTest::newRow("empty") << nothing << nothing << nothing << QStringList();
    QTest::newRow("words") << QStringLiteral("  red\tapple\n") << redAndApple << nothing
                           << redApple;
    QTest::newRow("phrase") << QStringLiteral("\"red apple\"") << QStringLiteral("\"red apple\"")
                            << nothing << QStringList{QStringLiteral("red apple")};
    QTest::newRow("unclosed phrase")
        << QStringLiteral("\"red apple") << QStringLiteral("\"red apple\"") << nothing
        << QStringList{QStringLiteral("red apple")};
    QTest::newRow("phrase touching a word")
        << QStringLiteral("red\"apple\"") << redAndApple << nothing << redApple;
    QTest::newRow("empty phrase") << QStringLiteral("\"\" red \" \"") << QStringLiteral("\"red\"")
                                  << nothing << red;
    QTest::newRow("exclusion") << QStringLiteral("red -apple") << QStringLiteral("\"red\"")
                               << QStringLiteral("\"apple\"") << red;
    QTest::newRow("excluded phrase")
        << QStringLiteral("red -\"an apple\"") << QStringLiteral("\"red\"")
        << QStringLiteral("\"an apple\"") << red;
    QTest::newRow("only exclusions")
        << QStringLiteral("-red -apple") << nothing << redAndApple << QStringList();
    QTest::newRow("hyphen inside") << QStringLiteral("red-apple") << QStringLiteral("\"red-apple\"")
                                   << nothing << QStringList{QStringLiteral("red-apple")};
    QTest::newRow("minus with a space")
        << QStringLiteral("red - apple") << redAndApple << nothing << redApple;
    QTest::newRow("minus in a phrase") << QStringLiteral("\"-red\"") << QStringLiteral("\"-red\"")
                                       << nothing << QStringList{QStringLiteral("-red")};
    QTest::newRow("operators are words")
        << QStringLiteral("red OR apple") << QStringLiteral("\"red\" OR \"OR\" OR \"apple\"")
        << nothing
        << QStringList{QStringLiteral("red"), QStringLiteral("OR"), QStringLiteral("apple")};
    QTest::newRow("signs alone") << QStringLiteral("& | ! :* <-> () ' -") << nothing << nothing
                                 << QStringList();
    QTest::newRow("umlauts") << QStringLiteral("\u00dcber") << QStringLiteral("\"\u00dcber\"")
                             << nothing << QStringList{QStringLiteral("\u00dcber")};
}

void TestTextQuery::parsed()
{
    QFETCH(QString, text);
    const auto query = parseTextQuery(text);
    QTEST(query.any, "any");
    QTEST(query.none, "none");
    QTEST(query.words, "words");
}

void TestTextQuery::chineseIsDividedAsTheIndexIs()
{
    const auto query =
        parseTextQuery(QStringLiteral("\u6e2f\u53e3\u8239\u53ea harbour")); // port, ships
    QVERIFY(query.words.size() >= 3);
    QVERIFY(query.words.contains(QStringLiteral("\u6e2f\u53e3")));
    QVERIFY(query.words.contains(QStringLiteral("harbour")));
    QVERIFY(query.any.contains(QStringLiteral("\"\u6e2f\u53e3\"")));
}

void TestTextQuery::anyOfWords()
{
    const QStringList words{QStringLiteral("red"), QStringLiteral("an \"old\" apple")};
    const auto like = parseTextQuery(QStringLiteral("fig -pear wor* -led*"));
    const auto query = search::anyOfWords(words, like);
    QCOMPARE(query.any, QStringLiteral("\"red\" OR \"an old apple\""));
    QCOMPARE(query.none, QStringLiteral("\"pear\""));
    QCOMPARE(query.words, words);
    QCOMPARE(query.must, like.must);
    QCOMPARE(query.mustNot, like.mustNot);
}

void TestTextQuery::correctable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("words");
    const QStringList harbour{QStringLiteral("harbour")};
    const auto row = [](const char *text, const QStringList &words = {}) {
        QTest::newRow(text) << QString::fromUtf8(text) << words;
    };
    row("harbour", harbour);
    row("harbour, (harbour) harbour?", harbour);
    row("+harbour", harbour);
    row("Harbour HARBOUR", {QStringLiteral("Harbour"), QStringLiteral("HARBOUR")});
    row("-harbour");
    row("\"harbour\"");
    row("harbour*");
    row("harbour NEAR fees");
    row("name:harbour");
    row("dam");
    row("harbour2");
    row("har-bour");
    row("it's");
    row("Häfen", {QStringLiteral("Häfen")});
    row("гавань λιμάνι", {QStringLiteral("гавань"), QStringLiteral("λιμάνι")});
    row("港口费用 항구에서");
    row("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty more");
}

void TestTextQuery::correctable()
{
    QFETCH(QString, text);
    QTEST(parseTextQuery(text).correctable, "words");
}

void TestTextQuery::conditions()
{
    const auto query = parseTextQuery(
        QStringLiteral("fees +harbour \"port dues\" red NEAR/4 \"an apple\" led* -wor* "
                       "-a NEAR b type:pdf year=2024 \u6e2f\u53e3\u8239\u53ea*"));
    const QList<search::TextCondition> must{
        {.words = QStringLiteral("\"harbour\"")},
        {.words = QStringLiteral("\"port dues\"")},
        {.words = QStringLiteral("\"red\""),
         .other = QStringLiteral("\"an apple\""),
         .distance = 4},
        {.words = {}, .prefix = QStringLiteral("led")},
        {.words = QStringLiteral("\"\u6e2f\u53e3\""), .prefix = QStringLiteral("\u8239\u53ea")}};
    QCOMPARE(query.must, must);
    const QList<search::TextCondition> mustNot{
        {.words = {}, .prefix = QStringLiteral("wor")},
        {.words = QStringLiteral("\"a\""), .other = QStringLiteral("\"b\""), .distance = 10}};
    QCOMPARE(query.mustNot, mustNot);
    QCOMPARE(query.any,
             QStringLiteral("\"fees\" OR \"harbour\" OR \"port dues\" OR \"red\" OR "
                            "\"an apple\""));
    QCOMPARE(query.none, QString());
}

void TestTextQuery::quotesOfALongTextAreNoConditions()
{
    QString text = QStringLiteral("\"port dues\" +\"harbour master\"");
    for (int i = 2; i < search::kMostWordsBesidePhrases; ++i)
        text += QStringLiteral(" word%1").arg(i);
    QCOMPARE(parseTextQuery(text).must.size(), 2);
    const auto longer = parseTextQuery(text + QStringLiteral(" more"));
    QCOMPARE(longer.must,
             QList<search::TextCondition>{{.words = QStringLiteral("\"harbour master\"")}});
    QVERIFY(longer.any.startsWith(QLatin1String("\"port dues\" OR \"harbour master\" OR ")));
}

void TestTextQuery::whatCannotBeReadIsWords()
{
    const auto query = parseTextQuery(QStringLiteral("red type:novel"));
    QCOMPARE(query.words, QStringList({QStringLiteral("red"), QStringLiteral("type:novel")}));
}

void TestTextQuery::meanings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("meaning");
    const std::pair<const char *, const char *> rows[] = {
        {" What  is (the) fee? ", " What  is (the) fee? "},
        {"fees \"port dues\" -rain +harbour", "fees port dues harbour"},
        {"red NEAR apple led* tag:x a=b", "red apple"},
        {"type:pdf", ""},
        {"-rain", ""},
    };
    for (const auto &[text, meaning] : rows)
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(meaning);
}

void TestTextQuery::meanings()
{
    QFETCH(QString, text);
    QTEST(search::meaningOf(search::readLeniently(text)), "meaning");
}

QTEST_GUILESS_MAIN(TestTextQuery)
#include "tst_text_query.moc"
