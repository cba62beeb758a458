#include "core/extract/html_extractor.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

class TestHtmlExtractor : public QObject
{
    Q_OBJECT

private slots:
    void text_data();
    void text();
    void headings();
    void facts();
    void encoding_data();
    void encoding();
    void deepNesting_data();
    void deepNesting();
    void withoutText();
};

void TestHtmlExtractor::text_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *tag, const char *html, const char *text) {
        QTest::newRow(tag) << QByteArray(html) << QString::fromUtf8(text);
    };
    row("paragraphs", "<p>one\n two</p><p>three", "one two\n\nthree");
    row("inline elements", "a<b>b</b> <i>c</i>d", "ab cd");
    row("line break", "one<br>two", "one\ntwo");
    row("lines", "<div>one</div><div>two</div>", "one\ntwo");
    row("entities", "a &amp; b&nbsp;c &euro;", "a & b c €");
    row("list",
        "<ul><li>one<li><p>two</p><ul><li>inner</ul></ul>after",
        "- one\n- two\n  - inner\n\nafter");
    row("table", "<table><tr><th>a<th>b<tr><td>1<td><p>2</p></table>", "a\tb\n1\t2");
    row("page laid out by a table",
        "<table><tr><td><h1>T</h1><p>one</p><p>two</p></table>",
        "T\n\none\n\ntwo");
    row("preformatted", "<pre>a\n  b\n</pre>after", "a\n  b\n\nafter");
    row("scripts and styles",
        "<style>p{}</style><p>one<script>if (a</p>b) x();</script></p>two",
        "one\n\ntwo");
    row("script with markup", "<script>document.write('<p>no</p>')</script>yes", "yes");
    row("comment", "a<!-- <p>no</p> -->b", "ab");
    row("navigation", "<nav><a>Home</a></nav><main>text</main>", "text");
    row("form controls", "<select><option>no</select><button>no</button>text", "text");
    row("hidden",
        "<p hidden>no</p><p style='display: none'>no</p><p aria-hidden=true>no</p>yes",
        "yes");
    row("alternative text", "<img src=x alt='A picture'> of it", "A picture of it");
    row("template", "<template><p>no</p></template>yes", "yes");
    row("greater-than in an attribute", "<p title='a>b'>text</p>", "text");
    row("unclosed tag at the end", "text<p title='", "text");
    row("no markup", "1 < 2 and 3 > 2", "1 < 2 and 3 > 2");
}

void TestHtmlExtractor::text()
{
    QFETCH(const QByteArray, html);
    QFETCH(const QString, text);
    const Extraction extraction = HtmlExtractor().extract(html, {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    QCOMPARE(extraction.text, text);
}

void TestHtmlExtractor::headings()
{
    const Extraction extraction = HtmlExtractor().extract(
        "<h2>Before</h2><p>text</p><h1>The <em>title</em></h1><h6>deep</h6>", {});
    const QList<Heading> expected{
        {.level = 2, .charStart = 0, .title = QStringLiteral("Before")},
        {.level = 1, .charStart = 14, .title = QStringLiteral("The title")},
        {.level = 6, .charStart = 25, .title = QStringLiteral("deep")},
    };
    QVERIFY(extraction.structure.headings == expected);
    QCOMPARE(extraction.title, QStringLiteral("The title"));
}

void TestHtmlExtractor::facts()
{
    const Extraction extraction = HtmlExtractor().extract(
        "<html lang=de><head><title> Ein\n Titel </title><meta name=Author content='A. Nonym'>"
        "<meta name=description content='Kurz'></head><body><h1>Anders</h1></body></html>",
        {});
    QCOMPARE(extraction.title, QStringLiteral("Ein Titel"));
    QCOMPARE(toQString(extraction.metadata["author"]), QStringLiteral("A. Nonym"));
    QCOMPARE(toQString(extraction.metadata["description"]), QStringLiteral("Kurz"));
    QCOMPARE(toQString(extraction.metadata["language"]), QStringLiteral("de"));
    QCOMPARE(extraction.text, QStringLiteral("Anders"));
    QCOMPARE(extraction.type, DocumentType::Html);
}

void TestHtmlExtractor::encoding_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QString>("text");
    QTest::newRow("meta charset") << QByteArray("<meta charset=windows-1251><p>\xe4\xf6")
                                  << QStringLiteral("дц");
    QTest::newRow("meta http-equiv")
        << QByteArray(
               "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=iso-8859-7'><p>\xe4")
        << QStringLiteral("δ");
    QTest::newRow("xml declaration")
        << QByteArray("<?xml version='1.0' encoding='iso-8859-1'?><p>\xe4") << QStringLiteral("ä");
    QTest::newRow("mark beats meta")
        << QByteArray("\xef\xbb\xbf<meta charset=windows-1251><p>\xc3\xa4") << QStringLiteral("ä");
    QTest::newRow("none") << QByteArray("<p>\xc3\xa4") << QStringLiteral("ä");
}

void TestHtmlExtractor::encoding()
{
    QFETCH(const QByteArray, html);
    QFETCH(const QString, text);
    QCOMPARE(HtmlExtractor().extract(html, {}).text, text);
}

void TestHtmlExtractor::deepNesting_data()
{
    QTest::addColumn<QByteArray>("open");
    QTest::addColumn<QByteArray>("close");
    QTest::newRow("div") << QByteArray("<div>") << QByteArray("</div>");
    QTest::newRow("unclosed") << QByteArray("<span>") << QByteArray();
    QTest::newRow("unknown element") << QByteArray("<x-y a='1'>") << QByteArray("</x-y>");
    QTest::newRow("lists") << QByteArray("<ul><li>") << QByteArray("</li></ul>");
    QTest::newRow("tables") << QByteArray("<table><tr><td>") << QByteArray("</td></tr></table>");
    QTest::newRow("in a formula") << QByteArray("<math><mrow><td>") << QByteArray();
}

void TestHtmlExtractor::deepNesting()
{
    QFETCH(const QByteArray, open);
    QFETCH(const QByteArray, close);
    static constexpr int kDepth = 50'000;
    const QByteArray html = "<p>start</p>" + open.repeated(kDepth) + "<p>inside</p>" +
                            close.repeated(kDepth) + "<p>end</p>";
    const Extraction extraction = HtmlExtractor().extract(html, {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    for (const char *part : {"start", "inside", "end"})
        QVERIFY2(extraction.text.contains(QLatin1String(part)), part);
}

void TestHtmlExtractor::withoutText()
{
    QCOMPARE(HtmlExtractor().extract("<html><body><script>x</script></body></html>", {}).outcome,
             Outcome::Empty);
    QCOMPARE(HtmlExtractor().extract(QByteArray("<p>\0</p>", 8), {}).outcome, Outcome::Unsupported);
}

QTEST_GUILESS_MAIN(TestHtmlExtractor)
#include "tst_html_extractor.moc"
