#include "core/chunk/text_boundaries.h"

#include <QtTest>

using namespace llmemory::chunk;

class TestTextBoundaries : public QObject
{
    Q_OBJECT

private slots:
    void sentenceEnds_data();
    void sentenceEnds();
    void softBreaks_data();
    void softBreaks();
    void wordStarts();
    void graphemes_data();
    void graphemes();
    void searchesStayInRange();
};

namespace {

/// @p marked without its bars, and where they stood.
QString unmarked(const QString &marked, QList<qsizetype> *bars)
{
    QString text;
    for (const QChar c : marked) {
        if (c == u'|')
            bars->append(text.size());
        else
            text += c;
    }
    return text;
}

} // namespace

void TestTextBoundaries::sentenceEnds_data()
{
    QTest::addColumn<QString>("marked");
    QTest::newRow("full stops") << QStringLiteral("It rains.| We stay.|");
    QTest::newRow("question and exclamation") << QStringLiteral("Why?| Because!| So.|");
    QTest::newRow("decimal number") << QStringLiteral("Pi is 3.14 or so.| Yes.|");
    QTest::newRow("file name") << QStringLiteral("Open main.cpp now.|");
    QTest::newRow("abbreviation before lower case")
        << QStringLiteral("See approx. ten, e.g. this.|");
    QTest::newRow("initial") << QStringLiteral("By J. Smith.|");
    QTest::newRow("German date") << QStringLiteral("Am 3. Mai war es.|");
    QTest::newRow("year") << QStringLiteral("Since 2010.| Then.|");
    QTest::newRow("closing quote") << QStringLiteral("“Go.”| He went.|");
    QTest::newRow("closing bracket") << QStringLiteral("(So be it.)| Fine.|");
    QTest::newRow("ellipsis") << QStringLiteral("Well…| Yes.|");
    QTest::newRow("Chinese") << QStringLiteral("今天下雨。|我们不去！|好吗？|");
    QTest::newRow("Chinese quote") << QStringLiteral("他说：「走。」|然后走了。|");
    QTest::newRow("Japanese") << QStringLiteral("雨です。|行きません。|");
    QTest::newRow("Arabic question") << QStringLiteral("كيف حالك؟| بخير.|");
    QTest::newRow("Hindi danda") << QStringLiteral("नमस्ते।| ठीक है।|");
    QTest::newRow("Urdu") << QStringLiteral("یہ ہے۔| اور۔|");
    QTest::newRow("line break alone is none") << QStringLiteral("one\ntwo");
}

void TestTextBoundaries::sentenceEnds()
{
    QFETCH(QString, marked);
    QList<qsizetype> expected;
    const QString text = unmarked(marked, &expected);
    QList<qsizetype> found;
    for (qsizetype pos = 0; pos <= text.size(); ++pos) {
        if (isSentenceEnd(text, pos))
            found << pos;
    }
    QCOMPARE(found, expected);
    QCOMPARE(lastSentenceEnd(text, 0, text.size()), expected.isEmpty() ? -1 : expected.last());
    QCOMPARE(firstSentenceEnd(text, 0, text.size()), expected.isEmpty() ? -1 : expected.first());
}

void TestTextBoundaries::softBreaks_data()
{
    QTest::addColumn<QString>("marked");
    QTest::newRow("comma") << QStringLiteral("red, green,| blue");
    QTest::newRow("number is none") << QStringLiteral("about,| 1,000 and 10:30");
    QTest::newRow("line") << QStringLiteral("one\ntwo\n|three");
    QTest::newRow("semicolon") << QStringLiteral("this;| that");
    QTest::newRow("Chinese comma") << QStringLiteral("你好，|世界");
    QTest::newRow("Arabic comma") << QStringLiteral("مرحبا،| عالم");
    QTest::newRow("none") << QStringLiteral("one two three");
}

void TestTextBoundaries::softBreaks()
{
    QFETCH(QString, marked);
    QList<qsizetype> expected;
    const QString text = unmarked(marked, &expected);
    QCOMPARE(lastSoftBreak(text, 0, text.size()), expected.value(0, -1));
}

void TestTextBoundaries::wordStarts()
{
    const QString text = QStringLiteral("one  two three");
    QCOMPARE(firstWordStart(text, 0, text.size()), 5);
    QCOMPARE(lastWordStart(text, 0, text.size()), 9);
    QCOMPARE(lastWordStart(text, 10, text.size()), -1);
}

void TestTextBoundaries::graphemes_data()
{
    QTest::addColumn<QString>("marked"); // bars where a cut may be
    QTest::newRow("ASCII") << QStringLiteral("|a|b|");
    QTest::newRow("surrogate pair") << QStringLiteral("|a|😀|b|");
    QTest::newRow("combining accent") << QStringLiteral("|e\u0301|e|");
    QTest::newRow("CR LF") << QStringLiteral("|a|\r\n|b|");
    QTest::newRow("flags") << QStringLiteral("|🇩🇪|🇫🇷|");
    QTest::newRow("family") << QStringLiteral("|x|👨‍👩‍👧|y|");
    QTest::newRow("skin tone") << QStringLiteral("|👍🏽|👍|");
    QTest::newRow("variation selector") << QStringLiteral("|❤\uFE0F|a|");
    QTest::newRow("Hangul jamo") << QStringLiteral("|\u1112\u1161\u11AB|a|");
    QTest::newRow("Chinese") << QStringLiteral("|北|京|");
}

void TestTextBoundaries::graphemes()
{
    QFETCH(QString, marked);
    QList<qsizetype> allowed;
    const QString text = unmarked(marked, &allowed);
    for (qsizetype pos = 0; pos <= text.size(); ++pos) {
        const auto start = std::upper_bound(allowed.begin(), allowed.end(), pos) - 1;
        QCOMPARE(graphemeStart(text, pos), *start);
    }
}

void TestTextBoundaries::searchesStayInRange()
{
    const QString text = QStringLiteral("A. B c. D.");
    QCOMPARE(lastSentenceEnd(text, 8, 9), -1);
    QCOMPARE(lastSentenceEnd(text, -5, 100), 7); // "D." is an initial
    QCOMPARE(firstSentenceEnd(QString(), 0, 0), -1);
    QCOMPARE(skipSpace(QStringLiteral("  a"), 0, 3), 2);
    QCOMPARE(skipSpace(QStringLiteral("   "), 0, 2), 2);
    QCOMPARE(skipSpace(QStringLiteral("  \u0301a"), 0, 4), 1); // a space that carries an accent
}

QTEST_GUILESS_MAIN(TestTextBoundaries)
#include "tst_text_boundaries.moc"
