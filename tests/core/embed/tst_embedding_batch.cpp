#include "core/embed/embedding_batch.h"
#include "core/testing/verify_result.h"
#include "tests/core/embed/scripted_embedder.h"

#include <QTest>

#include <limits>

using namespace llmemory;
using embed::TextFate;
using testing::ScriptedEmbedder;

namespace {

const QString kBad = QStringLiteral("bad");

Result<std::vector<embed::Vector>> vectorsFor(const QList<QString> &texts)
{
    return testing::DeterministicEmbedder().embedDocuments(texts);
}

QList<QString> textsWithBad(int count, const QList<int> &bad)
{
    QList<QString> texts;
    for (int i = 0; i < count; ++i)
        texts << (bad.contains(i) ? kBad : QStringLiteral("text %1").arg(i));
    return texts;
}

bool never()
{
    return false;
}

} // namespace

class TestEmbeddingBatch : public QObject
{
    Q_OBJECT

private slots:
    void findsTheBadTexts_data();
    void findsTheBadTexts();
    void givesUpOnAModelThatRefusesEverything();
    void stopsAtOnce_data();
    void stopsAtOnce();
    void stopsWhenCancelled();
};

void TestEmbeddingBatch::findsTheBadTexts_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QList<int>>("bad");
    QTest::newRow("none") << 64 << QList<int>{};
    QTest::newRow("alone") << 1 << QList<int>{0};
    QTest::newRow("first of 64") << 64 << QList<int>{0};
    QTest::newRow("last of 64") << 64 << QList<int>{63};
    QTest::newRow("middle") << 64 << QList<int>{31};
    QTest::newRow("two") << 64 << QList<int>{5, 40};
    QTest::newRow("both of two") << 2 << QList<int>{0, 1};
    QTest::newRow("odd number") << 7 << QList<int>{2, 6};
}

void TestEmbeddingBatch::findsTheBadTexts()
{
    QFETCH(int, count);
    QFETCH(QList<int>, bad);
    const QList<QString> texts = textsWithBad(count, bad);
    // Once refused with an error, once answered with a vector of no use.
    for (const bool refuses : {true, false}) {
        int calls = 0;
        const ScriptedEmbedder model(
            [&](const QList<QString> &part,
                const embed::CancelTest &) -> Result<std::vector<embed::Vector>> {
                ++calls;
                const qsizetype at = part.indexOf(kBad);
                if (at >= 0 && refuses)
                    return Error{.kind = ErrorKind::Embedding,
                                 .message = QStringLiteral("no"),
                                 .code = QStringLiteral("text_refused")};
                auto vectors = vectorsFor(part);
                if (at >= 0)
                    vectors->at(size_t(at))[0] = std::numeric_limits<float>::quiet_NaN();
                return vectors;
            });
        const auto outcome = embed::embedBatch(model, texts, never);
        QCOMPARE(outcome.texts.size(), count);
        for (int i = 0; i < count; ++i) {
            const auto &text = outcome.texts.at(i);
            const TextFate fate = !bad.contains(i) ? TextFate::Embedded
                                  : refuses        ? TextFate::Refused
                                                   : TextFate::BadAnswer;
            QVERIFY2(text.fate == fate, qPrintable(QString::number(i)));
            if (fate == TextFate::Embedded)
                QVERIFY(text.vector == vectorsFor({texts.at(i)})->front());
            else
                QVERIFY(!text.reason.isEmpty());
        }
        QCOMPARE(outcome.error.has_value(), !bad.isEmpty());
        QVERIFY(calls <= 1 + 14 * bad.size());
    }
}

void TestEmbeddingBatch::givesUpOnAModelThatRefusesEverything()
{
    int calls = 0;
    const ScriptedEmbedder model(
        [&](const QList<QString> &,
            const embed::CancelTest &) -> Result<std::vector<embed::Vector>> {
            ++calls;
            return Error{.kind = ErrorKind::Embedding, .message = QStringLiteral("<html>")};
        });
    const auto outcome = embed::embedBatch(model, textsWithBad(64, {}), never);
    QVERIFY(calls <= 10);
    int unavailable = 0;
    for (const auto &text : outcome.texts)
        unavailable += text.fate == TextFate::Unavailable ? 1 : 0;
    QVERIFY(unavailable >= 60);
}

void TestEmbeddingBatch::stopsAtOnce_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("retryAfterS");
    QTest::addColumn<TextFate>("fate");
    QTest::newRow("asked to wait")
        << ErrorKind::Unavailable << QStringLiteral("provider_limited") << 7 << TextFate::NotTried;
    QTest::newRow("key refused") << ErrorKind::Embedding << QStringLiteral("provider_auth") << 0
                                 << TextFate::NotTried;
    QTest::newRow("wrong address")
        << ErrorKind::Configuration << QString() << 0 << TextFate::NotTried;
    QTest::newRow("no answer") << ErrorKind::Unavailable << QString() << 0 << TextFate::Unavailable;
    QTest::newRow("fault") << ErrorKind::Internal << QString() << 0 << TextFate::Unavailable;
}

void TestEmbeddingBatch::stopsAtOnce()
{
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    QFETCH(int, retryAfterS);
    QFETCH(TextFate, fate);
    int calls = 0;
    const ScriptedEmbedder model(
        [&](const QList<QString> &,
            const embed::CancelTest &) -> Result<std::vector<embed::Vector>> {
            ++calls;
            return Error{.kind = kind,
                         .message = QStringLiteral("no"),
                         .code = code,
                         .retryAfterS = retryAfterS};
        });
    const auto outcome = embed::embedBatch(model, textsWithBad(10, {}), never);
    QCOMPARE(calls, 1);
    QCOMPARE(outcome.error->kind, kind);
    for (const auto &text : outcome.texts)
        QVERIFY(text.fate == fate);
}

void TestEmbeddingBatch::stopsWhenCancelled()
{
    const ScriptedEmbedder model(
        [](const QList<QString> &texts, const embed::CancelTest &) { return vectorsFor(texts); });
    const auto outcome = embed::embedBatch(model, textsWithBad(3, {}), [] { return true; });
    QCOMPARE(outcome.error->kind, ErrorKind::Cancelled);
    for (const auto &text : outcome.texts)
        QVERIFY(text.fate == TextFate::NotTried);
}

QTEST_GUILESS_MAIN(TestEmbeddingBatch)
#include "tst_embedding_batch.moc"
