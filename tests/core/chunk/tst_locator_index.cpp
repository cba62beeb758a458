#include "core/chunk/locator_index.h"

#include <QtTest>

using namespace llmemory;
using namespace llmemory::chunk;

class TestLocatorIndex : public QObject
{
    Q_OBJECT

private slots:
    void pages();
    void lines();
    void headingPaths_data();
    void headingPaths();
    void wholeLocator();
};

void TestLocatorIndex::pages()
{
    const QString text(30, u'x');
    QCOMPARE(LocatorIndex(text, {}).pageAt(5), 0);
    const LocatorIndex index(text,
                             {.pageStarts = {0, 10, 10, 20}, .headings = {}}); // page 2 is empty
    QCOMPARE(index.pageAt(0), 1);
    QCOMPARE(index.pageAt(9), 1);
    QCOMPARE(index.pageAt(10), 3);
    QCOMPARE(index.pageAt(29), 4);
    const LocatorIndex late(text, {.pageStarts = {5, 10}, .headings = {}});
    QCOMPARE(late.pageAt(0), 1);
}

void TestLocatorIndex::lines()
{
    const LocatorIndex index(u"one\ntwo\r\n\nfour", {});
    QCOMPARE(index.lineAt(0), 1);
    QCOMPARE(index.lineAt(3), 1); // the line break ends its line
    QCOMPARE(index.lineAt(4), 2);
    QCOMPARE(index.lineAt(9), 3);
    QCOMPARE(index.lineAt(10), 4);
    QCOMPARE(index.lineAt(1000), 4);
    QCOMPARE(LocatorIndex(QString(), {}).lineAt(0), 1);
}

void TestLocatorIndex::headingPaths_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QStringList>("path");
    const auto row = [](const char *name, int offset, const char *path) {
        QTest::newRow(name) << offset << QString::fromLatin1(path).split(u'/', Qt::SkipEmptyParts);
    };
    row("before all", 5, "");
    row("at the heading itself", 10, "Guide");
    row("second level", 25, "Guide/Install");
    row("level left out", 35, "Guide/Install/Notes");
    row("back up", 45, "Guide/Use");
    row("new outermost", 55, "Reference");
}

void TestLocatorIndex::headingPaths()
{
    QFETCH(int, offset);
    QFETCH(QStringList, path);
    const QList<Heading> headings{{1, 10, QStringLiteral("Guide")},
                                  {2, 20, QStringLiteral("Install")},
                                  {4, 30, QStringLiteral("Notes")},
                                  {2, 40, QStringLiteral("Use")},
                                  {1, 50, QStringLiteral("Reference")}};
    const LocatorIndex index(QString(60, u'x'), {.pageStarts = {}, .headings = headings});
    QCOMPARE(index.headingPathAt(offset), path);
}

void TestLocatorIndex::wholeLocator()
{
    const LocatorIndex index(u"a\nb\nc\n",
                             {.pageStarts = {0, 2}, .headings = {{1, 2, QStringLiteral("B")}}});
    const Locator expected{.page = 2,
                           .lineStart = 2,
                           .lineEnd = 3,
                           .charStart = 2,
                           .charEnd = 5,
                           .headingPath = {QStringLiteral("B")}};
    QCOMPARE(index.at(2, 5), expected);
}

QTEST_GUILESS_MAIN(TestLocatorIndex)
#include "tst_locator_index.moc"
