#include "app/cli/ingest_report.h"

#include <QSignalSpy>
#include <QTest>

using namespace llmemory;
using namespace llmemory::app;

namespace {

IngestFile addedFile(const IngestBatchId &batch)
{
    IngestFile file;
    file.batch = batch;
    file.path = QStringLiteral("/a.txt");
    file.state = IngestState::Added;
    file.document = DocumentId::create();
    file.chunksCreated = 3;
    return file;
}

} // namespace

/// What is told about a batch of files.
class TestIngestReport : public QObject
{
    Q_OBJECT

private slots:
    void jsonOfAFile();
    void jsonOfAFailure();
    void eventsBeforeTheIdCount();
    void otherBatchesDoNotCount();
    void bar_data();
    void bar();
};

void TestIngestReport::jsonOfAFile()
{
    const IngestFile file = addedFile(IngestBatchId::create());
    const Json expected{{"path", "/a.txt"},
                        {"status", "added"},
                        {"document_id", file.document.toString().toStdString()},
                        {"chunks_created", 3},
                        {"error", nullptr},
                        {"error_code", nullptr}};
    QCOMPARE(toUtf8(toReportJson(file)), toUtf8(expected));
}

void TestIngestReport::jsonOfAFailure()
{
    IngestFile file;
    file.path = QStringLiteral("/b.pdf");
    file.state = IngestState::Failed;
    file.error = QStringLiteral("b.pdf has a password.");
    file.errorCode = QStringLiteral("encrypted");
    const Json value = toReportJson(file);
    QVERIFY(value.at("status") == "failed");
    QVERIFY(value.at("document_id").is_null());
    QVERIFY(value.at("error") == "b.pdf has a password.");
    QVERIFY(value.at("error_code") == "encrypted");
}

void TestIngestReport::eventsBeforeTheIdCount()
{
    Console console;
    IngestReport report(console, true);
    QSignalSpy finished(&report, &IngestReport::finished);
    const auto batch = IngestBatchId::create();
    IngestProgress progress;
    progress.batch = batch;
    progress.total = 1;
    progress.added = 1;
    progress.finished = true;
    report.onFileChanged(addedFile(batch));
    report.onProgress(progress);
    QVERIFY(!report.isFinished());

    report.follow(batch);
    QVERIFY(report.isFinished());
    QCOMPARE(finished.count(), 1);
    QCOMPARE(report.chunksCreated(), 3);
    QCOMPARE(report.progress().added, 1);
}

void TestIngestReport::otherBatchesDoNotCount()
{
    Console console;
    IngestReport report(console, true);
    report.follow(IngestBatchId::create());
    const auto other = IngestBatchId::create();
    IngestProgress progress;
    progress.batch = other;
    progress.finished = true;
    report.onFileChanged(addedFile(other));
    report.onProgress(progress);
    QVERIFY(!report.isFinished());
    QCOMPARE(report.chunksCreated(), 0);
}

void TestIngestReport::bar_data()
{
    QTest::addColumn<int>("done");
    QTest::addColumn<int>("total");
    QTest::addColumn<QString>("bar");
    QTest::newRow("nothing known") << 0 << 0 << QStringLiteral("[----]");
    QTest::newRow("half") << 5 << 10 << QStringLiteral("[##--]");
    QTest::newRow("all") << 10 << 10 << QStringLiteral("[####]");
    QTest::newRow("more than all") << 12 << 10 << QStringLiteral("[####]");
}

void TestIngestReport::bar()
{
    QFETCH(int, done);
    QFETCH(int, total);
    QFETCH(QString, bar);
    QCOMPARE(progressBar(done, total, 6), bar);
}

QTEST_GUILESS_MAIN(TestIngestReport)
#include "tst_ingest_report.moc"
