#include "core/extract/docx_extractor.h"
#include "core/testing/verify_result.h"
#include "tests/core/extract/zip_fixture.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;
using llmemory::testing::docxOf;
using llmemory::testing::zipOf;

namespace {

QByteArray paragraph(const QByteArray &text, const QByteArray &properties = {})
{
    return "<w:p><w:pPr>" + properties + "</w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

QByteArray part(const QByteArray &element, const QByteArray &content)
{
    return "<w:" + element +
           " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">" + content +
           "</w:" + element + ">";
}

} // namespace

class TestDocxExtractor : public QObject
{
    Q_OBJECT

private slots:
    void text_data();
    void text();
    void headings();
    void notesHeadersAndFooters();
    void facts();
    void refused_data();
    void refused();
};

void TestDocxExtractor::text_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *tag, const QByteArray &body, const char *text) {
        QTest::newRow(tag) << body << QString::fromUtf8(text);
    };
    row("paragraphs", paragraph("one") + paragraph("") + paragraph("two"), "one\n\ntwo");
    row("runs",
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:t xml:space=\"preserve\"> b</w:t></w:r></w:p>",
        "a b");
    row("breaks and tabs",
        "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</"
        "w:t></w:r></w:p>",
        "a\nb c-d");
    row("list",
        paragraph("before") + paragraph("one", "<w:numPr/>") + paragraph("two", "<w:numPr/>") +
            paragraph("after"),
        "before\n\n- one\n- two\n\nafter");
    row("table",
        "<w:tbl><w:tr><w:tc>" + paragraph("a") + "</w:tc><w:tc>" + paragraph("b") + paragraph("c") +
            "</w:tc></w:tr><w:tr><w:tc>" + paragraph("d") + "</w:tc><w:tc>" + paragraph("e") +
            "</w:tc></w:tr></w:tbl>",
        "a\tb c\nd\te");
    row("deleted text",
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></"
        "w:p>",
        "kept");
    row("field codes",
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>",
        "7");
    row("second rendering",
        "<w:p><AlternateContent><Choice>" + paragraph("once") + "</Choice><Fallback>" +
            paragraph("once") + "</Fallback></AlternateContent></w:p>",
        "once");
    row("entities", paragraph("a &lt; b &amp; &#228;"), "a < b & ä");
}

void TestDocxExtractor::text()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, text);
    const Extraction extraction = DocxExtractor().extract(docxOf(body), {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    QCOMPARE(extraction.text, text);
    QCOMPARE(extraction.type, DocumentType::Docx);
}

void TestDocxExtractor::headings()
{
    const QByteArray styles = part(
        "styles",
        "<w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>"
        "<w:style w:styleId=\"Own\"><w:name w:val=\"My heading\"/><w:basedOn "
        "w:val=\"Outlined\"/></w:style>"
        "<w:style w:styleId=\"Outlined\"><w:name w:val=\"x\"/><w:pPr><w:outlineLvl "
        "w:val=\"2\"/></w:pPr></w:style>"
        "<w:style w:styleId=\"Loop\"><w:name w:val=\"y\"/><w:basedOn w:val=\"Loop\"/></w:style>"
        "<w:style w:styleId=\"Titel\"><w:name w:val=\"Title\"/></w:style>");
    const QByteArray body =
        paragraph("The title", "<w:pStyle w:val=\"Titel\"/>") +
        paragraph("By name", "<w:pStyle w:val=\"berschrift1\"/>") +
        paragraph("By style", "<w:pStyle w:val=\"Own\"/>") +
        paragraph("none", "<w:pStyle w:val=\"Loop\"/>") +
        paragraph("By itself", "<w:outlineLvl w:val=\"1\"/>") +
        paragraph("not any more", "<w:pStyle w:val=\"berschrift1\"/><w:outlineLvl w:val=\"9\"/>");
    const Extraction extraction =
        DocxExtractor().extract(docxOf(body, {{.name = "word/styles.xml", .content = styles}}), {});
    const QList<Heading> expected{
        {.level = 1, .charStart = 11, .title = QStringLiteral("By name")},
        {.level = 3, .charStart = 20, .title = QStringLiteral("By style")},
        {.level = 2, .charStart = 36, .title = QStringLiteral("By itself")},
    };
    QVERIFY(extraction.structure.headings == expected);
    QCOMPARE(extraction.title, QStringLiteral("The title"));
    for (const Heading &heading : expected)
        QVERIFY(QStringView(extraction.text).sliced(heading.charStart).startsWith(heading.title));
}

void TestDocxExtractor::notesHeadersAndFooters()
{
    const QByteArray body = "<w:p><w:r><w:t>text</w:t><w:footnoteReference "
                            "w:id=\"5\"/><w:endnoteReference w:id=\"5\"/></w:r></w:p>";
    const QByteArray notes =
        part("footnotes",
             "<w:footnote w:id=\"0\">" + paragraph("separator") + "</w:footnote>" +
                 "<w:footnote w:id=\"5\">" + paragraph("a note") + "</w:footnote>");
    const QByteArray endnotes =
        part("endnotes", "<w:endnote w:id=\"5\">" + paragraph("at the end") + "</w:endnote>");
    const QByteArray header = part("hdr", paragraph("header"));
    const Extraction extraction = DocxExtractor().extract(
        docxOf(body,
               {{.name = "word/footnotes.xml", .content = notes},
                {.name = "word/endnotes.xml", .content = endnotes},
                {.name = "word/header1.xml", .content = header},
                {.name = "word/header2.xml", .content = header},
                {.name = "word/footer1.xml", .content = part("ftr", paragraph("footer"))}}),
        {});
    QCOMPARE(extraction.text,
             QStringLiteral("header\n\ntext[1][2]\n\n[1] a note\n\n[2] at the end\n\nfooter"));
}

void TestDocxExtractor::facts()
{
    const QByteArray core =
        "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:title>A title</dc:title>"
        "<dc:creator>A. Nonym</dc:creator></cp:coreProperties>";
    const Extraction extraction = DocxExtractor().extract(
        docxOf(paragraph("text"), {{.name = "docProps/core.xml", .content = core}}), {});
    QCOMPARE(extraction.title, QStringLiteral("A title"));
    QCOMPARE(toQString(extraction.metadata["author"]), QStringLiteral("A. Nonym"));
}

void TestDocxExtractor::refused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("reason");

    const QByteArray entities =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
    const QByteArray ole("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    const QString name = QStringLiteral("EncryptedPackage");
    const QByteArray utf16(reinterpret_cast<const char *>(name.utf16()), name.size() * 2);
    const auto row = [](const char *tag,
                        const QByteArray &content,
                        const char *outcome,
                        const char *reason = "") {
        QTest::newRow(tag) << content << QString::fromLatin1(outcome)
                           << QString::fromLatin1(reason);
    };
    row("DOCTYPE",
        zipOf({{.name = "word/document.xml", .content = entities}}),
        "damaged",
        "doctype");
    row("not well-formed", docxOf("<w:p><w:r><w:t>a</w:r>"), "damaged");
    row("no document inside", zipOf({{.name = "content.xml", .content = "<a/>"}}), "damaged");
    row("no archive", "words", "damaged");
    row("cut", docxOf(paragraph("text")).chopped(40), "damaged");
    row("nested too deep",
        docxOf(QByteArrayLiteral("<w:x>").repeated(300) +
               QByteArrayLiteral("</w:x>").repeated(300)),
        "bomb",
        "nesting");
    row("packed too well", docxOf(paragraph(QByteArray(5'000'000, 'a'))), "bomb");
    row("password", ole + QByteArray(512, '\0') + utf16, "encrypted");
    row("old document under this name", ole + QByteArray(512, '\0'), "damaged");
    row("no text", docxOf(paragraph("")), "empty");
}

void TestDocxExtractor::refused()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, outcome);
    QFETCH(const QString, reason);
    const Extraction extraction = DocxExtractor().extract(content, {});
    QCOMPARE(toString(extraction.outcome), outcome);
    QCOMPARE(extraction.reason, reason);
    QVERIFY(extraction.text.isEmpty());
}

QTEST_GUILESS_MAIN(TestDocxExtractor)
#include "tst_docx_extractor.moc"
