#include "core/search/search_service.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/numbered_ledgers.h"
#include "tests/core/search/scripted_reranker.h"

#include <atomic>
#include <thread>

using namespace llmemory;
using namespace std::chrono_literals;
using search::SearchOptions;
using search::SearchService;
using testing::DocumentStore;
using testing::ownerId;
using testing::ScriptedReranker;
using testing::TemporarySchema;

namespace {

const auto kNever = [] { return false; };

} // namespace

/// Searches that are reranked, on a real database and pool.
class TestSearchReranking : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void w8_rerankerSeesTopKWhateverTheLimit();
    void candidatesBehindTopKFollow();
    void rerankingFollowsTheConfiguration();
    void lexicalByDefault();
    void brokenRerankerIsReplaced();
    void slowRerankerIsReplaced();
    void expansionAndRerankingTogether_data();
    void expansionAndRerankingTogether();
    void manyAtOnce();

private:
    /// With a pool of four and this configuration.
    std::unique_ptr<SearchService> service(const Config::Search &config = {},
                                           const SearchOptions &options = {}) const
    {
        return std::make_unique<SearchService>(m_database->manager(4),
                                               std::make_shared<testing::DeterministicEmbedder>(),
                                               config,
                                               options);
    }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
};

void TestSearchReranking::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
    VERIFY_RESULT(testing::addNumberedLedgers(*m_store));
}

void TestSearchReranking::w8_rerankerSeesTopKWhateverTheLimit()
{
    Config::Search config;
    const auto reranker = std::make_shared<ScriptedReranker>(); // turns the order round
    config.reranker = reranker;
    const auto service = this->service(config);
    SearchQuery query = testing::numberedLedgers(30);
    const auto plain = service->search(query, kNever);
    VERIFY_RESULT(plain);
    QVERIFY(reranker->lastPassages().isEmpty());

    query.limit = 3;
    query.rerank = true;
    query.rerankTopK = 20;
    query.explain = true;
    const auto answer = service->search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(reranker->lastPassages().size(), 20);
    QCOMPARE(reranker->lastPassages().first(), plain->hits.first().content);
    QCOMPARE(answer->note, QString());
    QCOMPARE(answer->hits.size(), 3);
    for (int i = 0; i < 3; ++i) {
        const SearchHit &hit = answer->hits.at(i);
        const SearchHit &before = plain->hits.at(19 - i);
        QCOMPARE(hit.chunk, before.chunk);
        QCOMPARE(hit.rank, i + 1);
        QCOMPARE(hit.rerankScore, std::optional<double>(19 - i));
        QCOMPARE(hit.score, 19 - i + 0.001 * before.score);
        QCOMPARE(hit.rrfScore, before.rrfScore);
        QCOMPARE(toQString(hit.explain["rerank"]["reranker"]), QStringLiteral("scripted"));
        QVERIFY(hit.explain["rerank"]["rank_before"] == 20 - i);
        QVERIFY(hit.explain["rerank"]["rank"] == i + 1);
    }
    query.rerankReturnK = 7;
    const auto seven = service->search(query, kNever);
    VERIFY_RESULT(seven);
    QCOMPARE(seven->hits.size(), 7);
    QVERIFY(testing::isOrdered(*seven));
}

void TestSearchReranking::candidatesBehindTopKFollow()
{
    Config::Search config;
    config.reranker = std::make_shared<ScriptedReranker>();
    const auto service = this->service(config);
    SearchQuery query = testing::numberedLedgers(30);
    const auto plain = service->search(query, kNever);
    VERIFY_RESULT(plain);
    query.rerank = true;
    query.rerankTopK = 5;
    const auto whole = service->search(query, kNever);
    VERIFY_RESULT(whole);
    QCOMPARE(whole->hits.size(), 30);
    QVERIFY(testing::isOrdered(*whole));
    QStringList expected = testing::originsOf(*plain);
    std::reverse(expected.begin(), expected.begin() + 5);
    QCOMPARE(testing::originsOf(*whole), expected);
    QVERIFY(whole->hits.at(4).rerankScore);
    QVERIFY(!whole->hits.at(5).rerankScore);

    query.limit = 4;
    query.offset = 3;
    const auto page = service->search(query, kNever);
    VERIFY_RESULT(page);
    QCOMPARE(testing::originsOf(*page), expected.mid(3, 4));
    QCOMPARE(page->hits.first().rank, 4);
}

void TestSearchReranking::rerankingFollowsTheConfiguration()
{
    Config::Search config;
    const auto reranker = std::make_shared<ScriptedReranker>();
    config.reranker = reranker;
    config.rerank = true;
    config.rerankTopK = 12;
    const auto service = this->service(config);
    SearchQuery query = testing::numberedLedgers(3);
    const auto answer = service->search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(reranker->lastPassages().size(), 12);
    QCOMPARE(answer->hits.size(), 3);
    QVERIFY(answer->hits.first().rerankScore);
    query.rerank = false;
    const auto without = service->search(query, kNever);
    VERIFY_RESULT(without);
    QVERIFY(!without->hits.first().rerankScore);
}

void TestSearchReranking::lexicalByDefault()
{
    SearchQuery query = testing::numberedLedgers(3);
    query.text = QStringLiteral("ledger number 17");
    query.rerank = true;
    query.explain = true;
    for (const SearchMode mode : {SearchMode::Hybrid, SearchMode::Vector, SearchMode::Text}) {
        query.mode = mode;
        const auto answer = service()->search(query, kNever);
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
        QCOMPARE(toQString(answer->hits.first().explain["rerank"]["reranker"]),
                 QStringLiteral("lexical"));
        QVERIFY(answer->hits.first().rerankScore > answer->hits.at(1).rerankScore);
        QVERIFY(testing::isOrdered(*answer));
        QCOMPARE(answer->note, QString());
    }
    query.owner = ownerId(QStringLiteral("nobody"));
    const auto nothing = service()->search(query, kNever);
    VERIFY_RESULT(nothing);
    QVERIFY(nothing->hits.isEmpty());
}

void TestSearchReranking::brokenRerankerIsReplaced()
{
    Config::Search config;
    config.reranker =
        std::make_shared<ScriptedReranker>([](qsizetype) { return std::vector<double>{1}; });
    SearchQuery query = testing::numberedLedgers(3);
    query.text = QStringLiteral("ledger number 17");
    query.rerank = true;
    const auto answer = service(config)->search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
    QVERIFY(answer->note.startsWith(QLatin1String("Reranked by words only: ")));
}

void TestSearchReranking::slowRerankerIsReplaced()
{
    Config::Search config;
    config.reranker = std::make_shared<ScriptedReranker>(ScriptedReranker::numbered, 400ms);
    const auto impatient = service(config, {.rerankTimeLimit = 60ms});
    SearchQuery query = testing::numberedLedgers(3);
    query.text = QStringLiteral("ledger number 17");
    query.rerank = true;
    const auto answer = impatient->search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
    QVERIFY(answer->note.contains(QLatin1String("in time")));
    QVERIFY(answer->tookMs.rerank >= 60);
    QVERIFY(answer->tookMs.rerank < 350);
}

void TestSearchReranking::expansionAndRerankingTogether_data()
{
    QTest::addColumn<SearchMode>("mode");
    QTest::newRow("hybrid") << SearchMode::Hybrid;
    QTest::newRow("text") << SearchMode::Text;
    QTest::newRow("vector") << SearchMode::Vector;
}

void TestSearchReranking::expansionAndRerankingTogether()
{
    QFETCH(SearchMode, mode);
    SearchQuery query = testing::numberedLedgers(4);
    query.text = QStringLiteral("the ledger with the number 17");
    query.mode = mode;
    query.queryExpansion = true;
    query.maxQueryVariants = 8;
    query.rerank = true;
    query.includeParentContext = true;
    const auto answer = service()->search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 4);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
    QVERIFY(testing::isOrdered(*answer));
    QVERIFY(answer->hits.first().rrfScore);
    QVERIFY(answer->tookMs.total > 0);
}

void TestSearchReranking::manyAtOnce()
{
    Config::Search config;
    config.reranker = std::make_shared<ScriptedReranker>(ScriptedReranker::numbered, 5ms);
    SearchService service(
        m_database->manager(4), std::make_shared<testing::DeterministicEmbedder>(), config);
    SearchQuery query = testing::numberedLedgers(3);
    query.text = QStringLiteral("the number of the ledger");
    query.queryExpansion = true;
    query.maxQueryVariants = 8;
    query.rerank = true;
    std::atomic_int good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 20; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 5; ++i) {
                const auto answer = service.search(query, kNever);
                if (answer && answer->hits.size() == 3 && answer->note.isEmpty())
                    ++good;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(good.load(), 100);
}

QTEST_GUILESS_MAIN(TestSearchReranking)
#include "tst_search_reranking.moc"
