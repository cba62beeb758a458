#include "core/extract/pdf_extractor.h"
#include "core/extract/pdf_string.h"
#include "core/testing/verify_result.h"
#include "tests/core/extract/pdf_fixture.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;
using llmemory::testing::PdfFixture;

class TestPdfExtractor : public QObject
{
    Q_OBJECT

private slots:
    void pagesAndFacts();
    void outline();
    void withoutText();
    void encrypted();
    void damaged_data();
    void damaged();
    void tooManyPages();
    void strings_data();
    void strings();
};

void TestPdfExtractor::pagesAndFacts()
{
    const PdfFixture pdf{
        .pages = {"First page\nsecond line", "", "Third page"},
        .info = "/Title (A title) /Author (A. Nonym) /CreationDate (D:20240501120000Z)"};
    const Extraction extraction = PdfExtractor().extract(pdf.toPdf(), {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    QCOMPARE(extraction.text, QStringLiteral("First page\nsecond line\n\nThird page"));
    const QList<qsizetype> pages{0, 24, 24};
    QCOMPARE(extraction.structure.pageStarts, pages);
    QCOMPARE(extraction.type, DocumentType::Pdf);
    QCOMPARE(extraction.title, QStringLiteral("A title"));
    QCOMPARE(toQString(extraction.metadata["author"]), QStringLiteral("A. Nonym"));
    QCOMPARE(toQString(extraction.metadata["created"]), QStringLiteral("2024-05-01T12:00:00Z"));
    QCOMPARE(extraction.metadata["pages"].get<int>(), 3);
}

void TestPdfExtractor::outline()
{
    const PdfFixture pdf{.pages = {"Intro\nwords", "before\nThe Heading\nwords", "other words"},
                         .outline = {"Intro", "the heading", "Not in the text"}};
    const Extraction extraction = PdfExtractor().extract(pdf.toPdf(), {});
    const QList<Heading> expected{
        {.level = 1, .charStart = 0, .title = QStringLiteral("Intro")},
        {.level = 1,
         .charStart = extraction.text.indexOf(QLatin1String("The Heading")),
         .title = QStringLiteral("the heading")},
        {.level = 1,
         .charStart = extraction.structure.pageStarts.value(2),
         .title = QStringLiteral("Not in the text")},
    };
    QVERIFY(extraction.structure.headings == expected);
}

void TestPdfExtractor::withoutText()
{
    const Extraction extraction = PdfExtractor().extract(PdfFixture{.pages = {"", ""}}.toPdf(), {});
    QCOMPARE(extraction.outcome, Outcome::Empty);
    QCOMPARE(extraction.reason, QStringLiteral("scan"));
}

void TestPdfExtractor::encrypted()
{
    const QByteArray bytes(32, 'x');
    const PdfFixture pdf{.pages = {"secret"},
                         .encryption = "/Filter /Standard /V 1 /R 2 /P -4 /O (" + bytes + ") /U (" +
                                       bytes + ")"};
    const Extraction extraction = PdfExtractor().extract(pdf.toPdf(), {});
    QCOMPARE(extraction.outcome, Outcome::Encrypted);
    QVERIFY(extraction.text.isEmpty());
}

void TestPdfExtractor::damaged_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("header only") << QByteArray("%PDF-1.7\n");
    QTest::newRow("no PDF") << QByteArray("words");
    QTest::newRow("no pages") << PdfFixture{}.toPdf();
    QTest::newRow("cut") << PdfFixture{.pages = {"words"}}.toPdf().left(60);
    QTest::newRow("zeros") << QByteArray("%PDF-1.7\n") + QByteArray(100'000, '\0');
}

void TestPdfExtractor::damaged()
{
    QFETCH(const QByteArray, content);
    const Extraction extraction = PdfExtractor().extract(content, {});
    QCOMPARE(extraction.outcome, Outcome::Damaged);
    QVERIFY(extraction.text.isEmpty());
}

void TestPdfExtractor::tooManyPages()
{
    ExtractionLimits limits;
    limits.pdfPages = 2;
    const Extraction extraction =
        PdfExtractor().extract(PdfFixture{.pages = {"a", "b", "c"}}.toPdf(), limits);
    QCOMPARE(extraction.outcome, Outcome::Truncated);
    QCOMPARE(extraction.reason, QStringLiteral("pages"));
    QCOMPARE(extraction.text, QStringLiteral("a\n\nb"));
    QCOMPARE(extraction.structure.pageStarts.size(), 2);
}

void TestPdfExtractor::strings_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << QStringLiteral("Größe") << QStringLiteral("Größe");
    QTest::newRow("not of that encoding")
        << QStringLiteral("\u00ef\u00bb\u00bfGr漢") << QStringLiteral("\u00ef\u00bb\u00bfGr漢");
    QTest::newRow("umlaut") << QStringLiteral("\u00ef\u00bb\u00bf\u00c3\u00a4")
                            << QStringLiteral("ä");
    // E2 82 AC, whose second byte is U+201E there.
    QTest::newRow("where the encodings differ")
        << QStringLiteral("\u00ef\u00bb\u00bf\u00e2\u2020\u00ac") << QStringLiteral("\u206c");
    QTest::newRow("mark alone") << QStringLiteral("\u00ef\u00bb\u00bf") << QString();
}

void TestPdfExtractor::strings()
{
    QFETCH(const QString, given);
    QFETCH(const QString, expected);
    QCOMPARE(pdfString(given), expected);
}

QTEST_GUILESS_MAIN(TestPdfExtractor)
#include "tst_pdf_extractor.moc"
