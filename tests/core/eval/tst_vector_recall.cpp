#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_status.h"
#include "core/eval/owner_recall.h"
#include "core/eval/vector_recall.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"
#include "tests/core/embed/vector_rows.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace llmemory;
using namespace llmemory::eval;
using testing::ownerId;

namespace {

constexpr int kDimension = testing::DeterministicEmbedder::kDimension;
constexpr int kQueries = 20;

QList<embed::Vector> randomVectors()
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    QList<embed::Vector> vectors;
    for (int i = 0; i < kQueries; ++i) {
        embed::Vector vector(kDimension);
        float length = 0;
        for (float &value : vector) {
            value = normal(random);
            length += value * value;
        }
        for (float &value : vector)
            value /= std::sqrt(length);
        vectors += std::move(vector);
    }
    return vectors;
}

} // namespace

/// Recall of an owner with an index, of one without, and under a filter.
class TestVectorRecall : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void indexStatus();
    void shallowSearchLosesSome();
    void deepSearchFindsNearlyAll();
    void exactSearchFindsAll();
    void wholeOwner();

private:
    Result<VectorRecall> measure(const SearchQuery &query, HnswProfile profile)
    {
        return m_store->as(query.owner, [&](db::Session &session) {
            return measureVectorRecall(session, query, randomVectors(), profile);
        });
    }

    const OwnerId m_large = ownerId(QStringLiteral("large"));
    const OwnerId m_small = ownerId(QStringLiteral("small"));
    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<testing::DocumentStore> m_store;
};

void TestVectorRecall::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    QVERIFY2(m_database->isAvailable(), qPrintable(m_database->reason()));
    m_store = std::make_unique<testing::DocumentStore>(*m_database);
    VERIFY_RESULT(testing::addVectorRows(m_store->session(), {m_large, 110, 100, kDimension}));
    VERIFY_RESULT(testing::addVectorRows(m_store->session(), {m_small, 5, 10, kDimension}));
}

void TestVectorRecall::indexStatus()
{
    const auto state = [this](const OwnerId &owner) {
        return embed::vectorIndexState(m_store->session(), owner);
    };
    VERIFY_RESULT(state(m_large));
    QCOMPARE(*state(m_large), embed::VectorIndexState::Missing);
    VERIFY_RESULT(embed::keepVectorIndexes(m_store->session(), HnswProfile::Fast));
    QCOMPARE(*state(m_large), embed::VectorIndexState::Unmeasured);
    QCOMPARE(*state(m_small), embed::VectorIndexState::Missing);
}

void TestVectorRecall::shallowSearchLosesSome()
{
    const auto recall = measure({.owner = m_large}, HnswProfile::Fast);
    VERIFY_RESULT(recall);
    QCOMPARE(recall->queries, kQueries);
    QVERIFY2(recall->at10 < 0.99, qPrintable(QString::number(recall->at10)));
    QVERIFY(recall->at10 > 0);
    QVERIFY(recall->worstAt10 <= recall->at10);
    QVERIFY(recall->search.p50 > 0 && recall->exact.p50 > 0);
}

void TestVectorRecall::deepSearchFindsNearlyAll()
{
    const auto recall = measure({.owner = m_large}, HnswProfile::Accurate);
    VERIFY_RESULT(recall);
    QVERIFY2(recall->at10 > 0.9, qPrintable(QString::number(recall->at10)));
    QCOMPARE(recall->shortAnswers, 0);
}

void TestVectorRecall::exactSearchFindsAll()
{
    const SearchQuery part{.owner = m_large, .metadataFilter = {{"part", 0}}};
    for (const SearchQuery &query : {SearchQuery{.owner = m_small}, part}) {
        const auto recall = measure(query, HnswProfile::Fast);
        VERIFY_RESULT(recall);
        QCOMPARE(recall->at10, 1.0);
        QCOMPARE(recall->worstAt10, 1.0);
        QCOMPARE(recall->shortAnswers, 0);
    }
    const OwnerId nobody = ownerId(QStringLiteral("nobody"));
    QCOMPARE(measure({.owner = nobody}, HnswProfile::Fast)->at10, 1.0);
}

void TestVectorRecall::wholeOwner()
{
    testing::DeterministicEmbedder embedder;
    const auto check = [&](const OwnerId &owner, HnswProfile profile) {
        const auto inTransaction = [&](const RecallWork &work) { return m_store->as(owner, work); };
        return measureOwnerRecall(inTransaction, embedder, owner, profile, [] { return false; });
    };
    const auto large = check(m_large, HnswProfile::Accurate);
    VERIFY_RESULT(large);
    QCOMPARE(large->passages, 11'000);
    QVERIFY(large->hasIndex);
    QCOMPARE(large->queries, 20);
    QVERIFY2(large->recall > 0.9, qPrintable(QString::number(large->recall)));
    QVERIFY(large->worstRecall <= large->recall);
    QVERIFY(large->searchMs > 0 && large->comparisonMs > 0);

    const auto small = check(m_small, HnswProfile::Fast);
    VERIFY_RESULT(small);
    QCOMPARE(small->passages, 50);
    QVERIFY(!small->hasIndex);
    QCOMPARE(small->queries, 0);
    QCOMPARE(small->recall, 1.0);

    // A model that cannot be reached.
    embedder.failNext(1);
    QVERIFY(!check(m_large, HnswProfile::Accurate));

    const auto nobody = check(ownerId(QStringLiteral("nobody")), HnswProfile::Fast);
    QVERIFY(!nobody);
    QCOMPARE(nobody.error().kind, ErrorKind::NotFound);
}

QTEST_GUILESS_MAIN(TestVectorRecall)
#include "tst_vector_recall.moc"
