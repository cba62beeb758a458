#include "core/search/highlighter.h"

#include <QTest>

using namespace llmemory;

using Ranges = QList<QPair<int, int>>;

/// Places of matched words, in code points.
class TestHighlighter : public QObject
{
    Q_OBJECT

private slots:
    void marks_data();
    void marks();
    void contentWithMarksOfItsOwn();
    void words_data();
    void words();
};

void TestHighlighter::marks_data()
{
    // Here [ and ] stand for the marks.
    QTest::addColumn<QString>("marked");
    QTest::addColumn<Ranges>("expected");
    QTest::newRow("empty") << QString() << Ranges();
    QTest::newRow("nothing matched") << QStringLiteral("a red apple") << Ranges();
    QTest::newRow("words") << QStringLiteral("a [red] [apple]") << Ranges{{2, 5}, {6, 11}};
    QTest::newRow("whole text") << QStringLiteral("[red]") << Ranges{{0, 3}};
    QTest::newRow("behind an emoji") << QStringLiteral("\U0001F600 [red]") << Ranges{{2, 5}};
    QTest::newRow("emoji inside") << QStringLiteral("[a\U0001F600b] c") << Ranges{{0, 3}};
    QTest::newRow("combining mark counts") << QStringLiteral("e\u0301 [x]") << Ranges{{3, 4}};
    QTest::newRow("unclosed") << QStringLiteral("a [red") << Ranges();
    QTest::newRow("empty match") << QStringLiteral("a []b") << Ranges();
}

void TestHighlighter::marks()
{
    QFETCH(QString, marked);
    QFETCH(Ranges, expected);
    QString content = marked;
    content.remove(QLatin1Char('[')).remove(QLatin1Char(']'));
    marked.replace(QLatin1Char('['), QChar(search::kMarkStart))
        .replace(QLatin1Char(']'), QChar(search::kMarkEnd));
    QCOMPARE(search::highlightsFromMarks(marked, content), expected);
}

void TestHighlighter::contentWithMarksOfItsOwn()
{
    const QString content = QStringLiteral("a ") + QChar(search::kMarkStart) + QStringLiteral("b");
    QCOMPARE(search::highlightsFromMarks(content, content), Ranges());
}

void TestHighlighter::words_data()
{
    QTest::addColumn<QStringList>("wanted");
    QTest::addColumn<QString>("content");
    QTest::addColumn<Ranges>("expected");
    const QStringList port{QStringLiteral("\u6e2f\u53e3")};
    QTest::newRow("none") << QStringList() << QStringLiteral("abc") << Ranges();
    QTest::newRow("empty word") << QStringList{QString()} << QStringLiteral("abc") << Ranges();
    QTest::newRow("each time") << port << QStringLiteral("\u6e2f\u53e3\u548c\u6e2f\u53e3")
                               << Ranges{{0, 2}, {3, 5}};
    QTest::newRow("behind a character outside the BMP")
        << port << QStringLiteral("\U00020BB7\u6e2f\u53e3") << Ranges{{1, 3}};
    QTest::newRow("any case") << QStringList{QStringLiteral("RED")} << QStringLiteral("red Red")
                              << Ranges{{0, 3}, {4, 7}};
    QTest::newRow("overlapping words become one")
        << QStringList{QStringLiteral("bc"), QStringLiteral("abc"), QStringLiteral("cd")}
        << QStringLiteral("abcd") << Ranges{{0, 4}};
    QTest::newRow("ascending whatever the order of words")
        << QStringList{QStringLiteral("z"), QStringLiteral("a")} << QStringLiteral("a z")
        << Ranges{{0, 1}, {2, 3}};
}

void TestHighlighter::words()
{
    QFETCH(QStringList, wanted);
    QFETCH(QString, content);
    QFETCH(Ranges, expected);
    QCOMPARE(search::highlightsOfWords(wanted, content), expected);
}

QTEST_GUILESS_MAIN(TestHighlighter)
#include "tst_highlighter.moc"
