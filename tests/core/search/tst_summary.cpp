#include "core/search/summary.h"

#include <QTest>

using llmemory::search::summaryOf;

/// The first words of a passage.
class TestSummary : public QObject
{
    Q_OBJECT

private slots:
    void summaries_data();
    void summaries();
    void chineseWordsAreCounted();
};

void TestSummary::summaries_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<int>("tokens");
    QTest::addColumn<QString>("expected");
    const QString ten = QStringLiteral("1 2 3 4 5 6 7 8 9 10");
    QTest::newRow("off") << ten << 0 << QString();
    QTest::newRow("empty") << QString() << 120 << QString();
    QTest::newRow("all of it") << ten << 120 << ten;
    QTest::newRow("as many as allowed") << ten << 20 << ten;
    QTest::newRow("one more") << ten + QStringLiteral(" 11") << 20 << ten + QStringLiteral("...");
    QTest::newRow("at least ten") << ten + QStringLiteral(" 11") << 2
                                  << ten + QStringLiteral("...");
    QTest::newRow("half as many words as tokens")
        << QString(QStringLiteral("word ")).repeated(100) << 120
        << QString(QStringLiteral("word ")).repeated(60).trimmed() + QStringLiteral("...");
    QTest::newRow("space made even")
        << QStringLiteral("\n a\t\tb\n\nc ") << 120 << QStringLiteral("a b c");
}

void TestSummary::summaries()
{
    QFETCH(QString, content);
    QFETCH(int, tokens);
    QTEST(summaryOf(content, tokens), "expected");
}

void TestSummary::chineseWordsAreCounted()
{
    // "all ships pay the port fees", again and again, without a space.
    const QString content =
        QString(QStringLiteral("\u6240\u6709\u8239\u53ea\u652f\u4ed8\u6e2f\u53e3"
                               "\u8d39\u7528"))
            .repeated(20);
    const QString summary = summaryOf(content, 20);
    QVERIFY(summary.endsWith(QLatin1String("...")));
    QVERIFY(content.startsWith(summary.chopped(3)));
    QVERIFY(summary.size() >= 13 && summary.size() <= 33);
}

QTEST_GUILESS_MAIN(TestSummary)
#include "tst_summary.moc"
