#include "tests/ui/strings.h"
#include "ui/search/snippet.h"

#include <QTest>

using namespace llmemory::ui;
using llmemory::testing::strings;

using CodePoints = QList<QPair<int, int>>;
Q_DECLARE_METATYPE(CodePoints)

class TestSnippet : public QObject
{
    Q_OBJECT

private slots:
    void convertsCodePoints_data();
    void convertsCodePoints();
    void cutsAroundTheFirstHighlight_data();
    void cutsAroundTheFirstHighlight();
    void marksPointAtTheWords();
    void longTextWithoutSpaces();
};

void TestSnippet::convertsCodePoints_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<CodePoints>("points");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("plain") << "one two" << CodePoints{{4, 7}} << strings({"two"});
    QTest::newRow("after an emoji") << "😀 two" << CodePoints{{2, 5}} << strings({"two"});
    QTest::newRow("an emoji itself") << "a😀b" << CodePoints{{1, 2}} << strings({"😀"});
    QTest::newRow("several") << "😀a😀b" << CodePoints{{1, 2}, {3, 4}} << strings({"a", "b"});
    QTest::newRow("beyond the end is cut") << "abc" << CodePoints{{1, 99}} << strings({"bc"});
    QTest::newRow("outside is left out") << "abc" << CodePoints{{5, 9}} << QStringList{};
    QTest::newRow("empty is left out") << "abc" << CodePoints{{1, 1}} << QStringList{};
    QTest::newRow("backwards is left out") << "abc" << CodePoints{{2, 3}, {0, 1}} << strings({"c"});
    QTest::newRow("no text") << "" << CodePoints{{0, 1}} << QStringList{};
}

void TestSnippet::convertsCodePoints()
{
    QFETCH(QString, text);
    QFETCH(CodePoints, points);
    QStringList words;
    for (const TextRange &range : utf16Ranges(text, points))
        words.append(text.mid(range.start, range.end - range.start));
    QTEST(words, "words");
}

void TestSnippet::cutsAroundTheFirstHighlight_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<CodePoints>("points");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("snippet");
    const CodePoints none;
    QTest::newRow("short stays whole") << "one two" << none << 40 << "one two";
    QTest::newRow("line breaks become spaces") << " one\n\n  two\t" << none << 40 << "one two ";
    QTest::newRow("long is cut between words")
        << "alpha beta gamma delta" << none << 13 << "alpha beta …";
    QTest::newRow("begins before the highlight")
        << "alpha beta gamma delta epsilon zeta eta theta" << CodePoints{{31, 35}} << 16
        << "… zeta eta theta";
    QTest::newRow("highlight near the start keeps the start")
        << "alpha beta gamma delta epsilon" << CodePoints{{0, 5}} << 12 << "alpha beta …";
    QTest::newRow("empty") << "" << none << 10 << "";
}

void TestSnippet::cutsAroundTheFirstHighlight()
{
    QFETCH(QString, text);
    QFETCH(CodePoints, points);
    QFETCH(int, length);
    QTEST(makeSnippet(text, points, length).text, "snippet");
}

void TestSnippet::marksPointAtTheWords()
{
    const QString text = QStringLiteral("Far away,\n\nbehind the word mountains, far from the "
                                        "countries Vokalia and Consonantia, there live the "
                                        "blind texts.");
    const QString word = QStringLiteral("mountains");
    const int at = int(text.indexOf(word));
    const int second = int(text.indexOf(QStringLiteral("countries")));
    const Snippet snippet = makeSnippet(text, {{at, at + 9}, {second, second + 9}, {100, 104}}, 40);
    QVERIFY(!snippet.marks.isEmpty());
    const TextRange first = snippet.marks.first();
    QCOMPARE(snippet.text.mid(first.start, first.end - first.start), word);
    QVERIFY(snippet.text.size() <= 40 + 4);
    for (const TextRange &mark : snippet.marks)
        QVERIFY(mark.start < mark.end && mark.end <= snippet.text.size());
}

void TestSnippet::longTextWithoutSpaces()
{
    // Chinese, Japanese and Thai have no spaces; an emoji must not be cut in half.
    const QString text =
        QStringLiteral("日本語").repeated(100) + QString::fromUtf8("😀").repeated(50);
    const Snippet snippet = makeSnippet(text, {{320, 322}}, 31);
    QVERIFY(snippet.text.size() <= 31 + 4);
    QVERIFY(!snippet.marks.isEmpty());
    QVERIFY(snippet.text.isValidUtf16());
    QVERIFY(makeSnippet(QString::fromUtf8("😀").repeated(50), {}, 31).text.isValidUtf16());
}

QTEST_GUILESS_MAIN(TestSnippet)
#include "tst_snippet.moc"
