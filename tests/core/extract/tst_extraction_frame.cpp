#include "core/extract/extraction_frame.h"
#include "core/testing/verify_result.h"

#include <QTest>
#include <QtEndian>

using namespace llmemory;
using namespace llmemory::extract;

namespace {

QByteArray frameOf(const QByteArray &json)
{
    QByteArray frame(4, '\0');
    qToBigEndian(quint32(json.size()), frame.data());
    return frame + json;
}

} // namespace

class TestExtractionFrame : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip();
    void hostile_data();
    void hostile();
    void manyValues();
    void tooLarge();
    void metadataAgainstTheRules();
    void outcomeWords();
};

void TestExtractionFrame::roundTrip()
{
    Extraction sent;
    sent.outcome = Outcome::Truncated;
    sent.text = QStringLiteral("Grüße 😀\n\n\"Seite\" zwei\\\t");
    sent.structure.pageStarts = {0, 10};
    sent.structure.headings = {{.level = 2, .charStart = 0, .title = QStringLiteral("Grüße")}};
    sent.type = DocumentType::Pdf;
    sent.title = QStringLiteral("Título");
    sent.metadata = Json{{"author", "A"}, {"pages", 2}};
    sent.reason = QStringLiteral("pages");

    const auto received = fromFrame(toFrame(sent), {});
    QVERIFY(received);
    QCOMPARE(received->outcome, sent.outcome);
    QCOMPARE(received->text, sent.text);
    QVERIFY(received->structure == sent.structure);
    QCOMPARE(received->type, sent.type);
    QCOMPARE(received->title, sent.title);
    QVERIFY(received->metadata == sent.metadata);
    QCOMPARE(received->reason, sent.reason);
}

void TestExtractionFrame::hostile_data()
{
    QTest::addColumn<QByteArray>("frame");
    const QByteArray good =
        R"({"outcome":"ok","text":"abc","pages":[0,2],"headings":[[1,0,"a"]],"metadata":{}})";
    QVERIFY(fromFrame(frameOf(good), {}));

    const auto json = [](const char *tag, const QByteArray &text) {
        QTest::newRow(tag) << frameOf(text);
    };
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("length only") << QByteArray(4, '\0');
    QTest::newRow("length too small") << QByteArray(frameOf(good) + "x");
    QTest::newRow("length too large") << frameOf(good).chopped(1);
    QTest::newRow("length of 4 GiB") << QByteArray("\xff\xff\xff\xff{}");
    json("no JSON", "hello");
    json("no object", "[1]");
    json("invalid UTF-8", "{\"outcome\":\"ok\",\"text\":\"\xff\"}");
    json("NUL", R"({"outcome":"ok","text":"a\u0000b"})");
    json("lone surrogate", R"({"outcome":"ok","text":"a\ud800b"})");
    json("text of another type", R"({"outcome":"ok","text":5})");
    json("ok without text", R"({"outcome":"ok","text":""})");
    json("text with a failure", R"({"outcome":"damaged","text":"abc"})");
    json("page past the end", R"({"outcome":"ok","text":"abc","pages":[0,4]})");
    json("page before the start", R"({"outcome":"ok","text":"abc","pages":[-1]})");
    json("pages not ascending", R"({"outcome":"ok","text":"abc","pages":[2,1]})");
    json("page of 2^64-1", R"({"outcome":"ok","text":"abc","pages":[18446744073709551615]})");
    json("page of a fraction", R"({"outcome":"ok","text":"abc","pages":[0.5]})");
    json("pages of another type", R"({"outcome":"ok","text":"abc","pages":"0"})");
    json("heading without title", R"({"outcome":"ok","text":"abc","headings":[[1,0]]})");
    json("heading of level 0", R"({"outcome":"ok","text":"abc","headings":[[0,0,"a"]]})");
    json("heading past the end", R"({"outcome":"ok","text":"abc","headings":[[1,9,"a"]]})");
    json("deep", QByteArray(100'000, '['));
    json("deep in a member",
         R"({"outcome":"ok","text":"abc","x":)" + QByteArray(50, '[') + QByteArray(50, ']') + "}");
}

void TestExtractionFrame::hostile()
{
    QFETCH(const QByteArray, frame);
    QVERIFY(!fromFrame(frame, {}));
}

void TestExtractionFrame::manyValues()
{
    QByteArray zeros = R"({"outcome":"ok","text":"abc","x":[0)";
    for (int i = 0; i < 300'000; ++i)
        zeros += ",0";
    QVERIFY(!fromFrame(frameOf(zeros + "]}"), {}));
}

void TestExtractionFrame::tooLarge()
{
    ExtractionLimits limits;
    limits.frameBytes = 50;
    const QByteArray json = R"({"outcome":"ok","text":"abc"})";
    QVERIFY(fromFrame(frameOf(json), limits));
    QVERIFY(!fromFrame(frameOf(json + QByteArray(50, ' ')), limits));
    limits.textLength = 2;
    QVERIFY(!fromFrame(frameOf(json), limits));
}

void TestExtractionFrame::metadataAgainstTheRules()
{
    const QByteArray large =
        R"({"outcome":"ok","text":"abc","metadata":{"a":")" + QByteArray(70'000, 'x') + "\"}}";
    const auto received = fromFrame(frameOf(large), {});
    QVERIFY(received);
    QVERIFY(received->metadata == Json::object());
    QCOMPARE(received->text, QStringLiteral("abc"));
}

void TestExtractionFrame::outcomeWords()
{
    for (const Outcome outcome : {Outcome::Ok,
                                  Outcome::Truncated,
                                  Outcome::Empty,
                                  Outcome::Unsupported,
                                  Outcome::Encrypted,
                                  Outcome::Damaged,
                                  Outcome::TooLarge,
                                  Outcome::Bomb,
                                  Outcome::Timeout,
                                  Outcome::Memory,
                                  Outcome::Crashed,
                                  Outcome::Unreadable,
                                  Outcome::Cancelled})
        QCOMPARE(outcomeFromString(toString(outcome)), outcome);
    QCOMPARE(outcomeFromString(QStringLiteral("no such word")), Outcome::Crashed);
}

QTEST_GUILESS_MAIN(TestExtractionFrame)
#include "tst_extraction_frame.moc"
