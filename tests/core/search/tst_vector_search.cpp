#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_tuning.h"
#include "core/eval/vector_recall.h"
#include "core/search/vector_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"
#include "tests/core/embed/vector_rows.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace llmemory;
using testing::ownerId;

namespace {

constexpr int kDocuments = 110;
constexpr int kPassages = 100;

constexpr db::Statement kScans{
    "index_scans",
    "SELECT idx_scan FROM pg_catalog.pg_stat_user_indexes WHERE schemaname = $1 "
    "AND indexrelname = $2"};
constexpr db::Statement kDepth{"depth", "SELECT current_setting('hnsw.ef_search')"};
// The server's counters are up to a second late otherwise; counts from the next statement on.
constexpr db::Statement kFlush{"flush_statistics", "SELECT pg_stat_force_next_flush()"};

} // namespace

/// The vector leg on an owner who is large enough for an index, among others.
class TestVectorSearch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void limits();
    void profiles();
    void smallOwnersGetTheExactAnswer();
    void largeOwnersUseTheirIndex();
    void narrowFiltersGetTheExactAnswer();
    void wideFiltersUseTheIndex();
    void givesAsManyAsThereAre();
    void searchesAsFarAsTheIndexNeeds();
    void sizesMayBeOutdated();
    void searchesExactlyWithoutTheIndex();
    void recallIsMeasured();

private:
    Result<QList<search::Ranked>> find(const SearchQuery &query, int most, bool exactly = false);
    qint64 indexScans();
    /// Mean share of the best ten that the search finds.
    double recall(const SearchQuery &query);

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<testing::DocumentStore> m_store;
    embed::Vector m_vector;
    std::mt19937 m_random{7};
};

void TestVectorSearch::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    QVERIFY2(m_database->isAvailable(), qPrintable(m_database->reason()));
    m_store = std::make_unique<testing::DocumentStore>(*m_database);
    const int dimension = testing::DeterministicEmbedder::kDimension;
    VERIFY_RESULT(testing::addVectorRows(
        m_store->session(), {ownerId(QStringLiteral("large")), kDocuments, kPassages, dimension}));
    VERIFY_RESULT(testing::addVectorRows(m_store->session(),
                                         {ownerId(QStringLiteral("small")), 20, 15, dimension}));
    const auto built = embed::keepVectorIndexes(m_store->session(), HnswProfile::Balanced);
    VERIFY_RESULT(built);
    QCOMPARE(built->built, 1);
    m_vector.resize(size_t(dimension));
}

Result<QList<search::Ranked>> TestVectorSearch::find(const SearchQuery &query,
                                                     int most,
                                                     bool exactly)
{
    return m_store->as(query.owner, [&](db::Session &s) {
        return exactly ? search::searchVectorsExactly(s, query, m_vector, most)
                       : search::searchVectors(s, query, m_vector, most, HnswProfile::Balanced);
    });
}

qint64 TestVectorSearch::indexScans()
{
    if (!m_store->session().query(kFlush))
        return -1;
    const auto row = m_store->session().queryOne(
        kScans,
        {m_database->schema(),
         embed::vectorIndexName(m_store->session().names().embeddingsTable(),
                                ownerId(QStringLiteral("large")))});
    return row ? row->bigint(0) : -1;
}

double TestVectorSearch::recall(const SearchQuery &query)
{
    constexpr int kQueries = 20;
    std::normal_distribution<float> normal;
    int found = 0;
    for (int i = 0; i < kQueries; ++i) {
        float length = 0;
        for (float &value : m_vector) {
            value = normal(m_random);
            length += value * value;
        }
        for (float &value : m_vector)
            value /= std::sqrt(length);
        const auto best = find(query, 10, true);
        const auto seen = find(query, 100);
        if (!best || !seen || best->size() != 10 || seen->size() != 100)
            return -1;
        for (const search::Ranked &wanted : *best) {
            found += std::any_of(seen->begin(), seen->begin() + 10, [&](const auto &entry) {
                return entry.chunk == wanted.chunk;
            });
        }
    }
    return found / (10.0 * kQueries);
}

void TestVectorSearch::limits()
{
    QCOMPARE(search::exactUpTo(11'000, 40), embed::kExactPassages);
    // Without a filter all are kept: 50 comparisons for a candidate.
    QVERIFY(search::exactUpTo(20'001, 400) < 20'001);
    QVERIFY(search::exactUpTo(19'999, 400) >= 19'999);
    QCOMPARE(search::exactUpTo(1'250'000, 200), 50'000);
    QCOMPARE(search::efSearchUnderFilter(200, 1'000, 1'000), 200);
    QCOMPARE(search::efSearchUnderFilter(200, 1'000, 250), 400);
    QCOMPARE(search::efSearchUnderFilter(200, 1'000'000, 1), 1'000);
    QCOMPARE(search::efSearchUnderFilter(200, 1'000, 0), 1'000);
}

void TestVectorSearch::profiles()
{
    QCOMPARE(search::efSearch(HnswProfile::Fast, 800), 40);
    QCOMPARE(search::efSearch(HnswProfile::Balanced, 0), 200);
    QCOMPARE(search::efSearch(HnswProfile::Balanced, 140), 140);
    QCOMPARE(search::efSearch(HnswProfile::Accurate, 140), 400);
    QCOMPARE(search::efSearch(HnswProfile::Accurate, 800), 800);
}

void TestVectorSearch::smallOwnersGetTheExactAnswer()
{
    const qint64 scans = indexScans();
    QCOMPARE(recall({.owner = ownerId(QStringLiteral("small"))}), 1.0);
    QCOMPARE(indexScans(), scans);
}

void TestVectorSearch::largeOwnersUseTheirIndex()
{
    const qint64 scans = indexScans();
    const double found = recall({.owner = ownerId(QStringLiteral("large"))});
    QVERIFY2(found >= 0.9, qPrintable(QString::number(found)));
    QCOMPARE(indexScans(), scans + 20);
}

void TestVectorSearch::narrowFiltersGetTheExactAnswer()
{
    const qint64 scans = indexScans();
    SearchQuery query{.owner = ownerId(QStringLiteral("large"))};
    query.metadataFilter = {{"part", 3}};
    QCOMPARE(recall(query), 1.0);
    QCOMPARE(indexScans(), scans);
}

void TestVectorSearch::wideFiltersUseTheIndex()
{
    const qint64 scans = indexScans();
    SearchQuery query{.owner = ownerId(QStringLiteral("large"))};
    for (int document = 1; document <= kDocuments - 5; ++document)
        query.idsAtOrigin << QString::number(document);
    const double found = recall(query);
    QVERIFY2(found >= 0.9, qPrintable(QString::number(found)));
    QCOMPARE(indexScans(), scans + 20);
}

void TestVectorSearch::givesAsManyAsThereAre()
{
    const SearchQuery query{.owner = ownerId(QStringLiteral("large"))};
    // An index scan that ends before it has met enough.
    const auto found =
        m_store->as(query.owner, [&](db::Session &s) -> Result<QList<search::Ranked>> {
            if (auto ok = s.runScript(QStringLiteral("early_end"),
                                      QStringLiteral("SET LOCAL hnsw.max_scan_tuples = 1"));
                !ok)
                return ok.error();
            return search::searchVectors(s, query, m_vector, 3'000, HnswProfile::Fast);
        });
    VERIFY_RESULT(found);
    QCOMPARE(found->size(), 3'000);
    const auto few = find({.owner = ownerId(QStringLiteral("small"))}, 3'000);
    VERIFY_RESULT(few);
    QCOMPARE(few->size(), 300);
}

void TestVectorSearch::searchesAsFarAsTheIndexNeeds()
{
    const OwnerId owner = ownerId(QStringLiteral("large"));
    const QString index = embed::vectorIndexIdentifier(m_store->session().names(), owner);
    const auto describe = [&](const QString &comment) {
        return m_store->session().runScript(
            QStringLiteral("describe"),
            QStringLiteral("COMMENT ON INDEX %1 IS '%2'").arg(index, comment));
    };
    const auto needs = [](int efSearch) {
        return embed::toComment({.efSearch = efSearch, .recallAt10 = 0.99, .passages = 9});
    };
    const auto depth = [&](HnswProfile profile) {
        return m_store->as(owner, [&](db::Session &s) -> Result<QString> {
            if (auto ok = search::searchVectors(s, {.owner = owner}, m_vector, 10, profile); !ok)
                return ok.error();
            const auto setting = s.queryOne(kDepth);
            return setting ? Result<QString>(setting->text(0)) : setting.error();
        });
    };
    QCOMPARE(depth(HnswProfile::Balanced).value_or(QString()), QStringLiteral("200"));
    VERIFY_RESULT(describe(needs(140)));
    QCOMPARE(depth(HnswProfile::Fast).value_or(QString()), QStringLiteral("40"));
    QCOMPARE(depth(HnswProfile::Balanced).value_or(QString()), QStringLiteral("140"));
    // So far that comparing all is cheaper.
    VERIFY_RESULT(describe(needs(800)));
    QVERIFY(depth(HnswProfile::Balanced).value_or(QString()) != QLatin1String("800"));
    VERIFY_RESULT(describe(QStringLiteral("the administrator''s own")));
    QCOMPARE(depth(HnswProfile::Balanced).value_or(QString()), QStringLiteral("200"));
}

void TestVectorSearch::sizesMayBeOutdated()
{
    const OwnerId large = ownerId(QStringLiteral("large"));
    const OwnerId small = ownerId(QStringLiteral("small"));
    search::OwnerSizeCache sizes(std::chrono::hours(1));
    const auto findWith = [&](const OwnerId &owner) {
        return m_store->as(owner, [&](db::Session &s) {
            return search::searchVectors(
                s, {.owner = owner}, m_vector, 100, HnswProfile::Balanced, &sizes);
        });
    };
    const auto asked = findWith(large);
    VERIFY_RESULT(asked);
    QCOMPARE(asked->size(), 100);
    QCOMPARE(sizes.find(large)->passages, kDocuments * kPassages);

    const qint64 scans = indexScans();
    sizes.insert(large, {.passages = 10, .efSearch = 0}); // as long as it was small
    const auto compared = findWith(large);
    VERIFY_RESULT(compared);
    QCOMPARE(indexScans(), scans);
    QCOMPARE(compared->first().chunk, find({.owner = large}, 1, true)->first().chunk);
    QCOMPARE(compared->size(), 100);

    sizes.insert(small, {.passages = 1'000'000, .efSearch = 100}); // there is no index any more
    const auto few = findWith(small);
    VERIFY_RESULT(few);
    QCOMPARE(few->size(), 100);
    QCOMPARE(few->last().chunk, find({.owner = small}, 100, true)->last().chunk);
}

void TestVectorSearch::searchesExactlyWithoutTheIndex()
{
    VERIFY_RESULT(testing::addVectorRows(m_store->session(),
                                         {ownerId(QStringLiteral("new")),
                                          kDocuments,
                                          kPassages,
                                          testing::DeterministicEmbedder::kDimension}));
    QCOMPARE(recall({.owner = ownerId(QStringLiteral("new"))}), 1.0);
}

void TestVectorSearch::recallIsMeasured()
{
    const testing::DeterministicEmbedder embedder;
    const auto measured = [&](const char *name, HnswProfile profile) {
        const OwnerId owner = ownerId(QLatin1String(name));
        return m_store->as(owner, [&](db::Session &s) -> Result<eval::VectorRecall> {
            const auto queries = embed::sampleQueries(s, owner, 20);
            if (!queries)
                return queries.error();
            QList<embed::Vector> vectors;
            for (const QString &query : *queries)
                vectors += embedder.embedQuery(query).value_or(embed::Vector());
            return eval::measureVectorRecall(s, {.owner = owner}, vectors, profile);
        });
    };
    const auto small = measured("small", HnswProfile::Fast);
    VERIFY_RESULT(small);
    QVERIFY(small->queries > 0);
    QCOMPARE(small->at10, 1.0);
    const auto large = measured("large", HnswProfile::Accurate);
    VERIFY_RESULT(large);
    QVERIFY(large->at10 >= 0.95);
    QVERIFY(large->worstAt10 <= large->at10);
    const auto nobody = measured("nobody", HnswProfile::Fast);
    VERIFY_RESULT(nobody);
    QCOMPARE(nobody->queries, 0);
}

QTEST_GUILESS_MAIN(TestVectorSearch)
#include "tst_vector_search.moc"
