#include "core/chunk/window_cutter.h"

#include <QtTest>

using namespace llmemory;
using namespace llmemory::chunk;

class TestWindowCutter : public QObject
{
    Q_OBJECT

private slots:
    void cuts_data();
    void cuts();
    void headingsBeginPieces();
    void stackedHeadingsStayTogether();
    void pagesBeginPieces();
    void sentenceOverPageStartIsKeptWhole();
    void overlapBeginsAtSentence();
    void senselessSizesEnd();
    void pageStartInsideOneCharacter();
    void rangeIsRespected();

private:
    static QStringList pieces(const QString &text,
                              const TextStructure &structure,
                              WindowSize size,
                              PageRule pages = PageRule::Align)
    {
        const WindowCutter cutter(text, structure);
        QStringList result;
        for (const TextRange &range : cutter.cut(cutter.all(), size, pages))
            result << text.mid(range.start, range.end - range.start);
        return result;
    }
};

void TestWindowCutter::cuts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    // Windows of 10 tokens without overlap.
    QTest::newRow("empty") << QString() << QStringList();
    QTest::newRow("white space") << QStringLiteral(" \n\t\u3000 ") << QStringList();
    QTest::newRow("fits") << QStringLiteral("  one two three.\n")
                          << QStringList{QStringLiteral("one two three.")};
    QTest::newRow("after a sentence")
        << QStringLiteral("a b c d e f g h. i j k l")
        << QStringList{QStringLiteral("a b c d e f g h."), QStringLiteral("i j k l")};
    QTest::newRow("a sentence end before the last fifth does not count")
        << QStringLiteral("a b c d. e f g h, i j k l")
        << QStringList{QStringLiteral("a b c d. e f g h,"), QStringLiteral("i j k l")};
    QTest::newRow("after a line") << QStringLiteral("a b c d e f g h\ni j k l")
                                  << QStringList{QStringLiteral("a b c d e f g h"),
                                                 QStringLiteral("i j k l")};
    QTest::newRow("before a word")
        << QStringLiteral("a b c d e f g h i international k l")
        << QStringList{QStringLiteral("a b c d e f g h i"), QStringLiteral("international k l")};
    QTest::newRow("hard, whole characters")
        << QStringLiteral("北京大学学习计算机科学")
        << QStringList{QStringLiteral("北京大学学习计算机科"), QStringLiteral("学")};
    QTest::newRow("after a Chinese sentence")
        << QStringLiteral("北京大学学习计算。机科学")
        << QStringList{QStringLiteral("北京大学学习计算。"), QStringLiteral("机科学")};
}

void TestWindowCutter::cuts()
{
    QFETCH(QString, text);
    QFETCH(QStringList, expected);
    QCOMPARE(pieces(text, {}, {10, 0}), expected);
}

void TestWindowCutter::headingsBeginPieces()
{
    const QString text = QStringLiteral("a b c d e f\nTitle\ng h i j k l m n o p");
    const TextStructure structure{.pageStarts = {}, .headings = {{1, 12, QStringLiteral("Title")}}};
    const QStringList found = pieces(text, structure, {10, 3});
    QCOMPARE(found.value(0), QStringLiteral("a b c d e f"));
    QVERIFY(found.value(1).startsWith(QStringLiteral("Title\ng"))); // no overlap in front of it
}

void TestWindowCutter::stackedHeadingsStayTogether()
{
    const QString text = QStringLiteral("a b c d e\nOne\n\nTwo\ng h i j k l m n o p");
    const TextStructure structure{
        .pageStarts = {},
        .headings = {{1, 10, QStringLiteral("One")}, {2, 15, QStringLiteral("Two")}}};
    const QStringList found = pieces(text, structure, {10, 0});
    QCOMPARE(found.value(0), QStringLiteral("a b c d e"));
    QVERIFY(found.value(1).startsWith(QStringLiteral("One")));
}

void TestWindowCutter::pagesBeginPieces()
{
    const QString text =
        QStringLiteral("This is the first page of a small text.\nThe second page has this.");
    const TextStructure structure{.pageStarts = {0, 40}, .headings = {}};
    QCOMPARE(pieces(text, structure, {100, 20}),
             (QStringList{QStringLiteral("This is the first page of a small text."),
                          QStringLiteral("The second page has this.")}));
    QCOMPARE(pieces(text, structure, {100, 20}, PageRule::Ignore), QStringList{text});
}

void TestWindowCutter::sentenceOverPageStartIsKeptWhole()
{
    const QString text = QStringLiteral(
        "The first page ends in the middle of\na sentence. The second goes on here.");
    const TextStructure structure{.pageStarts = {0, 37}, .headings = {}};
    QCOMPARE(pieces(text, structure, {100, 20}),
             (QStringList{QStringLiteral("The first page ends in the middle of\na sentence."),
                          QStringLiteral("a sentence. The second goes on here.")}));
}

void TestWindowCutter::overlapBeginsAtSentence()
{
    const QString text = QStringLiteral("a b c d e. Foo f g. Bar h i j k l m n o p");
    QCOMPARE(pieces(text, {}, {16, 8}).value(1), QStringLiteral("Bar h i j k l m n o p"));
}

void TestWindowCutter::senselessSizesEnd()
{
    const QString text = QStringLiteral("a b c d");
    for (const WindowSize size : {WindowSize{0, 0}, WindowSize{-5, 9}, WindowSize{1, 100}})
        QCOMPARE(pieces(text, {}, size).join(u' '), text);
}

void TestWindowCutter::pageStartInsideOneCharacter()
{
    const QString text = QStringLiteral("👩\u200D").repeated(12) + QStringLiteral("👩 end");
    const TextStructure structure{.pageStarts = {0, 33}, .headings = {}};
    QCOMPARE(pieces(text, structure, {100, 20}), QStringList{text});
}

void TestWindowCutter::rangeIsRespected()
{
    const QString text = QStringLiteral("one two three four five six");
    const TextStructure structure;
    const WindowCutter cutter(text, structure);
    const auto found = cutter.cut({3, 14}, {100, 10}, PageRule::Align);
    QCOMPARE(found.size(), size_t(1));
    QCOMPARE(found.front(), (TextRange{4, 13}));
    QCOMPARE(cutter.tokenCount(found.front()), 2);
}

QTEST_GUILESS_MAIN(TestWindowCutter)
#include "tst_window_cutter.moc"
