// Real documents by many programs, through the real worker.

#include "core/extract/extraction_process.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

class TestExtractionCorpus : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void outcome_data();
    void outcome();
    void everyFileIsListed();
    void pageOffsets();
    void outlineOfABook();
    void documentHeadings();

private:
    Extraction extract(const QString &name) const
    {
        return ExtractionProcess(QStringLiteral(REAL_WORKER)).extract(m_folder.filePath(name));
    }

    static QString sharedFolder()
    {
        const QString given = qEnvironmentVariable("LLMEMORY_SHARED");
        return given.isEmpty() ? QStringLiteral(QT_TESTCASE_SOURCEDIR "/../../../../shared")
                               : given;
    }

    struct Expectation
    {
        const char *file;
        const char *outcome;
        const char *contains; ///< a passage of the text
    };
    static const QList<Expectation> &expectations();

    QDir m_folder = QDir(sharedFolder() + QStringLiteral("/corpus"));
};

const QList<TestExtractionCorpus::Expectation> &TestExtractionCorpus::expectations()
{
    static const QList<Expectation> list{
        {"002-trivial-libre-office-writer.pdf", "ok", ""},
        {"GeoTopo-komprimiert.pdf",
         "ok",
         "Definition 10\nEin topologischer Raum X heißt hausdorffsch"},
        {"HeaderFooterUnicode.docx",
         "ok",
         "Now, we’ll have some French text, in bold and big:\n\nMolière"},
        {"PDF 2.0 UTF-8 string and annotation.pdf", "empty", ""},
        {"PDF 2.0 image with BPC.pdf", "ok", ""},
        {"README.md", "ok", "file\tbytes\tnote"},
        {"Simple PDF 2.0 file.pdf", "ok", "Hello World"},
        {"attachment_only_email.eml", "unsupported", ""},
        {"bad14.pdf", "ok", "Potato"},
        {"basic_email.eml", "unsupported", ""},
        {"blk-containing-table.docx", "empty", ""},
        {"bug53475-password-is-solrcell.docx", "encrypted", ""},
        {"doc-default.docx", "empty", ""},
        {"docx_comments.docx", "ok", ""},
        {"empty.txt", "empty", ""},
        {"eng_spa_mult.odt", "unsupported", ""},
        {"example_01.html",
         "ok",
         "- First item in unordered list\n- Second item in unordered list"},
        {"example_03.html", "ok", "Header 1\tHeader 2\tHeader 3\nRow 1, Col 1\tRow 1, Col 2"},
        {"fake-doc.rtf", "unsupported", ""},
        {"fake-text-utf-16.txt", "ok", "Doylestown, PA 18901"},
        {"fake.odt", "unsupported", ""},
        {"footnotes.docx", "ok", "Eto ochen prostoy[1] text so snoskoy\n\n[1] snoska"},
        {"formatting.html", "ok", "Water is written as H2O using sub."},
        {"google-doc-document.pdf", "ok", ""},
        {"habibi.pdf", "ok", "habibi"},
        {"having-images.docx", "empty", ""},
        {"html_rich_table_cells.html", "ok", "Mallard\tPonds, lakes, rivers\tQuack"},
        {"imagemagick-images.pdf", "ok", "Background"},
        {"japanese.eml", "unsupported", ""},
        {"japanese.txt", "ok", "ISO-2022-JP"},
        {"libreoffice-writer-password.pdf", "encrypted", ""},
        {"lorem_ipsum.docx", "ok", "Lorem ipsum"},
        {"minimal-document.pdf", "ok", ""},
        {"minimal.pdf", "ok", "Potato"},
        {"multicolumn.pdf", "ok", ""},
        {"pdf20-utf8-test.pdf", "ok", "PDF 2.0 with UTF-8 test file"},
        {"pdflatex-4-pages.pdf", "ok", "“Huardest gefburn”? Kjift – not at all!"},
        {"pdflatex-forms.pdf", "ok", ""},
        {"pdflatex-outline.pdf", "ok", "1 Foo\nHello, here is some text"},
        {"raw_email_reply.eml", "unsupported", ""},
        {"raw_email_with_nested_attachment.eml", "unsupported", ""},
        {"russian.cp866.txt", "ok", "Однажды, в студеную зимнюю пору"},
        {"simple-multipart.eml", "unsupported", ""},
        {"simple.mbox", "unsupported", ""},
        {"spec.txt", "ok", "title: CommonMark Spec"},
        {"stanley-cups.csv", "ok", "Maple Leafs,TOR,13"},
        {"test.docx", "ok", ""},
        {"testHTMLNoisyMetaEncoding_1.html", "ok", ""},
        {"testHTML_utf8.html", "ok", "åäö"},
        {"testStyles.odt", "unsupported", ""},
        {"testTXT_win-1252.txt", "ok", "this is a “windows” encoding"},
        {"unit_test_headers_numbered.docx", "ok", "- Appendix A: Glossary\n- Section A.1"},
        {"winter-sports.epub", "unsupported", ""},
        {"with-attachment.pdf", "ok", ""},
        {"word_sample.docx", "ok", "Swimming in the lake"},
        {"word_tables.docx",
         "ok",
         "Header 0.0\tHeader 0.1\tHeader 0.2\nCell 1.0\tCell 1.1\tCell 1.2"},
    };
    return list;
}

void TestExtractionCorpus::initTestCase()
{
    if (!m_folder.exists())
        QSKIP("The shared sample documents are not here.");
}

void TestExtractionCorpus::outcome_data()
{
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("contains");
    for (const Expectation &expectation : expectations())
        QTest::newRow(expectation.file)
            << QString::fromLatin1(expectation.outcome) << QString::fromUtf8(expectation.contains);
}

void TestExtractionCorpus::outcome()
{
    QFETCH(const QString, outcome);
    QFETCH(const QString, contains);
    const QString name = QString::fromUtf8(QTest::currentDataTag());
    const Extraction extraction = extract(name);
    QCOMPARE(toString(extraction.outcome), outcome);
    QVERIFY2(extraction.text.contains(contains), qUtf8Printable(extraction.text.left(500)));
    QCOMPARE(extraction.reason.isEmpty(), extraction.outcome == Outcome::Ok);
    for (const Heading &heading : extraction.structure.headings)
        QVERIFY(heading.charStart < extraction.text.size());
}

void TestExtractionCorpus::everyFileIsListed()
{
    QStringList listed;
    for (const Expectation &expectation : expectations())
        listed << QString::fromUtf8(expectation.file);
    const QStringList present = m_folder.entryList(QDir::Files);
    for (const QString &name : present)
        QVERIFY2(listed.contains(name), qUtf8Printable(name));
}

void TestExtractionCorpus::pageOffsets()
{
    const Extraction extraction = extract(QStringLiteral("pdflatex-4-pages.pdf"));
    const QList<qsizetype> &starts = extraction.structure.pageStarts;
    QCOMPARE(starts.size(), 4);
    QCOMPARE(starts.first(), 0);
    // Every page ends in its printed number, with an empty line before the next.
    for (int page = 1; page < 4; ++page) {
        const QString before = extraction.text.left(starts[page]);
        QVERIFY(
            before.endsWith(QLatin1Char('\n') + QString::number(page) + QStringLiteral("\n\n")));
    }
    QVERIFY(extraction.text.endsWith(QStringLiteral("\n4")));
}

void TestExtractionCorpus::outlineOfABook()
{
    const Extraction extraction = extract(QStringLiteral("GeoTopo-komprimiert.pdf"));
    QCOMPARE(extraction.structure.pageStarts.size(), 117);
    QCOMPARE(extraction.title, QStringLiteral("Geometrie und Topologie"));
    const QList<Heading> &headings = extraction.structure.headings;
    QVERIFY(headings.size() > 30);
    QCOMPARE(headings.at(1).level, 2);
    QCOMPARE(headings.at(1).title, QStringLiteral("1.1 Topologische Räume"));
    QVERIFY(QStringView(extraction.text)
                .sliced(headings.at(1).charStart)
                .startsWith(headings.at(1).title));
}

void TestExtractionCorpus::documentHeadings()
{
    const Extraction extraction = extract(QStringLiteral("unit_test_headers_numbered.docx"));
    QStringList found;
    for (const Heading &heading : extraction.structure.headings) {
        QVERIFY(QStringView(extraction.text).sliced(heading.charStart).startsWith(heading.title));
        found << QString::number(heading.level) + QLatin1Char(' ') + heading.title;
    }
    const QStringList expected{QStringLiteral("1 Section 1"),
                               QStringLiteral("2 Section 1.1"),
                               QStringLiteral("2 Section 1.2"),
                               QStringLiteral("3 Section 1.2.3"),
                               QStringLiteral("1 Section 2"),
                               QStringLiteral("3 Section 2.1.1"),
                               QStringLiteral("2 Section 2.1"),
                               QStringLiteral("2 REFERENCES")};
    QCOMPARE(found, expected);
    QCOMPARE(extraction.title, QStringLiteral("Test Document"));
}

QTEST_GUILESS_MAIN(TestExtractionCorpus)
#include "tst_extraction_corpus.moc"
