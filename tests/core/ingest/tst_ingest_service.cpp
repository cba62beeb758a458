#include "core/ingest/ingest_repository.h"
#include "core/memory.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace llmemory;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// Batches of files through the front door, on a real server, read by the real worker.
class TestIngestService : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void storesGoodFilesAndReportsBadOnes();
    void sameFilesAreUnchanged();
    void changedFileIsUpdated();
    void retryReadsWhatFailed();
    void cancelKeepsWhatIsStored();
    void batchOfADeadProgramIsTakenOver();
    void fileThatKeepsKillingFails();
    void closingPutsFilesBack();
    void ownersDoNotSeeEachOthersFiles();

private:
    QString write(const QString &name, const QByteArray &text);
    IngestRequest request(const QStringList &paths = {}) const;
    IngestProgress waitForBatch(const IngestBatchId &batch);
    IngestProgress ingestAll();

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Memory> m_memory;
    OwnerId m_owner;
    QMutex m_mutex;
    QHash<IngestBatchId, IngestProgress> m_progress; // guarded by m_mutex
    int m_run = 0;
};

void TestIngestService::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
}

void TestIngestService::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_owner = OwnerId::parse(QStringLiteral("owner%1").arg(++m_run)).value();
    m_memory = std::make_unique<Memory>(m_database->config());
    connect(
        m_memory.get(),
        &Memory::ingestProgress,
        this,
        [this](const IngestProgress &progress) {
            const QMutexLocker lock(&m_mutex);
            m_progress.insert(progress.batch, progress);
        },
        Qt::DirectConnection);
    VERIFY_RESULT(m_memory->initialize().result());
}

void TestIngestService::cleanup()
{
    m_memory.reset();
}

QString TestIngestService::write(const QString &name, const QByteArray &text)
{
    const QString path = QFileInfo(m_folder->path()).canonicalFilePath() + QLatin1Char('/') + name;
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
    return path;
}

IngestRequest TestIngestService::request(const QStringList &paths) const
{
    IngestRequest request;
    request.owner = m_owner;
    request.paths = paths.isEmpty() ? QStringList(m_folder->path()) : paths;
    return request;
}

IngestProgress TestIngestService::waitForBatch(const IngestBatchId &batch)
{
    const auto progress = [&] {
        const QMutexLocker lock(&m_mutex);
        return m_progress.value(batch);
    };
    (void)QTest::qWaitFor([&] { return progress().finished; }, kPatienceMs);
    return progress();
}

IngestProgress TestIngestService::ingestAll()
{
    const auto batch = m_memory->ingest(request()).result();
    return batch ? waitForBatch(*batch) : IngestProgress();
}

void TestIngestService::storesGoodFilesAndReportsBadOnes()
{
    write(QStringLiteral("heron.txt"), "The heron waits beside the weir.");
    write(QStringLiteral("notes.md"), "# Weirs\n\nWater falls over the crest.");
    write(QStringLiteral("broken.pdf"), "%PDF-1.7 this is no PDF");
    write(QStringLiteral("empty.txt"), "");
    const IngestProgress progress = ingestAll();
    QVERIFY(progress.finished);
    QCOMPARE(progress.total, 4);
    QCOMPARE(progress.added, 2);
    QCOMPARE(progress.failed, 2);

    const auto files = m_memory->recentIngestFiles(m_owner).result();
    VERIFY_RESULT(files);
    QCOMPARE(files->size(), 2); // only the failed ones are still of interest
    for (const IngestFile &file : *files)
        QVERIFY2(!file.error.isEmpty() && !file.errorCode.isEmpty(), qPrintable(file.path));

    VERIFY_RESULT(m_memory->processPendingEmbeddings({.owner = m_owner}).result());
    SearchQuery query;
    query.owner = m_owner;
    query.text = QStringLiteral("heron");
    const auto answer = m_memory->search(query).result();
    VERIFY_RESULT(answer);
    QVERIFY(!answer->hits.isEmpty());
    QCOMPARE(answer->hits.first().documentName, QStringLiteral("heron.txt"));
    const auto owner = m_memory->owner(m_owner).result();
    VERIFY_RESULT(owner);
    QCOMPARE(owner->documentCount, 2);
}

void TestIngestService::sameFilesAreUnchanged()
{
    write(QStringLiteral("a.txt"), "Nothing changes here.");
    QCOMPARE(ingestAll().added, 1);
    const IngestProgress again = ingestAll();
    QCOMPARE(again.unchanged, 1);
    QCOMPARE(again.added + again.updated, 0);
}

void TestIngestService::changedFileIsUpdated()
{
    const QString path = write(QStringLiteral("a.txt"), "The first version.");
    QCOMPARE(ingestAll().added, 1);
    write(QStringLiteral("a.txt"), "The second version.");
    QCOMPARE(ingestAll().updated, 1);
    DocumentListQuery list;
    list.owner = m_owner;
    const auto page = m_memory->listDocuments(list).result();
    VERIFY_RESULT(page);
    QCOMPARE(page->total, 1);
    QCOMPARE(page->documents.first().idAtOrigin, path);
}

void TestIngestService::retryReadsWhatFailed()
{
    write(QStringLiteral("late.txt"), "");
    QCOMPARE(ingestAll().failed, 1);
    write(QStringLiteral("late.txt"), "Now there is text.");
    const auto failed = m_memory->recentIngestFiles(m_owner).result();
    VERIFY_RESULT(failed);
    QCOMPARE(failed->size(), 1);
    const IngestBatchId batch = failed->first().batch;
    {
        const QMutexLocker lock(&m_mutex);
        m_progress.remove(batch);
    }
    const auto count = m_memory->retryIngest(m_owner, {failed->first().id}).result();
    VERIFY_RESULT(count);
    QCOMPARE(*count, 1);
    QCOMPARE(waitForBatch(batch).added, 1);
    QVERIFY(m_memory->recentIngestFiles(m_owner).result()->isEmpty());
}

void TestIngestService::cancelKeepsWhatIsStored()
{
    constexpr int kFiles = 150;
    for (int i = 0; i < kFiles; ++i)
        write(QStringLiteral("f%1.txt").arg(i), "Text number " + QByteArray::number(i) + ".");
    const auto batch = m_memory->ingest(request()).result();
    VERIFY_RESULT(batch);
    QVERIFY(QTest::qWaitFor(
        [&] {
            const QMutexLocker lock(&m_mutex);
            return m_progress.value(*batch).added >= 3;
        },
        kPatienceMs));
    VERIFY_RESULT(m_memory->cancelIngest(m_owner, *batch).result());
    const IngestProgress progress = waitForBatch(*batch);
    QVERIFY(progress.finished);
    QVERIFY(progress.cancelled > 0);
    QCOMPARE(progress.added + progress.cancelled, kFiles);
    const auto owner = m_memory->owner(m_owner).result();
    VERIFY_RESULT(owner);
    QCOMPARE(owner->documentCount, progress.added);
}

/// A program that died leaves a batch whose lease runs out and a file in the state "running".
void TestIngestService::batchOfADeadProgramIsTakenOver()
{
    write(QStringLiteral("a.txt"), "Left behind.");
    write(QStringLiteral("b.txt"), "Left behind as well.");
    const IngestProgress first = ingestAll();
    QCOMPARE(first.added, 2);
    m_memory->close();
    const db::DatabaseManager manager = m_database->manager(1);
    static constexpr db::Statement kAbandonFiles{"abandon_files",
                                                 "UPDATE {{tables.ingest_files}} SET state = CASE "
                                                 "position WHEN 0 THEN 'running' ELSE 'waiting' "
                                                 "END, attempts = 1 WHERE owner_id = $1"};
    static constexpr db::Statement kAbandonBatch{"abandon_batch",
                                                 "UPDATE {{tables.ingest_batches}} SET finished_at "
                                                 "= NULL, lease_until = now() WHERE owner_id = $1"};
    const auto abandoned =
        manager
            .runInTransaction(db::Access::Write,
                              "abandon",
                              db::Scope::owner(m_owner),
                              [&](db::Session &session) -> Result<qint64> {
                                  const QVariantList owner{m_owner.toString()};
                                  auto files = session.execute(kAbandonFiles, owner);
                                  return files ? session.execute(kAbandonBatch, owner) : files;
                              })
            .result();
    VERIFY_RESULT(abandoned);
    {
        const QMutexLocker lock(&m_mutex);
        m_progress.clear();
    }
    VERIFY_RESULT(m_memory->initialize().result());
    const IngestProgress progress = waitForBatch(first.batch);
    QVERIFY(progress.finished);
    QCOMPARE(progress.unchanged, 2);
}

void TestIngestService::fileThatKeepsKillingFails()
{
    write(QStringLiteral("a.txt"), "Deadly.");
    const IngestProgress first = ingestAll();
    const db::DatabaseManager manager = m_database->manager(1);
    static constexpr db::Statement kDie{
        "die_again",
        "UPDATE {{tables.ingest_files}} SET state = 'running', attempts = $2 WHERE owner_id = $1"};
    const auto reset = [&](int deaths) {
        return manager
            .runInTransaction(db::Access::Write,
                              "die",
                              db::Scope::owner(m_owner),
                              [&](db::Session &session) -> Result<IngestProgress> {
                                  auto dead = session.execute(kDie, {m_owner.toString(), deaths});
                                  if (!dead)
                                      return dead.error();
                                  auto done = ingest::resetRunning(session, m_owner, first.batch);
                                  if (!done)
                                      return done.error();
                                  return ingest::batchProgress(session, m_owner, first.batch);
                              })
            .result();
    };
    const auto once = reset(1);
    VERIFY_RESULT(once);
    QCOMPARE(once->failed, 0);
    const auto often = reset(ingest::kMostDeaths);
    VERIFY_RESULT(often);
    QCOMPARE(often->failed, 1);
}

void TestIngestService::closingPutsFilesBack()
{
    constexpr int kFiles = 60;
    for (int i = 0; i < kFiles; ++i)
        write(QStringLiteral("f%1.txt").arg(i), "Text number " + QByteArray::number(i) + ".");
    const auto batch = m_memory->ingest(request()).result();
    VERIFY_RESULT(batch);
    m_memory->close();
    {
        const QMutexLocker lock(&m_mutex);
        m_progress.clear();
    }
    VERIFY_RESULT(m_memory->initialize().result());
    const IngestProgress progress = waitForBatch(*batch);
    QVERIFY(progress.finished);
    QCOMPARE(progress.added + progress.unchanged, kFiles);
    QCOMPARE(progress.failed + progress.cancelled, 0);
}

void TestIngestService::ownersDoNotSeeEachOthersFiles()
{
    write(QStringLiteral("bad.pdf"), "%PDF-1.7 no");
    QCOMPARE(ingestAll().failed, 1);
    const OwnerId other = OwnerId::parse(QStringLiteral("other")).value();
    const auto files = m_memory->recentIngestFiles(other).result();
    VERIFY_RESULT(files);
    QVERIFY(files->isEmpty());
    const auto mine = m_memory->recentIngestFiles(m_owner).result();
    const auto retried = m_memory->retryIngest(other, {mine->first().id}).result();
    VERIFY_RESULT(retried);
    QCOMPARE(*retried, 0);
}

QTEST_GUILESS_MAIN(TestIngestService)
#include "tst_ingest_service.moc"
