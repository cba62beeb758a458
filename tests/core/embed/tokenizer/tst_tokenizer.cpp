#include "charsmap.h"
#include "core/embed/tokenizer/tokenizer.h"

#include <QFile>
#include <QRandomGenerator>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace llmemory;
using namespace llmemory::embed;
using Json = nlohmann::json;

namespace {

Json parse(const QByteArray &text)
{
    return Json::parse(text.begin(), text.end());
}

QString shown(const std::vector<quint32> &ids)
{
    QStringList texts;
    for (const quint32 id : ids)
        texts << QString::number(id);
    return texts.join(QLatin1Char(' '));
}

/// The tokenizer.json of its parts; empty = null.
QByteArray file(const QByteArray &normalizer,
                const QByteArray &preTokenizer,
                const QByteArray &model,
                const QByteArray &added = "[]")
{
    const auto part = [](const QByteArray &text) { return text.isEmpty() ? "null" : text; };
    return "{\"normalizer\": " + part(normalizer) + ", \"pre_tokenizer\": " + part(preTokenizer) +
           ", \"model\": " + part(model) + ", \"added_tokens\": " + added + "}";
}

const QByteArray kBertNormalizer = R"({"type": "BertNormalizer"})";
const QByteArray kBertPreTokenizer = R"({"type": "BertPreTokenizer"})";
const QByteArray kMetaspace =
    R"({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": false})";
const QByteArray kWordPiece = R"({"type": "WordPiece", "unk_token": "[UNK]", "vocab":
    {"[UNK]": 0, "un": 1, "##able": 2, "##a": 3, "able": 4, ",": 5, "the": 6, "##😀": 7, "a": 8,
     "-": 9, "##b": 10, "[": 11, "]": 12, "pad": 13, "京": 14}, "max_input_chars_per_word": 10})";
const QByteArray kUnigram = R"({"type": "Unigram", "unk_id": 0, "vocab":
    [["<unk>", 0], ["▁", -2], ["▁a", -3], ["b", -4], ["ab", -4.5], ["▁ab", -7.25], ["abb", -20],
     ["zz", -90], [",", -3], ["▁,", -3.5], ["é", -3], ["𠮷", -5]]})";

} // namespace

class TestTokenizer : public QObject
{
    Q_OBJECT

private slots:
    void encodes_data();
    void encodes();
    void findsAddedTokens_data();
    void findsAddedTokens();
    void refuses_data();
    void refuses();
    void cutsWhereItChangesNothing_data();
    void cutsWhereItChangesNothing();
    void longPieces_data();
    void longPieces();
    void encodesAsBert_data();
    void encodesAsBert();

private:
    std::unique_ptr<Tokenizer::Scratch> m_scratch;
};

void TestTokenizer::encodes_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QString>("piece");
    QTest::addColumn<QString>("ids");
    const auto row =
        [](const char *name, const QByteArray &model, const char *piece, const char *ids) {
            QTest::newRow(name) << model << QString::fromUtf8(piece) << QString::fromLatin1(ids);
        };
    row("WordPiece, longest first", kWordPiece, "unable", "1 2");
    row("WordPiece, whole", kWordPiece, "able", "4");
    row("WordPiece, rest unknown", kWordPiece, "unax", "0");
    row("WordPiece, beyond the first plane", kWordPiece, "un😀a", "1 7 3");
    row("WordPiece, longest word", kWordPiece, "un😀😀😀😀😀😀😀😀", "1 7 7 7 7 7 7 7 7");
    row("WordPiece, too long", kWordPiece, "un😀😀😀😀😀😀😀😀😀", "0");
    row("WordLevel", R"({"type":"WordLevel","unk_token":"?","vocab":{"?":0,"ab":5}})", "ab", "5");
    row("WordLevel, unknown", R"({"type":"WordLevel","unk_token":"?","vocab":{"?":3}})", "a", "3");
    row("Unigram, best sum", kUnigram, "▁ab", "1 4");
    row("Unigram, the longer of equals",
        R"({"type":"Unigram","unk_id":0,"vocab":[["u",0],["a",-1],["b",-1],["ab",-2]]})",
        "ab",
        "3");
    row("Unigram, better in one", kUnigram, "abb", "4 3");
    row("Unigram, unknown run", kUnigram, "▁qqqb", "1 0 3");
    row("Unigram, run that is a token", kUnigram, "zz", "7");
    row("Unigram, beyond the first plane", kUnigram, "𠮷𠮸b", "11 0 3");
    row("Unigram, the last of equals",
        R"({"type":"Unigram","unk_id":0,"vocab":[["u",0],["a",-1],["a",-2]]})",
        "a",
        "2");
    row("Unigram without unknown token",
        R"({"type":"Unigram","unk_id":null,"vocab":[["a",-1]]})",
        "bab",
        "0");
    QByteArray bytes =
        R"({"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["u",0],["a",-1])";
    QByteArray byteVocabulary =
        R"({"type":"BPE","unk_token":"u","byte_fallback":true,"merges":["a b"],
        "vocab":{"u":0,"a":1,"b":2,"ab":3)";
    for (int byte = 0; byte < 256; ++byte) {
        const QByteArray name =
            "<0x" + QByteArray::number(byte, 16).toUpper().rightJustified(2, '0') + ">";
        bytes += ",[\"" + name + "\",0]";
        byteVocabulary += ",\"" + name + "\":" + QByteArray::number(byte + 10);
    }
    row("Unigram, bytes", bytes + "]}", "aéa", "1 197 171 1");
    row("BPE, bytes", byteVocabulary + "}}", "éab", "205 179 3");
    const QByteArray bpe =
        R"("vocab":{"u":0,"a":1,"b":2,"c":3,"ab":4,"bc":5,"abc":6,"aa":7,"xyz":8})";
    row("BPE, earliest merge first",
        R"({"type":"BPE","merges":["b c","a b","a bc"],)" + bpe + "}",
        "abc",
        "6");
    row("BPE, merges in their order",
        R"({"type":"BPE","merges":[["a","b"],["b","c"]],)" + bpe + "}",
        "abcbc",
        "4 3 5");
    row("BPE, leftmost first", R"({"type":"BPE","merges":["a a"],)" + bpe + "}", "aaaaa", "7 7 1");
    row("BPE, unknown dropped", R"({"type":"BPE","merges":[],)" + bpe + "}", "axb", "1 2");
    row("BPE, unknown",
        R"({"type":"BPE","unk_token":"u","merges":[],)" + bpe + "}",
        "axyb",
        "1 0 0 2");
    row("BPE, unknown fused",
        R"({"type":"BPE","unk_token":"u","fuse_unk":true,"merges":[],)" + bpe + "}",
        "axyb",
        "1 0 2");
    row("BPE, whole words first",
        R"({"type":"BPE","ignore_merges":true,"merges":[],)" + bpe + "}",
        "xyz",
        "8");
    row("BPE, prefix and suffix",
        R"({"merges":["a ##b","ab ##c</w>"],"continuing_subword_prefix":"##","end_of_word_suffix":"</w>",
            "vocab":{"a":1,"##b":2,"##c</w>":3,"ab":4,"abc</w>":5}})",
        "abc",
        "5");
}

void TestTokenizer::encodes()
{
    QFETCH(QByteArray, model);
    QFETCH(QString, piece);
    QFETCH(QString, ids);
    const auto made = makePieceModel(parse(model));
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    ModelScratch scratch;
    std::vector<quint32> found;
    (*made)->encode(piece.toStdU16String(), scratch, found);
    QCOMPARE(shown(found), ids);
    QVERIFY(found.empty() || *std::max_element(found.begin(), found.end()) < (*made)->size());
}

void TestTokenizer::findsAddedTokens_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ids");
    const auto row = [](const char *name, const char *token, const char *text, const char *ids) {
        QTest::newRow(name) << QByteArray(token) << QString::fromUtf8(text)
                            << QString::fromLatin1(ids);
    };
    const char *const special = R"("content":"[PAD]","special":true)";
    row("inside a word", special, "un[PAD]able", "1 20 4");
    row("another case", special, "un [pad]", "1 11 13 12");
    row("twice", special, "[PAD][PAD] [PA", "20 20 11 0");
    row("normalised", R"("content":"THE","normalized":true)", "athe The", "8 20 20");
    row("not normalised", R"("content":"THE","normalized":false)", "the THE", "6 20");
    row("single words", R"("content":"THE","single_word":true)", "athe, the", "0 5 20");
    row("ideographs", R"("content":"京","normalized":false)", "a京b", "8 20 0");
    row("a text with a space", R"("content":"un the","special":true)", "un the un  the", "20 1 6");
    row("space before and behind",
        R"("content":"|","special":true,"lstrip":true,"rstrip":true)",
        "a | the",
        "8 20 6");
}

void TestTokenizer::findsAddedTokens()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, text);
    QFETCH(QString, ids);
    const auto tokenizer = Tokenizer::read(
        file(kBertNormalizer, kBertPreTokenizer, kWordPiece, "[{\"id\":20," + token + "}]"));
    QVERIFY2(tokenizer, tokenizer ? "" : qPrintable(tokenizer.error().message));
    m_scratch = std::make_unique<Tokenizer::Scratch>();
    tokenizer->encode(text, *m_scratch);
    QCOMPARE(shown(m_scratch->ids), ids);
    tokenizer->encodeWhole(text, *m_scratch);
    QCOMPARE(shown(m_scratch->ids), ids);
    QCOMPARE(tokenizer->size(), 21U);
}

void TestTokenizer::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const QByteArray &json, const char *reason) {
        QTest::newRow(name) << json << QString::fromLatin1(reason);
    };
    const auto model = [](const char *description) { return file({}, {}, description); };
    row("nothing", "", "not valid JSON");
    row("a list", "[]", "not valid JSON");
    row("cut short", file({}, {}, kUnigram).chopped(1), "not valid JSON");
    row("deep", QByteArray(100'000, '['), "not valid JSON");
    row("unknown normaliser", file(R"({"type":"Magic"})", {}, kUnigram), "normalizer \"Magic\"");
    row("normaliser that is a number", file("1", {}, kUnigram), "normalizer \"\"");
    row("empty sequence", file(R"({"type":"Sequence"})", {}, kUnigram), "\"Sequence\"");
    row("empty pattern",
        file(R"({"type":"Replace","pattern":{"String":""},"content":"x"})", {}, kUnigram),
        "\"Replace\"");
    row("broken pattern",
        file(R"({"type":"Replace","pattern":{"Regex":"(a"},"content":"x"})", {}, kUnigram),
        "regular expression \"(a\"");
    row("prepend nothing", file(R"({"type":"Prepend"})", {}, kUnigram), "\"Prepend\"");
    row("unknown pre-tokeniser",
        file({}, R"({"type":"Jieba"})", kUnigram),
        "pre-tokenizer \"Jieba\"");
    row("unknown behaviour",
        file({}, R"({"type":"Punctuation","behavior":"Odd"})", kUnigram),
        "\"Punctuation\" has an unknown behavior");
    row("unknown scheme",
        file({}, R"({"type":"Metaspace","prepend_scheme":"odd"})", kUnigram),
        "prepend_scheme \"odd\"");
    row("broken split",
        file({}, R"({"type":"Split","pattern":{"Regex":"["}})", kUnigram),
        "regular expression");
    row("no model", file({}, {}, {}), "model \"\"");
    row("unknown model", model(R"({"type":"Transformer"})"), "model \"Transformer\"");
    row("no vocabulary", model(R"({"type":"WordPiece"})"), "has no vocabulary");
    row("negative id", model(R"({"type":"WordPiece","vocab":{"[UNK]":-1}})"), "proper number");
    row("huge id", model(R"({"type":"WordPiece","vocab":{"[UNK]":4000000000}})"), "proper number");
    row("unknown token missing", model(R"({"type":"WordPiece","vocab":{"a":0}})"), "\"[UNK]\"");
    row("no score", model(R"({"type":"Unigram","vocab":[["a"]]})"), "Entry 0");
    row("unknown id too large",
        model(R"({"type":"Unigram","unk_id":1,"vocab":[["a",0]]})"),
        "unknown token");
    row("merge of nothing", model(R"({"type":"BPE","vocab":{"a":0},"merges":["a"]})"), "Merge 0");
    row("merge of unknown", model(R"({"type":"BPE","vocab":{"a":0},"merges":["a a"]})"), "Merge 0");
    row("dropout", model(R"({"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1})"), "dropout");
    row("added token without id", file({}, {}, kUnigram, R"([{"content":"x"}])"), "added token");
    row("added tokens that are none", file({}, {}, kUnigram, "{}"), "added tokens");
}

void TestTokenizer::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, reason);
    const auto tokenizer = Tokenizer::read(json);
    QVERIFY(!tokenizer);
    QVERIFY(tokenizer.error().kind == ErrorKind::Configuration);
    QVERIFY2(tokenizer.error().message.contains(reason), qPrintable(tokenizer.error().message));
}

void TestTokenizer::cutsWhereItChangesNothing_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("cuts");
    const QByteArray pad = R"([{"id":0,"content":"[PAD]","special":true}])";
    const QByteArray nfkc =
        R"({"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]})";
    const QByteArray trimmed = R"({"type":"Sequence","normalizers":[{"type":"BertNormalizer"},
        {"type":"Replace","pattern":{"String":","},"content":" , "},
        {"type":"Replace","pattern":{"String":"''"},"content":","},
        {"type":"Replace","pattern":{"String":"-"},"content":""},
        {"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Strip"}]})";
    const QByteArray charsmap =
        R"({"type":"Precompiled","precompiled_charsmap":")" +
        CharsmapBuilder({{"\t", " "}, {" \u0301", "b"}, {"A", "a"}}).base64() + R"("})";
    const QByteArray bertThenMarks =
        R"({"type":"Sequence","pretokenizers":[{"type":"BertPreTokenizer"},)" + kMetaspace + "]}";
    QTest::newRow("WordPiece") << file(kBertNormalizer, kBertPreTokenizer, kWordPiece, pad) << true;
    QTest::newRow("Unigram") << file(nfkc, bertThenMarks, kUnigram, pad) << true;
    QTest::newRow("Unigram, trimmed") << file(trimmed, kMetaspace, kUnigram, pad) << true;
    QTest::newRow("map") << file(charsmap, R"({"type":"Whitespace"})", kUnigram, pad) << true;
    QTest::newRow("normalised added token")
        << file(nfkc, bertThenMarks, kUnigram, R"([{"id":0,"content":"B,","normalized":true}])")
        << true;
    QTest::newRow("single word") << file(nfkc,
                                         bertThenMarks,
                                         kUnigram,
                                         R"([{"id":0,"content":",","single_word":true}])")
                                 << true;
    // Where it would change something:
    QTest::newRow("white space counts") << file(nfkc, kMetaspace, kUnigram) << false;
    QTest::newRow("white space between words counts")
        << file(R"({"type":"Strip"})", kMetaspace, kUnigram) << false;
    QTest::newRow("only first")
        << file(nfkc,
                R"({"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
                    {"type":"Metaspace","prepend_scheme":"first"}]})",
                kUnigram)
        << false;
    QTest::newRow("token over words")
        << file(trimmed,
                kMetaspace,
                R"({"type":"Unigram","unk_id":0,"vocab":[["u",0],["▁a",-1],["a▁b",-1],["b",-1]]})")
        << false;
    QTest::newRow("added token of words")
        << file(nfkc, bertThenMarks, kUnigram, R"([{"id":0,"content":"a b","special":true}])")
        << false;
    QTest::newRow("bytes") << file({}, R"({"type":"ByteLevel"})", kUnigram) << false;
    QTest::newRow("nothing") << file({}, {}, kUnigram) << false;
}

/// Cut or not, remembered or not, a text has the same tokens.
void TestTokenizer::cutsWhereItChangesNothing()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, cuts);
    const auto tokenizer = Tokenizer::read(json);
    QVERIFY2(tokenizer, tokenizer ? "" : qPrintable(tokenizer.error().message));
    QCOMPARE(tokenizer->cutsWords(), cuts);
    m_scratch = std::make_unique<Tokenizer::Scratch>();
    const char *const parts[] = {
        "a",  "b",      "un",     "able",   "the",    "B",
        "É",  " ",      " ",      "  ",     "\n",     ",",
        "-",  "''",     "'",      "[PAD]",  "[",      "]",
        "▁",  "\u0301", "北",     "京",     "𠮷",     "😀",
        "ﬁ",  "\u00A0", "\u2003", "\u200D", "\u00AD", "\t",
        "\r", "$",      "<",      "zz",     ".",      "averylongwordthatisnotremembered"};
    QRandomGenerator random(7);
    for (int i = 0; i < 20'000; ++i) {
        QString text;
        for (auto count = random.bounded(12); count > 0; --count)
            text += QString::fromUtf8(parts[random.bounded(quint32(std::size(parts)))]);
        if (i % 10 == 0) // also a lone surrogate
            text += QChar(0xD800 + i % 0x800);
        tokenizer->encode(text, *m_scratch);
        const std::vector<quint32> ids = m_scratch->ids;
        tokenizer->encodeWhole(text, *m_scratch);
        QVERIFY2(ids == m_scratch->ids,
                 qPrintable(text + QStringLiteral(": ") + shown(ids) +
                            QStringLiteral(" instead of ") + shown(m_scratch->ids)));
    }
}

void TestTokenizer::longPieces_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::newRow("WordPiece") << kWordPiece;
    QTest::newRow("Unigram") << kUnigram;
    QTest::newRow("BPE") << QByteArray(
        R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"abab":3},"merges":["a b","ab ab"]})");
}

void TestTokenizer::longPieces()
{
    QFETCH(QByteArray, model);
    const auto tokenizer =
        Tokenizer::read(file({}, R"({"type":"ByteLevel","add_prefix_space":false})", model));
    QVERIFY(tokenizer);
    m_scratch = std::make_unique<Tokenizer::Scratch>();
    QElapsedTimer timer;
    timer.start();
    tokenizer->encode(QStringLiteral("ab").repeated(500'000), *m_scratch);
    QVERIFY(!m_scratch->ids.empty());
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TestTokenizer::encodesAsBert_data()
{
    // From a plain implementation of BERT's tokenizer in Python, which agreed on 6,200 texts.
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ids");
    QTest::newRow("English")
        << QStringLiteral("The boundary layer of a swept-back wing at Mach 2.5 was measured.")
        << QStringLiteral(
               "1002 5198 5747 1003 43 6266 17 1073 2364 1018 23538 22 18 25 1007 6600 18");
    QTest::newRow("accents") << QStringLiteral("Café Müller's naïve ÜBER-résumé, 北京 [PAD] x")
                             << QStringLiteral(
                                    "6674 11310 11 61 14749 18175 17 12752 16 787 761 0 66");
    QTest::newRow("parts of words") << QStringLiteral("internationalisation of tokenisers 😀 ½")
                                    << QStringLiteral("1254 5654 1003 18210 16294 1021 1 98");
}

void TestTokenizer::encodesAsBert()
{
    QFETCH(QString, text);
    QFETCH(QString, ids);
    QFile json(qEnvironmentVariable("LLMEMORY_SHARED") +
               QStringLiteral("/models/potion-base-4m-int8/tokenizer.json"));
    if (!json.open(QIODevice::ReadOnly))
        QSKIP("The shared models are not there.");
    const auto tokenizer = Tokenizer::read(json.readAll());
    QVERIFY2(tokenizer, tokenizer ? "" : qPrintable(tokenizer.error().message));
    m_scratch = std::make_unique<Tokenizer::Scratch>();
    tokenizer->encode(text, *m_scratch);
    QCOMPARE(shown(m_scratch->ids), ids);
}

/// More words than there is room for.
QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
