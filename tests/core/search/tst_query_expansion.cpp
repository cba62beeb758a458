#include "core/search/query_expansion.h"

#include <QTest>

using namespace llmemory;
using search::QueryVariant;
using search::queryVariants;

/// Other wordings of a query, and what each leg gets of them.
class TestQueryExpansion : public QObject
{
    Q_OBJECT

private slots:
    void variants_data();
    void variants();
    void neverMoreThanAskedFor();
    void textSyntaxIsNotEmbedded();
    void exclusionsStay();
    void chineseWordsAreDivided();
};

void TestQueryExpansion::variants_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *query, const QStringList &expected) {
        QTest::newRow(query) << QString::fromUtf8(query) << expected;
    };
    row("How to improve the customer satisfaction",
        {QStringLiteral("How to improve the customer satisfaction"),
         QStringLiteral("how improve customer satisfaction"),
         QStringLiteral("how OR improve OR customer OR satisfaction"),
         QStringLiteral("\"How to improve the customer satisfaction\"")});
    row("harbour ledger",
        {QStringLiteral("harbour ledger"),
         QStringLiteral("harbour OR ledger"),
         QStringLiteral("\"harbour ledger\"")});
    row("Ledger?", {QStringLiteral("Ledger?")});
    row("the ledger",
        {QStringLiteral("the ledger"), QStringLiteral("ledger"), QStringLiteral("\"the ledger\"")});
    row("to be or not",
        {QStringLiteral("to be or not"),
         QStringLiteral("not"),
         QStringLiteral("\"to be or not\"")});
    row("the of and", {QStringLiteral("the of and"), QStringLiteral("\"the of and\"")});
    row("\"red apple\"", {QStringLiteral("\"red apple\"")});
    row("the \"red apple\" pie",
        {QStringLiteral("the \"red apple\" pie"),
         QStringLiteral("\"red apple\" pie"),
         QStringLiteral("\"red apple\" OR pie"),
         QStringLiteral("\"the red apple pie\"")});
    row("Is C++ in use, or (not)?",
        {QStringLiteral("Is C++ in use, or (not)?"),
         QStringLiteral("c++ use not"),
         QStringLiteral("c++ OR use OR not"),
         QStringLiteral("\"Is C++ in use, or (not)?\"")});
    row("?!", {QStringLiteral("?!")});
}

void TestQueryExpansion::variants()
{
    QFETCH(QString, query);
    QFETCH(QStringList, expected);
    const auto variants = queryVariants(query, 8);
    QStringList texts;
    for (const QueryVariant &variant : variants)
        texts << variant.text;
    QCOMPARE(texts, expected);
    QCOMPARE(variants.first().meaning, QString(query).remove(QLatin1Char('"')));
    QCOMPARE(variants.first().words, search::parseTextQuery(query));
}

void TestQueryExpansion::neverMoreThanAskedFor()
{
    const QString query = QStringLiteral("How to improve the customer satisfaction");
    for (int most = 1; most <= 4; ++most)
        QCOMPARE(queryVariants(query, most).size(), most);
    QCOMPARE(queryVariants(query, 1).first().text, query);
}

void TestQueryExpansion::textSyntaxIsNotEmbedded()
{
    const auto variants = queryVariants(QStringLiteral("Who keeps the \"harbour ledger\"?"), 8);
    QCOMPARE(variants.size(), 4);
    QCOMPARE(variants.at(1).meaning, QStringLiteral("who keeps harbour ledger"));
    QCOMPARE(variants.at(2).text, QStringLiteral("who OR keeps OR \"harbour ledger\""));
    QCOMPARE(variants.at(2).meaning, QString());
    QCOMPARE(variants.at(2).words.any,
             QStringLiteral("\"who\" OR \"keeps\" OR \"harbour ledger\""));
    QCOMPARE(variants.at(3).meaning, QString());
    QCOMPARE(variants.at(3).words.any, QStringLiteral("\"Who keeps the harbour ledger\""));
}

void TestQueryExpansion::exclusionsStay()
{
    const auto variants = queryVariants(QStringLiteral("a heron in the reeds -rain"), 8);
    QCOMPARE(variants.size(), 4);
    for (const QueryVariant &variant : variants) {
        QCOMPARE(variant.words.none, QStringLiteral("\"rain\""));
        QVERIFY(!variant.words.any.contains(QLatin1String("rain")));
    }
    QCOMPARE(variants.at(1).meaning, QStringLiteral("heron reeds"));
}

void TestQueryExpansion::chineseWordsAreDivided()
{
    // "port fees" without a space
    const auto variants = queryVariants(QStringLiteral("\u6e2f\u53e3\u8d39\u7528"), 8);
    QVERIFY(variants.size() >= 3);
    QVERIFY(variants.at(variants.size() - 2).text.contains(QLatin1String(" OR ")));
    QVERIFY(variants.last().words.any.startsWith(QLatin1Char('"')));
    QCOMPARE(variants.last().words.any.count(QLatin1Char('"')), 2);
}

QTEST_GUILESS_MAIN(TestQueryExpansion)
#include "tst_query_expansion.moc"
