#include "core/embed/vector_index_tuning.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::embed;

/// What is kept of a measurement, and the queries that it is made with.
class TestVectorIndexTuning : public QObject
{
    Q_OBJECT

private slots:
    void commentsAreReadBack();
    void othersCommentsAreNone_data();
    void othersCommentsAreNone();
    void someWords_data();
    void someWords();
};

void TestVectorIndexTuning::commentsAreReadBack()
{
    const auto read = tuningFromComment(toComment({400, 0.9876, 116'992}));
    QVERIFY(read);
    QCOMPARE(read->efSearch, 400);
    QCOMPARE(read->recallAt10, 0.988);
    QCOMPARE(read->passages, 116'992);
}

void TestVectorIndexTuning::othersCommentsAreNone_data()
{
    QTest::addColumn<QString>("comment");
    QTest::newRow("none") << QString();
    QTest::newRow("words") << QStringLiteral("the administrator's own");
    QTest::newRow("too large") << QStringLiteral("ef_search=12345 recall_at_10=0.9 passages=1");
    QTest::newRow("more behind") << QStringLiteral("ef_search=1 recall_at_10=0.900 passages=1\n");
}

void TestVectorIndexTuning::othersCommentsAreNone()
{
    QFETCH(QString, comment);
    QVERIFY(!tuningFromComment(comment));
}

void TestVectorIndexTuning::someWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("where");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("words");
    const QString text = QStringLiteral("one two\n three  four five six seven eight");
    QTest::newRow("first") << text << 0.0 << 6 << QStringLiteral("one two three four five six");
    QTest::newRow("last") << text << 0.999 << 6
                          << QStringLiteral("three four five six seven eight");
    QTest::newRow("those that tell") << text << 0.999 << 2 << QStringLiteral("seven eight");
    QTest::newRow("short words left out") << text << 0.5 << 3 << QStringLiteral("four five seven");
    QTest::newRow("fewer") << QStringLiteral(" one two ") << 0.9 << 6 << QStringLiteral("one two");
    QTest::newRow("one word") << QStringLiteral("one") << 0.9 << 6 << QStringLiteral("one");
    QTest::newRow("without spaces") << QStringLiteral("今天天气很好我们去公园散步吧好不好") << 0.5
                                    << 6 << QStringLiteral("天气很好我们去公园散步吧");
    QTest::newRow("nothing") << QString() << 0.5 << 6 << QString();
}

void TestVectorIndexTuning::someWords()
{
    QFETCH(QString, text);
    QFETCH(double, where);
    QFETCH(int, count);
    QTEST(embed::someWords(text, where, count), "words");
}

QTEST_GUILESS_MAIN(TestVectorIndexTuning)
#include "tst_vector_index_tuning.moc"
