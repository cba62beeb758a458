#include "core/search/search_service.h"
#include "core/search/vector_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/numbered_ledgers.h"

#include <QElapsedTimer>

#include <thread>

using namespace llmemory;
using db::Session;
using db::Statement;
using search::SearchOptions;
using search::SearchService;
using testing::documentInput;
using testing::DocumentStore;
using testing::englishText;
using testing::ownerId;
using testing::TemporarySchema;

namespace {

const auto kNever = [] { return false; };

/// The real one, which can be broken; counts, and knows whether a connection's thread asked.
class CountingEmbedder final : public embed::Embedder
{
public:
    QString modelId() const override { return m_real.modelId(); }
    int dimension() const override { return m_real.dimension(); }
    Result<std::vector<embed::Vector>> embedDocuments(const QList<QString> &texts) const override
    {
        return m_real.embedDocuments(texts);
    }
    Result<embed::Vector> embedQuery(const QString &text) const override
    {
        queries << text;
        elsewhere = elsewhere || std::this_thread::get_id() != home;
        if (broken)
            return Error{.kind = ErrorKind::Embedding, .message = QStringLiteral("It is down.")};
        return m_real.embedQuery(text);
    }

    const std::thread::id home = std::this_thread::get_id();
    mutable QStringList queries;
    mutable bool elsewhere = false;
    bool broken = false;

private:
    testing::DeterministicEmbedder m_real;
};

} // namespace

/// Every way of searching, on a real database and pool; reranking has its own test.
class TestSearchService : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void expansionChangesTheOrder();
    void expansionFollowsTheConfiguration();
    void textSyntaxIsNotEmbedded_data();
    void textSyntaxIsNotEmbedded();
    void withoutVectorsAllWordingsSearchWords();
    void summaries();
    void documentsOfTheHits();
    void pagesOfManyHits();
    void routes();
    void profileSetsEfSearch();
    void cancelledWhileTheDatabaseWorks_data();
    void cancelledWhileTheDatabaseWorks();
    void closedPoolAnswers();

private:
    /// With a pool of four and this configuration.
    std::unique_ptr<SearchService> service(const Config::Search &config = {},
                                           const SearchOptions &options = {}) const
    {
        return std::make_unique<SearchService>(
            m_database->manager(4), std::make_shared<CountingEmbedder>(), config, options);
    }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
};

void TestSearchService::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
    VERIFY_RESULT(testing::addNumberedLedgers(*m_store));
    const OwnerId cook = ownerId(QStringLiteral("cook"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(cook,
                      QStringLiteral("words"),
                      QStringLiteral("apple pie apple pie of red apple pie of red apple pie"))));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(
        cook,
        QStringLiteral("phrase"),
        QStringLiteral("Once upon a time there was a cake, and an apple pie red as the best of "
                       "all; grandmother kept it on a shelf."))));
}

void TestSearchService::expansionChangesTheOrder()
{
    SearchQuery query;
    query.owner = ownerId(QStringLiteral("cook"));
    query.text = QStringLiteral("the apple pie red and");
    query.mode = SearchMode::Text;
    query.explain = true;
    const auto service = this->service();
    const auto plain = service->search(query, kNever);
    VERIFY_RESULT(plain);
    QCOMPARE(testing::originsOf(*plain),
             QStringList({QStringLiteral("words"), QStringLiteral("phrase")}));
    QVERIFY(!plain->hits.first().rrfScore);
    QVERIFY(!plain->hits.first().explain.contains("expansion"));

    query.text = QStringLiteral("apple pie red");
    query.queryExpansion = true;
    query.maxQueryVariants = 8;
    const auto expanded = service->search(query, kNever);
    VERIFY_RESULT(expanded);
    QCOMPARE(testing::originsOf(*expanded),
             QStringList({QStringLiteral("phrase"), QStringLiteral("words")}));
    const SearchHit &first = expanded->hits.first();
    QCOMPARE(first.score, 1.0 / 52 + 1.0 / 52 + 1.0 / 51);
    QCOMPARE(first.rrfScore, std::optional<double>(first.score));
    const Json wordings = first.explain["expansion"]["variants"];
    QCOMPARE(wordings.size(), size_t(3));
    QCOMPARE(toQString(wordings[1]["query"]), QStringLiteral("apple OR pie OR red"));
    QVERIFY(wordings[1]["rank"] == 2);
    QCOMPARE(toQString(wordings[2]["query"]), QStringLiteral("\"apple pie red\""));
    QVERIFY(wordings[2]["rank"] == 1);
    QVERIFY(expanded->hits.last().explain["expansion"]["variants"][2]["rank"].is_null());
    // What is marked is what was asked for.
    QVERIFY(!first.highlights.isEmpty());

    query.maxQueryVariants = 2;
    const auto two = service->search(query, kNever);
    VERIFY_RESULT(two);
    QCOMPARE(testing::originsOf(*two), testing::originsOf(*plain));
}

void TestSearchService::expansionFollowsTheConfiguration()
{
    Config::Search config;
    config.queryExpansion = true;
    config.maxQueryVariants = 2;
    const auto service = this->service(config);
    SearchQuery query = testing::numberedLedgers(5);
    query.text = QStringLiteral("the number of the ledger");
    query.explain = true;
    const auto configured = service->search(query, kNever);
    VERIFY_RESULT(configured);
    QCOMPARE(configured->hits.first().explain["expansion"]["variants"].size(), size_t(2));
    query.queryExpansion = false;
    const auto without = service->search(query, kNever);
    VERIFY_RESULT(without);
    QVERIFY(!without->hits.first().explain.contains("expansion"));
}

void TestSearchService::textSyntaxIsNotEmbedded_data()
{
    QTest::addColumn<SearchMode>("mode");
    QTest::addColumn<double>("alpha");
    QTest::addColumn<int>("wordings");
    QTest::addColumn<int>("embedded");
    QTest::newRow("hybrid") << SearchMode::Hybrid << 0.5 << 4 << 2;
    QTest::newRow("hybrid, vectors alone") << SearchMode::Hybrid << 1.0 << 2 << 2;
    QTest::newRow("vector") << SearchMode::Vector << 0.5 << 2 << 2;
    QTest::newRow("text") << SearchMode::Text << 0.5 << 4 << 0;
}

void TestSearchService::textSyntaxIsNotEmbedded()
{
    QFETCH(SearchMode, mode);
    QFETCH(double, alpha);
    QFETCH(int, wordings);
    QFETCH(int, embedded);
    const auto embedder = std::make_shared<CountingEmbedder>();
    SearchService service(m_database->manager(2), embedder, Config::Search());
    SearchQuery query = testing::numberedLedgers(5);
    query.text = QStringLiteral("the number of the ledger");
    query.mode = mode;
    query.alpha = alpha;
    query.queryExpansion = true;
    query.maxQueryVariants = 8;
    query.explain = true;
    const auto answer = service.search(query, kNever);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 5);
    QVERIFY(testing::isOrdered(*answer));
    QCOMPARE(answer->hits.first().explain["expansion"]["variants"].size(), size_t(wordings));
    QCOMPARE(embedder->queries.size(), embedded);
    for (const QString &text : std::as_const(embedder->queries))
        QVERIFY(!text.contains(QLatin1String(" OR ")) && !text.contains(QLatin1Char('"')));
    QVERIFY2(!embedder->elsewhere, "a connection waited for the model");
}

void TestSearchService::withoutVectorsAllWordingsSearchWords()
{
    const auto embedder = std::make_shared<CountingEmbedder>();
    embedder->broken = true;
    SearchService service(m_database->manager(2), embedder, Config::Search());
    SearchQuery query = testing::numberedLedgers(5);
    query.text = QStringLiteral("the number of the ledger");
    query.queryExpansion = true;
    const auto hybrid = service.search(query, kNever);
    VERIFY_RESULT(hybrid);
    QCOMPARE(hybrid->hits.size(), 5);
    QCOMPARE(hybrid->note, QStringLiteral("Found by words only: It is down."));
    query.mode = SearchMode::Vector;
    const auto vector = service.search(query, kNever);
    QVERIFY(!vector);
    QCOMPARE(vector.error().kind, ErrorKind::Embedding);
}

void TestSearchService::summaries()
{
    const OwnerId owner = ownerId(QStringLiteral("summaries"));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(owner, QStringLiteral("a"), englishText(3))));
    SearchQuery query;
    query.owner = owner;
    query.text = QStringLiteral("ledger");
    const auto without = service()->search(query, kNever);
    VERIFY_RESULT(without);
    QCOMPARE(without->hits.first().summary, QString());
    const auto with = service({}, {.summaryMaxTokens = 24})->search(query, kNever);
    VERIFY_RESULT(with);
    QCOMPARE(
        with->hits.first().summary,
        QStringLiteral("The harbour master keeps a ledger of every vessel that enters the..."));
}

void TestSearchService::documentsOfTheHits()
{
    const OwnerId owner = ownerId(QStringLiteral("documents"));
    for (const QString &id : {QStringLiteral("storms"), QStringLiteral("fees")}) {
        DocumentInput input = documentInput(owner, id, englishText(40));
        input.name = QStringLiteral("About %1").arg(id);
        input.metadata = {{"shelf", 7}};
        VERIFY_RESULT(m_store->addEmbedded(input));
    }
    SearchQuery query;
    query.owner = owner;
    query.text = QStringLiteral("captain signs the ledger, page 7");
    query.limit = 12;
    const auto service = this->service();
    for (const bool rerank : {false, true}) {
        query.rerank = rerank;
        const auto found = service->searchWithDocuments(query, true, kNever);
        VERIFY_RESULT(found);
        QCOMPARE(found->answer.hits.size(), 12);
        QList<DocumentId> byHit;
        for (const SearchHit &hit : found->answer.hits) {
            if (!byHit.contains(hit.document))
                byHit << hit.document;
            QVERIFY(hit.documentMetadata["shelf"] == 7);
        }
        QList<DocumentId> documents;
        for (const Document &document : found->documents) {
            documents << document.id;
            QCOMPARE(document.name, QStringLiteral("About ") + document.idAtOrigin);
            QCOMPARE(document.owner, owner);
            QVERIFY(document.metadata["shelf"] == 7);
            QVERIFY(document.chunkCount > 0);
        }
        QCOMPARE(documents, byHit);
    }
    const auto bare = service->searchWithDocuments(query, false, kNever);
    VERIFY_RESULT(bare);
    QCOMPARE(bare->documents.size(), 2);
    for (const Document &document : bare->documents)
        QVERIFY(document.metadata == Json::object());
    for (const SearchHit &hit : bare->answer.hits)
        QVERIFY(hit.documentMetadata == Json::object());

    query.owner = ownerId(QStringLiteral("nobody"));
    const auto nothing = service->searchWithDocuments(query, true, kNever);
    VERIFY_RESULT(nothing);
    QVERIFY(nothing->documents.isEmpty());
}

void TestSearchService::pagesOfManyHits()
{
    const auto service = this->service();
    SearchQuery query = testing::numberedLedgers(30);
    query.mode = SearchMode::Text;
    const auto all = service->search(query, kNever);
    VERIFY_RESULT(all);
    QCOMPARE(all->hits.size(), 30);
    query.offset = 7;
    query.limit = 9;
    const auto page = service->search(query, kNever);
    VERIFY_RESULT(page);
    QCOMPARE(page->hits.size(), 9);
    for (qsizetype i = 0; i < 9; ++i) {
        const SearchHit &hit = page->hits.at(i);
        QCOMPARE(hit.rank, int(8 + i));
        QCOMPARE(hit.chunk, all->hits.at(7 + i).chunk);
        QVERIFY(!hit.highlights.isEmpty());
    }
}

void TestSearchService::routes()
{
    const auto service = this->service();
    RoutedQuery routed{testing::numberedLedgers(3)};
    const auto found = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(found);
    QCOMPARE(found->route, Route::Retrieval);
    QCOMPARE(found->confidence, 0.9);
    QVERIFY(found->answer.has_value());
    QCOMPARE(found->answer->hits.size(), 3);
    QCOMPARE(found->message, QString());

    routed.query.text = QStringLiteral("What is the weather today?");
    const auto web = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(web);
    QCOMPARE(web->route, Route::WebSearch);
    QVERIFY(!web->answer);
    QVERIFY(!web->message.isEmpty());
    QVERIFY(!web->reason.isEmpty());

    routed.threshold = 0.9; // more than the rule is sure of
    const auto sceptical = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(sceptical);
    QCOMPARE(sceptical->route, Route::Retrieval);
    QVERIFY(sceptical->answer.has_value());

    routed.threshold = 0.7;
    routed.enabled = false;
    const auto off = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(off);
    QCOMPARE(off->route, Route::Retrieval);
    QVERIFY(off->answer.has_value());

    routed.enabled = true;
    routed.query.owner = ownerId(QStringLiteral("nobody"));
    const auto nobody = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(nobody);
    QCOMPARE(nobody->route, Route::Unanswerable);
    QVERIFY(!nobody->answer);

    // The same words make a difference where a document has them.
    const OwnerId sailor = ownerId(QStringLiteral("sailor"));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(
        sailor, QStringLiteral("log"), QStringLiteral("The weather was foul off the cape."))));
    routed.query.owner = sailor;
    const auto logged = service->searchWithRouting(routed, kNever);
    VERIFY_RESULT(logged);
    QCOMPARE(logged->route, Route::Retrieval);
    QCOMPARE(testing::originsOf(*logged->answer), QStringList(QStringLiteral("log")));

    routed.threshold = 1.5;
    const auto wrong = service->searchWithRouting(routed, kNever);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().field, QStringLiteral("routing_threshold"));
    routed.threshold = 0.5;
    routed.query.limit = 0;
    const auto unchecked = service->searchWithRouting(routed, kNever);
    QVERIFY(!unchecked);
    QCOMPARE(unchecked.error().field, QStringLiteral("limit"));
}

void TestSearchService::profileSetsEfSearch()
{
    static constexpr Statement kPretend{
        "pretend", "UPDATE {{tables.owners}} SET chunk_count = 1000000 WHERE owner_id = $1"};
    static constexpr Statement kSetting{"setting",
                                        "SELECT current_setting('hnsw.ef_search', true)"};
    const OwnerId owner = ownerId(QStringLiteral("profile"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("a"), QStringLiteral("A ledger"))));
    VERIFY_RESULT(m_store->session().execute(kPretend, {owner.toString()}));
    const auto vector = testing::DeterministicEmbedder().embedQuery(QStringLiteral("ledger"));
    VERIFY_RESULT(vector);
    SearchQuery query;
    query.owner = owner;
    const std::pair<HnswProfile, QString> profiles[] = {
        {HnswProfile::Fast, QStringLiteral("40")},
        {HnswProfile::Balanced, QStringLiteral("200")},
        {HnswProfile::Accurate, QStringLiteral("400")},
    };
    for (const auto &[profile, expected] : profiles) {
        const auto before = m_store->session().queryOne(kSetting);
        VERIFY_RESULT(before);
        const auto during = m_store->as(owner, [&, p = profile](Session &s) -> Result<QString> {
            auto found = search::searchVectors(s, query, *vector, 10, p);
            if (!found)
                return found.error();
            auto setting = s.queryOne(kSetting);
            if (!setting)
                return setting.error();
            return setting->text(0);
        });
        VERIFY_RESULT(during);
        QCOMPARE(*during, expected);
        // For that transaction only: a pooler may give the connection to somebody else.
        const auto after = m_store->session().queryOne(kSetting);
        VERIFY_RESULT(after);
        QVERIFY(after->text(0).isEmpty() || after->text(0) == QLatin1String("40"));
    }
}

void TestSearchService::cancelledWhileTheDatabaseWorks_data()
{
    QTest::addColumn<bool>("expand");
    QTest::newRow("one wording") << false;
    QTest::newRow("several wordings") << true;
}

void TestSearchService::cancelledWhileTheDatabaseWorks()
{
    const QString lock =
        QStringLiteral("LOCK TABLE {{tables.document_chunks}} IN ACCESS EXCLUSIVE MODE");
    QFETCH(bool, expand);
    const auto service = this->service();
    SearchQuery query = testing::numberedLedgers(3);
    query.text = QStringLiteral("the number of the ledger");
    query.queryExpansion = expand;
    const auto held = m_store->as(query.owner, [&](Session &session) -> Result<> {
        if (auto ok = session.runScript(QStringLiteral("lock"), lock); !ok)
            return ok.error();
        QElapsedTimer timer;
        timer.start();
        const auto answer = service->search(query, [&] { return timer.elapsed() > 100; });
        [&] {
            QVERIFY(!answer);
            QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
            QVERIFY(timer.elapsed() < 2000);
        }();
        return {};
    });
    VERIFY_RESULT(held);
    // The connections are as good as before.
    const auto again = service->search(query, kNever);
    VERIFY_RESULT(again);
    QCOMPARE(again->hits.size(), 3);
    const auto before = service->search(query, [] { return true; });
    QVERIFY(!before);
    QCOMPARE(before.error().kind, ErrorKind::Cancelled);
}

void TestSearchService::closedPoolAnswers()
{
    const auto manager = m_database->manager(2);
    SearchService service(manager, std::make_shared<CountingEmbedder>(), Config::Search());
    manager.pool()->close();
    SearchQuery query = testing::numberedLedgers(3);
    for (const bool expand : {false, true}) {
        query.queryExpansion = expand;
        const auto answer = service.search(query, kNever);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
    }
}

QTEST_GUILESS_MAIN(TestSearchService)
#include "tst_search_service.moc"
