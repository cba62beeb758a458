#include "charsmap.h"
#include "core/embed/tokenizer/normalizer.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace llmemory;
using namespace llmemory::embed;
using Json = nlohmann::json;

/// Every kind of normalizer that a tokenizer.json may name.
class TestNormalizer : public QObject
{
    Q_OBJECT

private slots:
    void normalizes_data();
    void normalizes();
    void charsmap();
    void damagedCharsmaps();
};

void TestNormalizer::normalizes_data()
{
    QTest::addColumn<QByteArray>("description");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row =
        [](const char *name, const char *description, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(description) << QString::fromUtf8(text)
                                << QString::fromUtf8(expected);
        };
    row("nothing", "null", "Ab", "Ab");
    row("BERT", R"({"type":"BertNormalizer"})", "É\tA\u0001\u200Bß北x\uFFFD", "e aß 北 x");
    row("BERT, accents stay with case",
        R"({"type":"BertNormalizer","lowercase":false,"strip_accents":null})",
        "É北",
        "É 北 ");
    row("BERT, accents stay", R"({"type":"BertNormalizer","strip_accents":false})", "ÉA", "éa");
    row("BERT, nothing",
        R"({"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":false,
            "lowercase":false,"strip_accents":false})",
        "É\t北",
        "É\t北");
    row("NFC", R"({"type":"NFC"})", "e\u0301ﬁ", "éﬁ");
    row("NFD", R"({"type":"NFD"})", "éﬁ", "e\u0301ﬁ");
    row("NFKC", R"({"type":"NFKC"})", "e\u0301ﬁＡ\u00A0", "éfiA ");
    row("NFKD", R"({"type":"NFKD"})", "éﬁ½", "e\u0301fi1⁄2");
    row("lower case", R"({"type":"Lowercase"})", "ÄİΣ𐐀Z", "äi\u0307σ𐐨z");
    row("accents", R"({"type":"StripAccents"})", "e\u0301é\u0903", "eé");
    row("strip", R"({"type":"Strip"})", "\u00A0 a b\n", "a b");
    row("strip left", R"({"type":"Strip","strip_left":true,"strip_right":false})", " a ", "a ");
    row("prepend", R"({"type":"Prepend","prepend":"▁"})", "a", "▁a");
    row("prepend to nothing", R"({"type":"Prepend","prepend":"▁"})", "", "");
    row("nmt", R"({"type":"Nmt"})", "a\u0001b\tc\u200Bd▁e", "ab c d e");
    row("replace",
        R"({"type":"Replace","pattern":{"String":"aa"},"content":"b$1"})",
        "aaaab",
        "b$1b$1b");
    row("replace by a pattern",
        R"({"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "})",
        "a \n\u2003b ",
        "a b ");
    row("replace what is empty",
        R"({"type":"Replace","pattern":{"Regex":"x*"},"content":"-"})",
        "axb",
        "-a--b-");
    row("bytes", R"({"type":"ByteLevel"})", "a é\n", "aĠÃ©Ċ");
    row("sequence",
        R"({"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]})",
        "ＡB",
        "ab");
}

void TestNormalizer::normalizes()
{
    QFETCH(QByteArray, description);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto normalizer = makeNormalizer(Json::parse(description.toStdString()));
    QVERIFY2(normalizer, normalizer ? "" : qPrintable(normalizer.error().message));
    std::u16string result = text.toStdU16String();
    std::u16string spare;
    if (*normalizer)
        (*normalizer)->apply(result, spare);
    QCOMPARE(QString::fromStdU16String(result), expected);
}

void TestNormalizer::charsmap()
{
    const CharsmapBuilder map({{"\t", " "},
                               {"ﬁ", "fi"},
                               {"①", "1"},
                               {"e\u0301", "é"},
                               {"q", ""},
                               {"が", "が"},
                               {"\r\n", "-"}});
    const auto normalizer = makeNormalizer(
        {{"type", "Precompiled"}, {"precompiled_charsmap", map.base64().toStdString()}});
    QVERIFY2(normalizer, normalizer ? "" : qPrintable(normalizer.error().message));
    const auto check = [&](const char *text, const char *expected) {
        std::u16string result = QString::fromUtf8(text).toStdU16String();
        std::u16string spare;
        (*normalizer)->apply(result, spare);
        QCOMPARE(QString::fromStdU16String(result), QString::fromUtf8(expected));
    };
    check("", "");
    check("plain text 北京 𠮷", "plain text 北京 𠮷");
    check("a\tﬁ①q.", "a fi1.");
    check("ae\u0301b", "aéb");
    check("a\r\nb\r", "a-b\r");
    // A cluster of at most five bytes becomes what its beginning does, a longer one character by
    // character.
    check("ﬁ\u0308", "fi");
    check("e\u0301\u0302\u0303", "e\u0301\u0302\u0303");
    check("①\u0301\u0302", "1\u0301\u0302");
}

void TestNormalizer::damagedCharsmaps()
{
    const QByteArray whole =
        QByteArray::fromBase64(CharsmapBuilder({{"ab", "c"}, {"é", "e"}}).base64());
    const auto make = [](const QByteArray &blob) {
        return makeNormalizer(
            {{"type", "Precompiled"}, {"precompiled_charsmap", blob.toBase64().toStdString()}});
    };
    const auto apply = [](const Normalizer &normalizer) {
        std::u16string text = u"ab é a";
        std::u16string spare;
        normalizer.apply(text, spare);
    };
    for (qsizetype size = 1; size < whole.size(); ++size) {
        if (const auto normalizer = make(whole.left(size)))
            apply(**normalizer);
    }
    for (qsizetype bit = 0; bit < whole.size() * 8; ++bit) {
        QByteArray flipped = whole;
        flipped[bit / 8] = char(flipped[bit / 8] ^ (1 << (bit % 8)));
        if (const auto normalizer = make(flipped))
            apply(**normalizer);
    }
    QVERIFY(!makeNormalizer({{"type", "Precompiled"}, {"precompiled_charsmap", "no base64!"}}));
    QVERIFY(!makeNormalizer({{"type", "Precompiled"}}));
    QVERIFY(make({})); // which changes nothing
}

QTEST_GUILESS_MAIN(TestNormalizer)
#include "tst_normalizer.moc"
