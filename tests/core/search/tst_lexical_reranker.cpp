#include "core/search/lexical_reranker.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using search::LexicalReranker;

/// Which passage shares more words with a query, in any script.
class TestLexicalReranker : public QObject
{
    Q_OBJECT

private slots:
    void best_data();
    void best();
    void scoresAreBetween0And1();
    void w8_anyScriptScores_data();
    void w8_anyScriptScores();
    void w8_wordsOfMetadataDoNotCount();
    void nothingToLookFor();
};

void TestLexicalReranker::best_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse");
    const QString filler = QString(QStringLiteral("salt ")).repeated(400);
    QTest::newRow("has it at all")
        << QStringLiteral("ledger") << QStringLiteral("A ledger.") << QStringLiteral("A book.");
    QTest::newRow("more of the words")
        << QStringLiteral("harbour ledger fees") << QStringLiteral("The ledger of harbour dues")
        << QStringLiteral("The ledger of a shop");
    QTest::newRow("more of the words in a long passage")
        << QStringLiteral("harbour ledger fees") << filler + QStringLiteral("harbour ledger fees")
        << QStringLiteral("ledger fees");
    QTest::newRow("shorter of equal ones") << QStringLiteral("ledger") << QStringLiteral("A ledger")
                                           << filler + QStringLiteral("ledger");
    QTest::newRow("stop words do not count")
        << QStringLiteral("the fees of the harbour") << QStringLiteral("harbour")
        << QStringLiteral("the lord of the rings");
    QTest::newRow("repeating a word is no second word")
        << QStringLiteral("harbour ledger") << QStringLiteral("harbour ledger")
        << QStringLiteral("harbour harbour harbour");
    QTest::newRow("excluded words are not wanted")
        << QStringLiteral("heron -rain") << QStringLiteral("a heron") << QStringLiteral("the rain");
    QTest::newRow("case and compatibility forms")
        << QStringLiteral("LEDGER \ufb01le") << QStringLiteral("a ledger file")
        << QStringLiteral("a ledger");
}

void TestLexicalReranker::best()
{
    QFETCH(QString, query);
    QFETCH(QString, better);
    QFETCH(QString, worse);
    const auto scores = LexicalReranker().score(query, {worse, better});
    VERIFY_RESULT(scores);
    QCOMPARE(scores->size(), size_t(2));
    QVERIFY2(scores->at(1) > scores->at(0),
             qPrintable(QStringLiteral("%1 %2").arg(scores->at(1)).arg(scores->at(0))));
}

void TestLexicalReranker::scoresAreBetween0And1()
{
    const auto scores = LexicalReranker().score(
        QStringLiteral("harbour ledger"),
        {QString(), QStringLiteral("..."), QStringLiteral("harbour ledger"), QStringLiteral("x")});
    VERIFY_RESULT(scores);
    for (const double score : *scores)
        QVERIFY(score >= 0 && score <= 1);
    QCOMPARE(scores->at(0), 0.0);
    QVERIFY(scores->at(2) > 0.9);
}

void TestLexicalReranker::w8_anyScriptScores_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("passage");
    QTest::newRow("Chinese") << QStringLiteral("\u6e2f\u53e3")
                             << QStringLiteral("\u8fdb\u5165\u6e2f\u53e3\u7684\u8239\u53ea");
    QTest::newRow("Russian") << QStringLiteral("\u041f\u041e\u0420\u0422")
                             << QStringLiteral("\u043d\u0430\u0448 \u043f\u043e\u0440\u0442");
    QTest::newRow("Arabic") << QStringLiteral("\u0645\u064a\u0646\u0627\u0621")
                            << QStringLiteral("\u0647\u0630\u0627 \u0645\u064a\u0646\u0627\u0621");
    QTest::newRow("Hindi") << QStringLiteral("\u092c\u0902\u0926\u0930\u0917\u093e\u0939")
                           << QStringLiteral("\u092c\u0902\u0926\u0930\u0917\u093e\u0939 \u0939");
    QTest::newRow("German") << QStringLiteral("H\u00c4FEN") << QStringLiteral("die h\u00e4fen");
}

void TestLexicalReranker::w8_anyScriptScores()
{
    QFETCH(QString, query);
    QFETCH(QString, passage);
    const auto scores = LexicalReranker().score(query, {passage, QStringLiteral("other text")});
    VERIFY_RESULT(scores);
    QVERIFY(scores->at(0) > 0);
    QCOMPARE(scores->at(1), 0.0);
}

void TestLexicalReranker::w8_wordsOfMetadataDoNotCount()
{
    // The reference stores "parent_context" and "chunk_type": "parent" beside each passage, and
    // counts them.
    const auto scores =
        LexicalReranker().score(QStringLiteral("parent"), {QStringLiteral("A child speaks.")});
    VERIFY_RESULT(scores);
    QCOMPARE(scores->at(0), 0.0);
}

void TestLexicalReranker::nothingToLookFor()
{
    for (const QString &query : {QStringLiteral("?!"), QStringLiteral("-rain")}) {
        const auto scores = LexicalReranker().score(query, {QStringLiteral("rain")});
        VERIFY_RESULT(scores);
        QCOMPARE(scores->at(0), 0.0);
    }
    const auto stopWords =
        LexicalReranker().score(QStringLiteral("to be"), {QStringLiteral("to be or not to be")});
    VERIFY_RESULT(stopWords);
    QVERIFY(stopWords->at(0) > 0);
    const auto none = LexicalReranker().score(QStringLiteral("a"), {});
    VERIFY_RESULT(none);
    QVERIFY(none->empty());
}

QTEST_GUILESS_MAIN(TestLexicalReranker)
#include "tst_lexical_reranker.moc"
