#include "ui/ingest/ingest_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace llmemory;
using ui::IngestModel;

namespace {

IngestFile file(const QString &path, IngestState state = IngestState::Waiting)
{
    IngestFile file;
    file.id = IngestFileId::create();
    file.owner = OwnerId::parse(QStringLiteral("demo")).value();
    file.path = path;
    file.state = state;
    if (state == IngestState::Failed)
        file.error = QStringLiteral("It is encrypted.");
    return file;
}

} // namespace

class TestIngestModel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void newestFileIsFirst();
    void changesOfAFileStayInItsRow();
    void thousandsOfChangesComeInFewSteps();
    void showsReasonAndCounts();
    void retriedFileIsNoFailureAnyMore();
    void sumsBatches();
    void nextRunCountsFromZero();
    void clearKeepsWhatIsNotFinished();
    void historyDoesNotOverwriteNewerNews();
    void forgetsADeletedTenant();

private:
    QString name(int row) const { return m_model->index(row).data().toString(); }
    IngestState state(int row) const
    {
        return IngestState(m_model->index(row).data(IngestModel::StateRole).toInt());
    }

    std::unique_ptr<IngestModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TestIngestModel::init()
{
    m_tester.reset();
    m_model = std::make_unique<IngestModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void TestIngestModel::newestFileIsFirst()
{
    m_model->update(file(QStringLiteral("/a/one.txt")));
    m_model->update(file(QStringLiteral("/a/two.txt")));
    QTRY_COMPARE(m_model->rowCount(), 2);
    QCOMPARE(name(0), QStringLiteral("two.txt"));
    QCOMPARE(m_model->index(0).data(IngestModel::FolderRole).toString(), QStringLiteral("/a"));
}

void TestIngestModel::changesOfAFileStayInItsRow()
{
    IngestFile one = file(QStringLiteral("/one.txt"));
    m_model->merge({file(QStringLiteral("/two.txt")), one});
    QCOMPARE(m_model->rowCount(), 2);
    one.state = IngestState::Running;
    m_model->update(one);
    one.state = IngestState::Added;
    m_model->update(one);
    QTRY_VERIFY(state(1) == IngestState::Added);
    QCOMPARE(m_model->rowCount(), 2);
}

void TestIngestModel::thousandsOfChangesComeInFewSteps()
{
    QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
    for (int i = 0; i < 5000; ++i) {
        IngestFile f = file(QStringLiteral("/%1.txt").arg(i), IngestState::Running);
        m_model->update(f);
        f.state = IngestState::Added;
        m_model->update(f);
    }
    QTRY_COMPARE(m_model->rowCount(), 5000);
    QCOMPARE(inserted.count(), 1);
    QVERIFY(state(0) == IngestState::Added);
}

void TestIngestModel::showsReasonAndCounts()
{
    m_model->merge({file(QStringLiteral("/a.pdf"), IngestState::Failed),
                    file(QStringLiteral("/b.pdf"), IngestState::Cancelled),
                    file(QStringLiteral("/c.pdf"), IngestState::Added)});
    QCOMPARE(m_model->failedCount(), 1);
    QCOMPARE(m_model->cancelledCount(), 1);
    QCOMPARE(m_model->index(0).data(IngestModel::ReasonRole).toString(),
             QStringLiteral("It is encrypted."));
    QCOMPARE(m_model->index(2).data(IngestModel::ReasonRole).toString(), QString());
    const auto failed = m_model->failedFiles();
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.constBegin()->size(), 2);
}

void TestIngestModel::retriedFileIsNoFailureAnyMore()
{
    IngestFile f = file(QStringLiteral("/a.pdf"), IngestState::Failed);
    m_model->merge({f});
    f.state = IngestState::Waiting;
    f.error.clear();
    m_model->update(f);
    QTRY_COMPARE(m_model->failedCount(), 0);
    QVERIFY(m_model->failedFiles().isEmpty());
}

void TestIngestModel::sumsBatches()
{
    IngestProgress first;
    first.batch = IngestBatchId::create();
    first.total = 10;
    first.added = 3;
    first.failed = 1;
    IngestProgress second;
    second.batch = IngestBatchId::create();
    second.scanning = true;
    m_model->update(first);
    m_model->update(second);
    const ui::IngestTotals totals = m_model->totals();
    QCOMPARE(totals.total, 10);
    QCOMPARE(totals.done, 4);
    QCOMPARE(totals.failed, 1);
    QVERIFY(totals.scanning);
    QVERIFY(totals.active);
    QCOMPARE(m_model->activeBatches().size(), 2);
}

void TestIngestModel::nextRunCountsFromZero()
{
    IngestProgress first;
    first.batch = IngestBatchId::create();
    first.total = first.added = 10;
    first.finished = true;
    m_model->update(first);
    QCOMPARE(m_model->totals().done, 10);
    IngestProgress second;
    second.batch = IngestBatchId::create();
    second.total = 2;
    m_model->update(second);
    QCOMPARE(m_model->totals().total, 2);
    QCOMPARE(m_model->totals().done, 0);
}

void TestIngestModel::clearKeepsWhatIsNotFinished()
{
    m_model->merge({file(QStringLiteral("/a"), IngestState::Failed),
                    file(QStringLiteral("/b"), IngestState::Running),
                    file(QStringLiteral("/c"), IngestState::Added)});
    m_model->removeFinished();
    QCOMPARE(m_model->rowCount(), 1);
    QCOMPARE(name(0), QStringLiteral("b"));
    QCOMPARE(m_model->failedCount(), 0);
}

void TestIngestModel::historyDoesNotOverwriteNewerNews()
{
    IngestFile f = file(QStringLiteral("/a"), IngestState::Added);
    f.updatedAt = QDateTime(QDate(2024, 5, 1), QTime(12, 0), Qt::UTC);
    m_model->merge({f});
    f.state = IngestState::Running;
    f.updatedAt = f.updatedAt.addSecs(-1);
    m_model->merge({f});
    QVERIFY(state(0) == IngestState::Added);
}

void TestIngestModel::forgetsADeletedTenant()
{
    IngestFile other = file(QStringLiteral("/b"), IngestState::Added);
    other.owner = OwnerId::parse(QStringLiteral("other")).value();
    m_model->merge({file(QStringLiteral("/a"), IngestState::Added), other});
    m_model->removeOwner(other.owner);
    QCOMPARE(m_model->rowCount(), 1);
    QCOMPARE(name(0), QStringLiteral("a"));
}

QTEST_GUILESS_MAIN(TestIngestModel)
#include "tst_ingest_model.moc"
