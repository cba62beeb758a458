#include "core/embed/tokenizer/pre_tokenizer.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace llmemory;
using namespace llmemory::embed;
using Json = nlohmann::json;

/// Every kind of pre-tokenizer that a tokenizer.json may name.
class TestPreTokenizer : public QObject
{
    Q_OBJECT

private slots:
    void splits_data();
    void splits();
};

void TestPreTokenizer::splits_data()
{
    QTest::addColumn<QByteArray>("description");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // separated by |
    const auto row =
        [](const char *name, const char *description, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(description) << QString::fromUtf8(text)
                                << QString::fromUtf8(expected);
        };
    row("BERT",
        R"({"type":"BertPreTokenizer"})",
        " don't,, 「a」\u00A0$5 ",
        "don|'|t|,|,|「|a|」|$|5");
    row("words", R"({"type":"Whitespace"})", "a_b1,, é-$ न\u093E", "a_b1|,,|é|-$|न\u093E");
    row("white space", R"({"type":"WhitespaceSplit"})", "\u2003a, b\n\nc", "a,|b|c");
    row("marks", R"({"type":"Metaspace"})", "a  b ", "▁a|▁|▁b|▁");
    row("marks, text begins with one", R"({"type":"Metaspace"})", " a", "▁a");
    row("marks, not first", R"({"type":"Metaspace","add_prefix_space":false})", "a b", "a|▁b");
    row("marks, no split", R"({"type":"Metaspace","split":false})", "a b", "▁a▁b");
    row("marks, first only",
        R"({"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
            {"type":"Metaspace","prepend_scheme":"first"}]})",
        "a b",
        "▁a|b");
    row("another mark", R"({"type":"Metaspace","replacement":"_"})", "a b", "_a|_b");
    row("bytes",
        R"({"type":"ByteLevel","add_prefix_space":false})",
        "Hello  I've 12é!\n",
        "Hello|Ġ|ĠI|'ve|Ġ12|Ã©|!|Ċ");
    row("bytes, space before", R"({"type":"ByteLevel"})", "a b", "Ġa|Ġb");
    row("bytes, no split",
        R"({"type":"ByteLevel","add_prefix_space":true,"use_regex":false})",
        "a b",
        "ĠaĠb");
    row("punctuation", R"({"type":"Punctuation"})", "a,!b", "a|,|!|b");
    row("punctuation together",
        R"({"type":"Punctuation","behavior":"Contiguous"})",
        ",a,!b.",
        ",|a|,!|b|.");
    row("punctuation gone", R"({"type":"Punctuation","behavior":"Removed"})", "a,!b.", "a|b");
    row("punctuation to the left",
        R"({"type":"Punctuation","behavior":"MergedWithPrevious"})",
        ",a,!b.",
        ",|a,|!|b.");
    row("punctuation to the right",
        R"({"type":"Punctuation","behavior":"MergedWithNext"})",
        ",a,!b.",
        ",a|,|!b|.");
    row("numbers", R"({"type":"Digits"})", "a12b3", "a|12|b|3");
    row("digits", R"({"type":"Digits","individual_digits":true})", "a12٣", "a|1|2|٣");
    row("fixed text",
        R"({"type":"Split","pattern":{"String":"."},"behavior":"Isolated"})",
        "a.b..",
        "a|.|b|.|.");
    row("pattern",
        R"({"type":"Split","pattern":{"Regex":"\\d{1,3}"},"behavior":"Removed"})",
        "a1234b",
        "a|b");
    row("pattern, inverted",
        R"({"type":"Split","pattern":{"Regex":"\\d{1,3}"},"behavior":"Removed","invert":true})",
        "a1234b5",
        "123|4|5");
    row("pattern of nothing",
        R"({"type":"Split","pattern":{"Regex":"x*"},"behavior":"Isolated"})",
        "axx𠮷",
        "a|xx|𠮷");
    row("delimiter", R"({"type":"CharDelimiterSplit","delimiter":";"})", ";a;;b", "a|b");
    row("sequence",
        R"({"type":"Sequence","pretokenizers":[{"type":"BertPreTokenizer"},{"type":"Metaspace","split":false}]})",
        "ab, c",
        "▁ab|▁,|▁c");
}

void TestPreTokenizer::splits()
{
    QFETCH(QByteArray, description);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto preTokenizer = makePreTokenizer(Json::parse(description.toStdString()));
    QVERIFY2(preTokenizer, preTokenizer ? "" : qPrintable(preTokenizer.error().message));
    Pieces pieces;
    Pieces spare;
    pieces.text = text.toStdU16String();
    pieces.add(0, pieces.text.size(), true);
    (*preTokenizer)->apply(pieces, spare);
    QStringList found;
    for (const Pieces::Span &span : pieces.spans)
        found << QString::fromStdU16String(std::u16string(pieces.at(span)));
    QCOMPARE(found.join(QLatin1Char('|')), expected);
    pieces.spans.clear();
    (*preTokenizer)->apply(pieces, spare); // nothing
    QVERIFY(pieces.spans.empty());
}

QTEST_GUILESS_MAIN(TestPreTokenizer)
#include "tst_pre_tokenizer.moc"
