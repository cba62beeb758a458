#include "core/extract/text_builder.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

class TestTextBuilder : public QObject
{
    Q_OBJECT

private slots:
    void verbatim_data();
    void verbatim();
    void flowCollapsesSpace();
    void breaksOnlyBetweenText();
    void offsetsOfPagesAndHeadings();
    void cellsAndRows();
    void items();
    void truncation_data();
    void truncation();
    void expansion();
    void manyHeadings();

private:
    static constexpr qsizetype kSomeBytes = 1000;
};

void TestTextBuilder::verbatim_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("expected");
    const auto text = [](std::initializer_list<char16_t> units) {
        return QStringView(units.begin(), qsizetype(units.size())).toString();
    };
    QTest::newRow("spaces stay") << QStringLiteral("  a\t b  ") << QStringLiteral("  a\t b  ");
    QTest::newRow("line ends") << QStringLiteral("a\r\nb\rc\n\r\nd\r")
                               << QStringLiteral("a\nb\nc\n\nd\n");
    QTest::newRow("NUL") << text({u'a', 0, u'b'}) << QStringLiteral("ab");
    QTest::newRow("control characters")
        << text({u'a', 7, u'\f', 0x1b, u'b'}) << QStringLiteral("a\fb");
    QTest::newRow("surrogate pair") << QStringLiteral("a😀b") << QStringLiteral("a😀b");
    QTest::newRow("lone high surrogate")
        << text({u'a', 0xd83d, u'b'}) << QStringLiteral("a\uFFFDb");
    QTest::newRow("lone low surrogate") << text({u'a', 0xde00}) << QStringLiteral("a\uFFFD");
}

void TestTextBuilder::verbatim()
{
    QFETCH(const QString, given);
    QFETCH(const QString, expected);
    TextBuilder builder({}, kSomeBytes);
    builder.appendVerbatim(given);
    QCOMPARE(builder.finish(DocumentType::Text).text, expected);
}

void TestTextBuilder::flowCollapsesSpace()
{
    TextBuilder builder({}, kSomeBytes);
    builder.appendFlow(u"  one\n two ");
    builder.appendFlow(u"three");
    builder.appendFlow(u"\u00a0four");
    builder.appendFlow(u"  ");
    QCOMPARE(builder.finish(DocumentType::Text).text, QStringLiteral("one two three four"));
}

void TestTextBuilder::breaksOnlyBetweenText()
{
    TextBuilder builder({}, kSomeBytes);
    builder.breakParagraph();
    builder.appendFlow(u"a ");
    builder.breakLine();
    builder.appendFlow(u" b");
    builder.breakParagraph();
    builder.breakParagraph();
    builder.breakLine();
    builder.appendVerbatim(u"c\n");
    builder.breakParagraph();
    builder.appendFlow(u"d");
    builder.breakParagraph();
    QCOMPARE(builder.finish(DocumentType::Text).text, QStringLiteral("a\nb\n\nc\n\nd"));
}

void TestTextBuilder::offsetsOfPagesAndHeadings()
{
    TextBuilder builder({}, kSomeBytes);
    builder.beginPage();
    builder.beginHeading(1);
    builder.appendFlow(u" The  title ");
    builder.endHeading();
    builder.appendFlow(u"text");
    builder.beginPage(); // without text
    builder.beginPage();
    builder.beginHeading(3);
    builder.endHeading(); // without text: no heading
    builder.appendFlow(u"third");
    builder.beginPage(); // without text at the end
    const Extraction extraction = builder.finish(DocumentType::Pdf);

    QCOMPARE(extraction.text, QStringLiteral("The title\n\ntext\n\nthird"));
    const QList<qsizetype> pages{0, 17, 17, 22};
    QCOMPARE(extraction.structure.pageStarts, pages);
    QCOMPARE(extraction.structure.headings.size(), 1);
    const Heading expected{.level = 1, .charStart = 0, .title = QStringLiteral("The title")};
    QVERIFY(extraction.structure.headings.first() == expected);
}

void TestTextBuilder::cellsAndRows()
{
    TextBuilder builder({}, kSomeBytes);
    const auto cell = [&](QStringView text) {
        builder.beginCell();
        builder.appendFlow(text);
        builder.breakParagraph();
        builder.endCell();
    };
    builder.breakLine();
    cell(u"a");
    cell(u"");
    cell(u"c");
    builder.breakLine();
    cell(u"");
    cell(u"e");
    cell(u"");
    builder.breakParagraph();
    builder.beginCell();
    builder.appendFlow(u"two");
    builder.breakParagraph();
    builder.appendFlow(u"paragraphs");
    builder.endCell();
    QCOMPARE(builder.finish(DocumentType::Text).text,
             QStringLiteral("a\t\tc\n\te\n\ntwo paragraphs"));
}

void TestTextBuilder::items()
{
    TextBuilder builder({}, kSomeBytes);
    builder.beginItem(QStringLiteral("- "));
    builder.breakParagraph();
    builder.appendFlow(u"one");
    builder.endItem();
    builder.breakLine();
    builder.beginItem(QStringLiteral("- "));
    builder.endItem();
    builder.breakParagraph();
    builder.appendFlow(u"after");
    QCOMPARE(builder.finish(DocumentType::Text).text, QStringLiteral("- one\n\nafter"));
}

void TestTextBuilder::truncation_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<qsizetype>("length");
    QTest::addColumn<qsizetype>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::newRow("by length") << QStringLiteral("abcdef") << qsizetype(5) << qsizetype(99)
                               << QStringLiteral("abcde");
    QTest::newRow("by bytes") << QStringLiteral("äöü") << qsizetype(99) << qsizetype(5)
                              << QStringLiteral("äö");
    QTest::newRow("no half pair") << QStringLiteral("ab😀") << qsizetype(3) << qsizetype(99)
                                  << QStringLiteral("ab");
    QTest::newRow("no half pair by bytes")
        << QStringLiteral("ab😀") << qsizetype(99) << qsizetype(5) << QStringLiteral("ab");
}

void TestTextBuilder::truncation()
{
    QFETCH(const QString, given);
    QFETCH(const QString, expected);
    ExtractionLimits limits;
    QFETCH(const qsizetype, length);
    QFETCH(const qsizetype, bytes);
    limits.textLength = length;
    limits.textBytes = bytes;
    TextBuilder builder(limits, kSomeBytes);
    builder.appendVerbatim(given);
    builder.appendVerbatim(u"later");
    const Extraction extraction = builder.finish(DocumentType::Text);
    QCOMPARE(extraction.text, expected);
    QCOMPARE(extraction.outcome, Outcome::Truncated);
}

void TestTextBuilder::expansion()
{
    ExtractionLimits limits;
    limits.freeCharacters = 50;
    TextBuilder builder(limits, 1);
    builder.appendVerbatim(QString(50, QLatin1Char('x')));
    QVERIFY(!builder.isFull());
    builder.appendVerbatim(QString(200, QLatin1Char('x')));
    QVERIFY(builder.isFull());
    const Extraction extraction = builder.finish(DocumentType::Text);
    QCOMPARE(extraction.outcome, Outcome::Bomb);
    QVERIFY(extraction.text.isEmpty());
}

void TestTextBuilder::manyHeadings()
{
    ExtractionLimits limits;
    limits.headings = 2;
    limits.headingLength = 4;
    TextBuilder builder(limits, kSomeBytes);
    for (int i = 0; i < 5; ++i) {
        builder.beginHeading(1);
        builder.appendFlow(u"a long heading");
        builder.endHeading();
    }
    const Extraction extraction = builder.finish(DocumentType::Text);
    QCOMPARE(extraction.structure.headings.size(), 2);
    QCOMPARE(extraction.structure.headings.last().title.size(), 4);
    QCOMPARE(extraction.outcome, Outcome::Ok);
}

QTEST_GUILESS_MAIN(TestTextBuilder)
#include "tst_text_builder.moc"
