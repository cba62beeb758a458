#include "core/embed/embedding_queue.h"
#include "core/embed/embedding_worker.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

#include <QTest>

#include <limits>

using namespace llmemory;
using embed::ClaimRequest;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;

namespace {

/// A model that answers as it is told to.
class FaultyEmbedder final : public embed::Embedder
{
public:
    using Answer = std::function<Result<std::vector<embed::Vector>>(qsizetype texts)>;
    explicit FaultyEmbedder(Answer answer) : m_answer(std::move(answer)) {}

    QString modelId() const override { return testing::DeterministicEmbedder().modelId(); }
    int dimension() const override { return testing::DeterministicEmbedder::kDimension; }
    Result<std::vector<embed::Vector>> embedDocuments(const QList<QString> &texts) const override
    {
        return m_answer(texts.size());
    }
    Result<embed::Vector> embedQuery(const QString &) const override
    {
        return Error::internal(QStringLiteral("not asked"));
    }

private:
    Answer m_answer;
};

constexpr db::Statement kQueue{
    "look_at_queue",
    "SELECT status, attempts, coalesce(error_message, ''), run_after > now() "
    "FROM {{tables.embedding_queue}} WHERE owner_id = $1"};
constexpr db::Statement kExpire{
    "expire", "UPDATE {{tables.embedding_queue}} SET run_after = now() WHERE owner_id = $1"};

} // namespace

/// Jobs are done at least once with the effect of once, whatever happens to who does them.
class TestEmbeddingQueue : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void claimedJobsAreNotClaimedTwice();
    void expiredLeaseReturns();
    void vectorsOfALostLeaseAreDropped();
    void vectorsOfDeletedChunksAreDropped();
    void returnedJobsCostNoAttempt();
    void failedJobsWaitAndDie();
    void claimsTheOwnerThatIsDue();
    void badVectorsGoBack_data();
    void badVectorsGoBack();
    void figures();

private:
    embed::EmbeddingLease claim(const OwnerId &owner);
    db::Rows queue();
    Result<qint64> expire();

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner;
    AddedDocument m_document;
    int m_run = 0;
};

void TestEmbeddingQueue::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestEmbeddingQueue::init()
{
    m_owner = ownerId(QStringLiteral("owner%1").arg(++m_run));
    const auto added = m_store->add(
        documentInput(m_owner, QStringLiteral("one"), QStringLiteral("A heron by the weir.")));
    VERIFY_RESULT(added);
    m_document = *added;
}

embed::EmbeddingLease TestEmbeddingQueue::claim(const OwnerId &owner)
{
    ClaimRequest request;
    request.model = m_store->embedder().modelId();
    request.owner = owner;
    return embed::claimJobs(m_store->session(), request).value_or(embed::EmbeddingLease());
}

db::Rows TestEmbeddingQueue::queue()
{
    return m_store
        ->as(m_owner,
             [&](db::Session &session) { return session.query(kQueue, {m_owner.toString()}); })
        .value_or(db::Rows());
}

Result<qint64> TestEmbeddingQueue::expire()
{
    return m_store->as(m_owner, [&](db::Session &session) {
        return session.execute(kExpire, {m_owner.toString()});
    });
}

void TestEmbeddingQueue::claimedJobsAreNotClaimedTwice()
{
    const auto lease = claim(m_owner);
    QCOMPARE(lease.jobs.size(), 1);
    QCOMPARE(lease.jobs.first().content, QStringLiteral("A heron by the weir."));
    QVERIFY(claim(m_owner).jobs.isEmpty());
}

void TestEmbeddingQueue::expiredLeaseReturns()
{
    QCOMPARE(claim(m_owner).jobs.size(), 1);
    VERIFY_RESULT(expire());
    QCOMPARE(claim(m_owner).jobs.size(), 1);
    QCOMPARE(queue().first().integer(1), 2);
}

void TestEmbeddingQueue::vectorsOfALostLeaseAreDropped()
{
    const auto slow = claim(m_owner);
    VERIFY_RESULT(expire());
    const auto fast = claim(m_owner);
    const std::vector<embed::Vector> vectors =
        m_store->embedder().embedDocuments({fast.jobs.first().content}).value();
    const auto late = embed::finishJobs(m_store->session(), slow, vectors);
    VERIFY_RESULT(late);
    QCOMPARE(*late, 0);
    QCOMPARE(queue().size(), 1);
    const auto done = embed::finishJobs(m_store->session(), fast, vectors);
    VERIFY_RESULT(done);
    QCOMPARE(*done, 1);
    QVERIFY(queue().isEmpty());
}

void TestEmbeddingQueue::vectorsOfDeletedChunksAreDropped()
{
    const auto lease = claim(m_owner);
    VERIFY_RESULT(m_store->add(
        documentInput(m_owner, QStringLiteral("one"), QStringLiteral("Something else."))));
    const auto vectors = m_store->embedder().embedDocuments({lease.jobs.first().content}).value();
    const auto stored = embed::finishJobs(m_store->session(), lease, vectors);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 0);
    QCOMPARE(queue().size(), 1); // the new text's job
}

void TestEmbeddingQueue::returnedJobsCostNoAttempt()
{
    VERIFY_RESULT(embed::returnJobs(m_store->session(), claim(m_owner)));
    QCOMPARE(queue().first().integer(1), 0);
    QCOMPARE(claim(m_owner).jobs.size(), 1);
}

void TestEmbeddingQueue::failedJobsWaitAndDie()
{
    for (int attempt = 1; attempt <= embed::kMostAttempts; ++attempt) {
        VERIFY_RESULT(expire());
        const auto lease = claim(m_owner);
        QCOMPARE(lease.jobs.size(), 1);
        VERIFY_RESULT(embed::failJobs(m_store->session(), lease, QStringLiteral("no answer")));
        const db::Rows rows = queue();
        QCOMPARE(rows.first().text(2), QStringLiteral("no answer"));
        const bool dead = attempt == embed::kMostAttempts;
        QCOMPARE(rows.first().text(0), dead ? QStringLiteral("failed") : QStringLiteral("pending"));
    }
    VERIFY_RESULT(expire());
    QVERIFY(claim(m_owner).jobs.isEmpty());
}

void TestEmbeddingQueue::claimsTheOwnerThatIsDue()
{
    const auto lease = claim({});
    QVERIFY(!lease.owner.isEmpty());
    QVERIFY(!lease.jobs.isEmpty());
    VERIFY_RESULT(embed::returnJobs(m_store->session(), lease));
}

void TestEmbeddingQueue::badVectorsGoBack_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("dimension");
    QTest::addColumn<float>("value");
    constexpr int kRight = testing::DeterministicEmbedder::kDimension;
    QTest::newRow("too many") << 2 << kRight << 0.1F;
    QTest::newRow("none") << 0 << kRight << 0.1F;
    QTest::newRow("too short") << 1 << 3 << 0.1F;
    QTest::newRow("zero") << 1 << kRight << 0.0F;
    QTest::newRow("not a number") << 1 << kRight << std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("infinite") << 1 << kRight << std::numeric_limits<float>::infinity();
}

void TestEmbeddingQueue::badVectorsGoBack()
{
    QFETCH(int, count);
    QFETCH(int, dimension);
    QFETCH(float, value);
    const auto faulty = std::make_shared<FaultyEmbedder>([&](qsizetype) {
        return std::vector<embed::Vector>(size_t(count), embed::Vector(size_t(dimension), value));
    });
    embed::EmbeddingWorker worker(m_database->manager(1), faulty, {});
    const auto stored = worker.process(m_owner, std::nullopt, [] { return false; });
    QVERIFY(!stored);
    QCOMPARE(stored.error().kind, ErrorKind::Embedding);
    const db::Rows rows = queue();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().text(0), QStringLiteral("pending"));
    QVERIFY(!rows.first().text(2).isEmpty());
}

void TestEmbeddingQueue::figures()
{
    const auto figuresOf = [&] {
        return embed::embeddingStatus(m_store->session(), m_store->embedder(), m_owner)
            .value_or(EmbeddingStatus());
    };
    QCOMPARE(figuresOf().pending, 1);
    QCOMPARE(figuresOf().embedded, 0);
    // Of all owners together: those of the other tests are among them.
    const auto ofAll = embed::embeddingStatus(m_store->session(), m_store->embedder(), {});
    VERIFY_RESULT(ofAll);
    QVERIFY(ofAll->pending + ofAll->failed > 1);
    VERIFY_RESULT(m_store->embed(m_owner));
    QCOMPARE(figuresOf().pending, 0);
    QCOMPARE(figuresOf().embedded, 1);
}

QTEST_GUILESS_MAIN(TestEmbeddingQueue)
#include "tst_embedding_queue.moc"
