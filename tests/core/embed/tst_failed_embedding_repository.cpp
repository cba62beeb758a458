#include "core/embed/embedding_queue.h"
#include "core/embed/failed_embedding_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

#include <QTest>

using namespace llmemory;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;

/// Dead jobs are listed, for their owner only, and come back when asked for.
class TestFailedEmbeddingRepository : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void listsWhatFailed();
    void pages();
    void showsNothingOfOthers();
    void retriesWhatIsAskedFor();
    void retriesForAllOwners();
    void refusesIdsWithoutOwner();

private:
    QString model() const { return m_store->embedder().modelId(); }
    AddedDocument addFailed(const OwnerId &owner, const QString &id, const QString &text);
    QList<FailedEmbedding> failed(const OwnerId &owner);
    qsizetype due(const OwnerId &owner);

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner;
    OwnerId m_other;
    int m_run = 0;
};

void TestFailedEmbeddingRepository::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestFailedEmbeddingRepository::init()
{
    m_owner = ownerId(QStringLiteral("owner%1").arg(++m_run));
    m_other = ownerId(QStringLiteral("other%1").arg(m_run));
}

AddedDocument TestFailedEmbeddingRepository::addFailed(const OwnerId &owner,
                                                       const QString &id,
                                                       const QString &text)
{
    const auto added = m_store->add(documentInput(owner, id, text));
    const auto lease = embed::claimJobs(m_store->session(), {model(), owner});
    if (!added || !lease || lease->jobs.isEmpty() ||
        !embed::failJobs(m_store->session(), *lease, QStringLiteral("It will not."), 1))
        qWarning("no failed job was made");
    return added.value_or(AddedDocument());
}

QList<FailedEmbedding> TestFailedEmbeddingRepository::failed(const OwnerId &owner)
{
    return embed::failedJobs(m_store->session(), model(), owner, 200, 0)
        .value_or(QList<FailedEmbedding>());
}

/// Jobs that a worker would get now.
qsizetype TestFailedEmbeddingRepository::due(const OwnerId &owner)
{
    const auto lease = embed::claimJobs(m_store->session(), {model(), owner});
    if (!lease || !embed::returnJobs(m_store->session(), *lease))
        return -1;
    return lease->jobs.size();
}

void TestFailedEmbeddingRepository::listsWhatFailed()
{
    const QString text = QStringLiteral("A heron stands. ").repeated(15);
    const AddedDocument added = addFailed(m_owner, QStringLiteral("herons"), text);
    QCOMPARE(due(m_owner), 0);
    const auto jobs = failed(m_owner);
    QCOMPARE(jobs.size(), 1);
    QCOMPARE(jobs.first().document, added.document.id);
    QVERIFY(!jobs.first().chunk.isNull());
    QCOMPARE(jobs.first().documentName, QStringLiteral("herons"));
    QCOMPARE(jobs.first().reason, QStringLiteral("It will not."));
    QCOMPARE(jobs.first().attempts, 1);
    QCOMPARE(jobs.first().excerpt, text.left(200));
}

void TestFailedEmbeddingRepository::pages()
{
    for (const char *id : {"c", "a", "b"})
        addFailed(m_owner, QString::fromLatin1(id), QStringLiteral("text"));
    const auto page = embed::failedJobs(m_store->session(), model(), m_owner, 2, 1);
    VERIFY_RESULT(page);
    QCOMPARE(page->size(), 2);
    QCOMPARE(page->first().documentName, QStringLiteral("b"));
    QCOMPARE(page->last().documentName, QStringLiteral("c"));
    for (const auto &[limit, offset, field] :
         {std::tuple(0, 0, "limit"), std::tuple(201, 0, "limit"), std::tuple(1, -1, "offset")}) {
        const auto refused = embed::failedJobs(m_store->session(), model(), m_owner, limit, offset);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Validation);
        QCOMPARE(refused.error().field, QString::fromLatin1(field));
    }
}

void TestFailedEmbeddingRepository::showsNothingOfOthers()
{
    const AddedDocument theirs =
        addFailed(m_other, QStringLiteral("theirs"), QStringLiteral("secret"));
    QVERIFY(failed(m_owner).isEmpty());
    QCOMPARE(failed(m_other).size(), 1);
    QCOMPARE(embed::failedJobs(m_store->session(), model(), {}, 10, 0).error().field,
             QStringLiteral("owner_id"));
    // Nor does a retry reach them.
    const auto retried =
        embed::retryFailed(m_store->session(),
                           model(),
                           {.owner = m_owner, .documents = {theirs.document.id}, .chunks = {}});
    VERIFY_RESULT(retried);
    QCOMPARE(*retried, 0);
    QCOMPARE(failed(m_other).size(), 1);
}

void TestFailedEmbeddingRepository::retriesWhatIsAskedFor()
{
    const AddedDocument first =
        addFailed(m_owner, QStringLiteral("first"), QStringLiteral("one text"));
    addFailed(m_owner, QStringLiteral("second"), QStringLiteral("another text"));
    addFailed(m_owner, QStringLiteral("third"), QStringLiteral("a third text"));
    const auto retry = [&](const EmbeddingRetry &request) {
        return embed::retryFailed(m_store->session(), model(), request).value_or(-1);
    };
    QCOMPARE(retry({.owner = m_owner, .documents = {first.document.id}, .chunks = {}}), 1);
    QCOMPARE(failed(m_owner).size(), 2);
    QCOMPARE(due(m_owner), 1);
    const ChunkId second = failed(m_owner).first().chunk;
    QCOMPARE(retry({.owner = m_owner, .documents = {}, .chunks = {second}}), 1);
    QCOMPARE(due(m_owner), 2);
    QCOMPARE(retry({.owner = m_owner, .documents = {}, .chunks = {second, ChunkId::create()}}), 0);
    QCOMPARE(retry({.owner = m_owner}), 1);
    QVERIFY(failed(m_owner).isEmpty());
    // With all their attempts: they fail as often as new ones before they are dead again.
    const auto lease = embed::claimJobs(m_store->session(), {model(), m_owner});
    VERIFY_RESULT(lease);
    QCOMPARE(lease->jobs.size(), 3);
    VERIFY_RESULT(embed::failJobs(m_store->session(), *lease, QStringLiteral("again"), 2));
    QVERIFY(failed(m_owner).isEmpty());
}

void TestFailedEmbeddingRepository::retriesForAllOwners()
{
    addFailed(m_owner, QStringLiteral("mine"), QStringLiteral("text"));
    addFailed(m_other, QStringLiteral("theirs"), QStringLiteral("text"));
    const auto retried = embed::retryFailed(m_store->session(), model(), {});
    VERIFY_RESULT(retried);
    QVERIFY(*retried >= 2); // other tests' as well
    QVERIFY(failed(m_owner).isEmpty());
    QVERIFY(failed(m_other).isEmpty());
    QCOMPARE(due(m_owner), 1);
    QCOMPARE(due(m_other), 1);
}

void TestFailedEmbeddingRepository::refusesIdsWithoutOwner()
{
    const auto refused =
        embed::retryFailed(m_store->session(),
                           model(),
                           {.owner = {}, .documents = {DocumentId::create()}, .chunks = {}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().field, QStringLiteral("owner_id"));
}

QTEST_GUILESS_MAIN(TestFailedEmbeddingRepository)
#include "tst_failed_embedding_repository.moc"
