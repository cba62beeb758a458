#include "core/extract/plain_text_extractor.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

class TestPlainTextExtractor : public QObject
{
    Q_OBJECT

private slots:
    void keepsLinesAndSpaces();
    void outcomes_data();
    void outcomes();
    void cutsAtTheLimit();
};

void TestPlainTextExtractor::keepsLinesAndSpaces()
{
    const PlainTextExtractor extractor(DocumentType::Code);
    const Extraction extraction = extractor.extract("def f():\r\n\treturn  1\r\n", {});
    QCOMPARE(extraction.outcome, Outcome::Ok);
    QCOMPARE(extraction.text, QStringLiteral("def f():\n\treturn  1\n"));
    QCOMPARE(extraction.type, DocumentType::Code);
    QCOMPARE(toQString(extraction.metadata["encoding"]), QStringLiteral("UTF-8"));
    QVERIFY(extraction.structure.pageStarts.isEmpty());
}

void TestPlainTextExtractor::outcomes_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("only space") << QByteArray(" \n\t\n") << QStringLiteral("empty");
    QTest::newRow("only a mark") << QByteArray("\xef\xbb\xbf") << QStringLiteral("empty");
    QTest::newRow("binary") << QByteArray(10, '\0') << QStringLiteral("unsupported");
    QTest::newRow("text") << QByteArray("x") << QStringLiteral("ok");
}

void TestPlainTextExtractor::outcomes()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, outcome);
    const Extraction extraction = PlainTextExtractor(DocumentType::Text).extract(content, {});
    QCOMPARE(toString(extraction.outcome), outcome);
    QCOMPARE(extraction.text.isEmpty(), outcome != QLatin1String("ok"));
}

void TestPlainTextExtractor::cutsAtTheLimit()
{
    ExtractionLimits limits;
    limits.textLength = 100;
    const QByteArray content = QByteArrayLiteral("line ä\n").repeated(1000);
    const Extraction extraction = PlainTextExtractor(DocumentType::Text).extract(content, limits);
    QCOMPARE(extraction.outcome, Outcome::Truncated);
    QCOMPARE(extraction.text.size(), 100);
    QVERIFY(QString::fromUtf8(content).startsWith(extraction.text));
}

QTEST_GUILESS_MAIN(TestPlainTextExtractor)
#include "tst_plain_text_extractor.moc"
