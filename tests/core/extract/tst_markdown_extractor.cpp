#include "core/extract/markdown_extractor.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

class TestMarkdownExtractor : public QObject
{
    Q_OBJECT

private slots:
    void text_data();
    void text();
    void headings();
    void frontMatter_data();
    void frontMatter();
    void hostile_data();
    void hostile();
};

void TestMarkdownExtractor::text_data()
{
    QTest::addColumn<QByteArray>("markdown");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *tag, const char *markdown, const char *text) {
        QTest::newRow(tag) << QByteArray(markdown) << QString::fromUtf8(text);
    };
    row("emphasis",
        "some *emphasised* and **strong** and `code`",
        "some emphasised and strong and code");
    row("paragraphs", "one\ntwo\n\nthree\n", "one two\n\nthree");
    row("hard break", "one\\\ntwo", "one\ntwo");
    row("link and image", "[a link](https://example.org) ![a picture](p.png)", "a link a picture");
    row("bullets", "- one\n- two\n  - inner\n- three", "- one\n- two\n  - inner\n- three");
    row("loose bullets", "- one\n\n- two\n\nafter", "- one\n\n- two\n\nafter");
    row("numbers", "3. three\n4. four", "3. three\n4. four");
    row("code block",
        "before\n\n```c\nint  x;\n  y;\n```\n\nafter",
        "before\n\nint  x;\n  y;\n\nafter");
    row("table", "| a | b |\n|---|---|\n| 1 |  |\n| 3 | 4 |", "a\tb\n1\n3\t4");
    row("quote", "> quoted\n\nafter", "quoted\n\nafter");
    row("entities", "a &amp; b &#228; &euro; &nosuchthing;", "a & b ä € &nosuchthing;");
    row("inline markup", "a <b>bold</b> word", "a bold word");
    row("block of markup",
        "before\n\n<div>\n<p>inside <i>it</i></p>\n<script>x()</script>\n</div>\n\nafter",
        "before\n\ninside it\n\nafter");
    row("windows line ends", "# T\r\n\r\none\r\n\r\ntwo\r\n", "T\n\none\n\ntwo");
    row("no markup", "just text", "just text");
}

void TestMarkdownExtractor::text()
{
    QFETCH(const QByteArray, markdown);
    QFETCH(const QString, text);
    const Extraction extraction = MarkdownExtractor().extract(markdown, {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    QCOMPARE(extraction.text, text);
    QCOMPARE(extraction.type, DocumentType::Markdown);
}

void TestMarkdownExtractor::headings()
{
    const Extraction extraction = MarkdownExtractor().extract(
        "intro\n\n## Second *level*\n\ntext\n\nTitle\n=====\n\n### `c`\n", {});
    const QList<Heading> expected{
        {.level = 2, .charStart = 7, .title = QStringLiteral("Second level")},
        {.level = 1, .charStart = 27, .title = QStringLiteral("Title")},
        {.level = 3, .charStart = 34, .title = QStringLiteral("c")},
    };
    QVERIFY(extraction.structure.headings == expected);
    QCOMPARE(extraction.title, QStringLiteral("Title"));
    for (const Heading &heading : expected)
        QVERIFY(QStringView(extraction.text).sliced(heading.charStart).startsWith(heading.title));
}

void TestMarkdownExtractor::frontMatter_data()
{
    QTest::addColumn<QByteArray>("markdown");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << QByteArray("---\ntitle: A note\ndate: 2024-05-01\n---\nwords")
                           << QStringLiteral("A note") << QStringLiteral("words");
    QTest::newRow("quoted") << QByteArray("---\r\ntitle: \"A: note\"\r\n---\r\n# H\n")
                            << QStringLiteral("A: note") << QStringLiteral("H");
    QTest::newRow("a rule is none")
        << QByteArray("---\n\nwords") << QString() << QStringLiteral("words");
    QTest::newRow("not at the start") << QByteArray("words\n\n---\ntitle: x\n---\n") << QString()
                                      << QStringLiteral("words\n\ntitle: x");
}

void TestMarkdownExtractor::frontMatter()
{
    QFETCH(const QByteArray, markdown);
    QFETCH(const QString, title);
    QFETCH(const QString, text);
    const Extraction extraction = MarkdownExtractor().extract(markdown, {});
    QCOMPARE(extraction.title, title);
    QCOMPARE(extraction.text, text);
}

void TestMarkdownExtractor::hostile_data()
{
    QTest::addColumn<QByteArray>("markdown");
    QTest::newRow("quotes in quotes") << QByteArrayLiteral("> ").repeated(20'000) + "x";
    QTest::newRow("brackets") << QByteArrayLiteral("[").repeated(50'000);
    QTest::newRow("emphasis") << QByteArrayLiteral("*a_ ").repeated(50'000);
    QTest::newRow("elements in elements") << QByteArrayLiteral("<div>").repeated(50'000) + "x";
    QTest::newRow("invalid UTF-8") << QByteArrayLiteral("# a\xff\xfe\xc3\n\nb\xe4");
}

void TestMarkdownExtractor::hostile()
{
    QFETCH(const QByteArray, markdown);
    const Extraction extraction = MarkdownExtractor().extract(markdown, {});
    QVERIFY(extraction.hasText());
}

QTEST_GUILESS_MAIN(TestMarkdownExtractor)
#include "tst_markdown_extractor.moc"
