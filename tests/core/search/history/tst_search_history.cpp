#include "core/memory.h"
#include "core/search/history/history_repository.h"
#include "core/search/history/search_history.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QSemaphore>

using namespace llmemory;
using search::HistoryCleaner;
using search::HistoryWriter;
using search::SearchHistory;
using testing::await;
using testing::plainDocument;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr db::Statement kRowsLeft{
    "rows_left",
    "SELECT (SELECT count(*) FROM {{tables.search_history}} WHERE owner_id = $1), "
    "(SELECT count(*) FROM {{tables.search_results}} WHERE owner_id = $1)"};

bool never()
{
    return false;
}

OwnerId ownerId(const char *text)
{
    return *OwnerId::parse(QString::fromLatin1(text));
}

/// A search with these passages, as many days ago.
SearchRecord recordOf(const OwnerId &owner,
                      const QString &text,
                      const QList<SearchedPassage> &results = {},
                      int daysAgo = 0)
{
    return {.id = SearchId::create(),
            .owner = owner,
            .text = text,
            .mode = SearchMode::Text,
            .options = Json::object(),
            .resultCount = int(results.size()),
            .tookMs = {},
            .createdAt = QDateTime::currentDateTimeUtc().addDays(-daysAgo),
            .results = results};
}

SearchedPassage passageOf(const DocumentId &document, int rank)
{
    return {.rank = rank,
            .chunk = ChunkId::create(),
            .document = document,
            .documentName = {},
            .score = 0.5};
}

} // namespace

/// What is kept of searches, and for how long.
class TestSearchHistory : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void searchesAreWrittenDown();
    void firstResultsAreKept();
    void unwantedSearchesAreNot();
    void replacedSearchesGo();
    void historyCanBeSwitchedOff();
    void closingWritesWhatIsQueued();
    void feedbackRightAfterTheSearch();
    void feedbackOnWhatIsNotThere();
    void clearingForgetsOneOwner();
    void resultsGoWithTheirDocument();
    void deletedDocumentCostsItsResultsOnly();
    void goesWithTheOwner();
    void oldSearchesAreForgotten();
    void writingForgetsOldSearches();
    void fullQueueDropsTheOldest();
    void waitingCanBeCancelled();
    void pagesAreChecked();

private:
    Memory &memory() { return *m_memory; }
    AddedDocument add(const OwnerId &owner, const char *origin, const char *text);
    Result<SearchAnswer> find(const SearchQuery &query);
    Result<SearchAnswer> find(const OwnerId &owner, const char *text);
    QList<SearchRecord> history(const OwnerId &owner);
    /// Rows of both tables, whatever row-level security says.
    QPair<int, int> rowsOf(const OwnerId &owner);
    Result<> feedback(const OwnerId &owner,
                      const SearchAnswer &answer,
                      const ChunkId &chunk,
                      Feedback given);

    std::unique_ptr<TemporarySchema> m_schema;
    std::unique_ptr<Memory> m_memory;
    Config m_config;
    const OwnerId m_owner = ownerId("owner");
    const OwnerId m_other = ownerId("other");
};

void TestSearchHistory::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>();
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
}

void TestSearchHistory::init()
{
    m_memory.reset();
    m_schema = std::make_unique<TemporarySchema>();
    m_config = m_schema->config(false);
    m_config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>();
    m_memory = std::make_unique<Memory>(m_config);
    VERIFY_FUTURE(m_memory->initialize());
}

AddedDocument TestSearchHistory::add(const OwnerId &owner, const char *origin, const char *text)
{
    auto added = await(memory().addDocument(
        plainDocument(owner, QString::fromLatin1(origin), QString::fromLatin1(text))));
    return added ? *added : AddedDocument();
}

Result<SearchAnswer> TestSearchHistory::find(const SearchQuery &query)
{
    return await(memory().search(query));
}

Result<SearchAnswer> TestSearchHistory::find(const OwnerId &owner, const char *text)
{
    return find({.owner = owner, .text = QString::fromLatin1(text), .mode = SearchMode::Text});
}

QList<SearchRecord> TestSearchHistory::history(const OwnerId &owner)
{
    const auto page = await(memory().searchHistory(owner));
    return page ? page->searches : QList<SearchRecord>();
}

QPair<int, int> TestSearchHistory::rowsOf(const OwnerId &owner)
{
    ThreadSession session(*m_schema, m_schema->administrator());
    const auto row = session->queryOne(kRowsLeft, {owner.toString()});
    return row ? qMakePair(row->integer(0), row->integer(1)) : qMakePair(-1, -1);
}

Result<> TestSearchHistory::feedback(const OwnerId &owner,
                                     const SearchAnswer &answer,
                                     const ChunkId &chunk,
                                     Feedback given)
{
    return await(memory().giveFeedback({.owner = owner,
                                        .search = SearchId::fromString(answer.searchId),
                                        .chunk = chunk,
                                        .feedback = given}));
}

void TestSearchHistory::searchesAreWrittenDown()
{
    const AddedDocument heron = add(m_owner, "heron", "The heron waits beside the weir.");
    add(m_owner, "otter", "The otter sleeps.");
    VERIFY_RESULT(find(m_owner, "otter"));
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("heron"), .limit = 5};
    query.documentTypes = {QStringLiteral("text")};
    query.filter.tags = {QStringLiteral("none")};
    const auto nothing = find(query);
    VERIFY_RESULT(nothing);
    const auto answer = find(m_owner, "heron");
    VERIFY_RESULT(answer);

    const auto page = await(memory().searchHistory(m_owner));
    VERIFY_RESULT(page);
    QCOMPARE(page->total, 3);
    QCOMPARE(page->searches.size(), 3);
    const SearchRecord &last = page->searches.first();
    QCOMPARE(last.id.toString(), answer->searchId);
    QCOMPARE(last.owner, m_owner);
    QCOMPARE(last.text, QStringLiteral("heron"));
    QCOMPARE(last.mode, SearchMode::Text);
    QVERIFY(last.options == Json::object());
    QCOMPARE(last.resultCount, 1);
    QCOMPARE(last.tookMs.total, answer->tookMs.total);
    QVERIFY(qAbs(last.createdAt.secsTo(QDateTime::currentDateTimeUtc())) < 60);
    QCOMPARE(last.results.size(), 1);
    const SearchedPassage &passage = last.results.first();
    QCOMPARE(passage.rank, 1);
    QCOMPARE(passage.chunk, answer->hits.first().chunk);
    QCOMPARE(passage.document, heron.document.id);
    QCOMPARE(passage.documentName, QStringLiteral("heron"));
    QCOMPARE(passage.score, answer->hits.first().score);
    QVERIFY(!passage.chosenAt.isValid());
    QVERIFY(passage.verdict == Verdict::None);

    const SearchRecord &filtered = page->searches.at(1);
    QCOMPARE(filtered.mode, SearchMode::Hybrid);
    QCOMPARE(filtered.resultCount, 0);
    QVERIFY(filtered.options ==
            Json({{"limit", 5}, {"document_types", {"text"}}, {"tags", {"none"}}}));
    QCOMPARE(page->searches.at(2).text, QStringLiteral("otter"));

    const auto second = await(memory().searchHistory(m_owner, 1, 2));
    VERIFY_RESULT(second);
    QCOMPARE(second->total, 3);
    QCOMPARE(second->searches.size(), 1);
    QCOMPARE(second->searches.first().text, QStringLiteral("otter"));
    QCOMPARE(history(m_other).size(), 0);
}

void TestSearchHistory::firstResultsAreKept()
{
    for (int i = 0; i < SearchRecord::kMostResults + 5; ++i)
        add(m_owner, qPrintable(QStringLiteral("otter %1").arg(i)), "The otter sleeps.");
    SearchQuery query{.owner = m_owner,
                      .text = QStringLiteral("otter"),
                      .mode = SearchMode::Text,
                      .limit = SearchRecord::kMostResults + 3,
                      .offset = 1};
    VERIFY_RESULT(find(query));
    const QList<SearchRecord> searches = history(m_owner);
    QCOMPARE(searches.size(), 1);
    QCOMPARE(searches.first().resultCount, SearchRecord::kMostResults + 3);
    QCOMPARE(searches.first().results.size(), SearchRecord::kMostResults);
    for (int i = 0; i < SearchRecord::kMostResults; ++i)
        QCOMPARE(searches.first().results.at(i).rank, i + 2);
}

void TestSearchHistory::unwantedSearchesAreNot()
{
    add(m_owner, "otter", "The otter sleeps.");
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("otter")};
    query.remember = false;
    VERIFY_RESULT(find(query));
    QVERIFY(!find(m_owner, "type:novel")); // nor one that could not be read
    // An owner that does not exist finds nothing, and leaves nothing behind.
    VERIFY_RESULT(find(m_other, "otter"));
    QCOMPARE(history(m_owner).size(), 0);
    QCOMPARE(rowsOf(m_other), qMakePair(0, 0));
}

void TestSearchHistory::replacedSearchesGo()
{
    add(m_owner, "otter", "The otter sleeps.");
    add(m_other, "otter", "The otter sleeps.");
    const auto replacing = [&](const OwnerId &owner, const char *text, const QString &id) {
        SearchQuery query{
            .owner = owner, .text = QString::fromLatin1(text), .mode = SearchMode::Text};
        query.replaces = id;
        const auto answer = find(query);
        return answer ? *answer : SearchAnswer();
    };
    const SearchAnswer first = replacing(m_owner, "ott", {});
    const SearchAnswer second = replacing(m_owner, "otter", first.searchId);
    QCOMPARE(history(m_owner).size(), 1);
    QCOMPARE(history(m_owner).first().id.toString(), second.searchId);
    // What was judged stays, and what is another's.
    VERIFY_RESULT(feedback(m_owner, second, second.hits.first().chunk, Feedback::Good));
    replacing(m_owner, "otters", second.searchId);
    QCOMPARE(history(m_owner).size(), 2);
    replacing(m_other, "otters", history(m_owner).first().id.toString());
    QCOMPARE(history(m_owner).size(), 2);
    QCOMPARE(history(m_other).size(), 1);
    // No id at all.
    replacing(m_owner, "otter", QStringLiteral("nonsense"));
    QCOMPARE(history(m_owner).size(), 3);
}

void TestSearchHistory::historyCanBeSwitchedOff()
{
    add(m_owner, "otter", "The otter sleeps.");
    const auto kept = find(m_owner, "otter");
    VERIFY_RESULT(kept);
    m_config.search.history = false;
    m_memory = std::make_unique<Memory>(m_config);
    VERIFY_FUTURE(m_memory->initialize());
    VERIFY_RESULT(find(m_owner, "sleeps"));
    // What is there is still the owner's.
    QCOMPARE(history(m_owner).size(), 1);
    VERIFY_RESULT(feedback(m_owner, *kept, kept->hits.first().chunk, Feedback::Good));
    const auto cleared = await(memory().clearSearchHistory(m_owner));
    VERIFY_RESULT(cleared);
    QCOMPARE(*cleared, 1);
}

void TestSearchHistory::closingWritesWhatIsQueued()
{
    add(m_owner, "otter", "The otter sleeps.");
    QList<QFuture<Result<SearchAnswer>>> searches;
    for (int i = 0; i < 30; ++i)
        searches << memory().search({.owner = m_owner,
                                     .text = QStringLiteral("otter %1").arg(i),
                                     .mode = SearchMode::Text});
    for (const auto &search : searches)
        VERIFY_RESULT(await(search));
    m_memory->close();
    QCOMPARE(rowsOf(m_owner), qMakePair(30, 30));
}

void TestSearchHistory::feedbackRightAfterTheSearch()
{
    add(m_owner, "otter", "The otter sleeps.");
    for (int i = 0; i < 20; ++i) {
        const auto answer = find(m_owner, "otter");
        VERIFY_RESULT(answer);
        const ChunkId chunk = answer->hits.first().chunk;
        VERIFY_RESULT(feedback(m_owner, *answer, chunk, Feedback::Chosen));
        const SearchedPassage chosen = history(m_owner).first().results.first();
        QVERIFY(chosen.chosenAt.isValid());
        QVERIFY(chosen.verdict == Verdict::None);

        VERIFY_RESULT(feedback(m_owner, *answer, chunk, Feedback::Good));
        QVERIFY(history(m_owner).first().results.first().verdict == Verdict::Good);
        VERIFY_RESULT(feedback(m_owner, *answer, chunk, Feedback::Bad));
        QVERIFY(history(m_owner).first().results.first().verdict == Verdict::Bad);
        VERIFY_RESULT(feedback(m_owner, *answer, chunk, Feedback::Chosen));
        VERIFY_RESULT(feedback(m_owner, *answer, chunk, Feedback::None));
        const SearchedPassage left = history(m_owner).first().results.first();
        QVERIFY(left.verdict == Verdict::None);
        QCOMPARE(left.chosenAt, chosen.chosenAt);
    }
}

void TestSearchHistory::feedbackOnWhatIsNotThere()
{
    add(m_owner, "otter", "The otter sleeps.");
    add(m_owner, "heron", "The heron waits.");
    add(m_other, "otter", "The otter swims.");
    const auto answer = find(m_owner, "otter");
    const auto heron = find(m_owner, "heron");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(heron);
    const ChunkId chunk = answer->hits.first().chunk;
    SearchAnswer unknown = *answer;
    unknown.searchId = SearchId::create().toString();
    QCOMPARE(feedback(m_owner, unknown, chunk, Feedback::Good).error().kind, ErrorKind::NotFound);
    const auto foreign = feedback(m_other, *answer, chunk, Feedback::Good);
    QCOMPARE(foreign.error().kind, ErrorKind::NotFound);
    QVERIFY(foreign.error().message.contains(answer->searchId));
    const auto passage = feedback(m_owner, *answer, heron->hits.first().chunk, Feedback::Good);
    QCOMPARE(passage.error().kind, ErrorKind::NotFound);
    QVERIFY(passage.error().message.contains(heron->hits.first().chunk.toString()));
    QCOMPARE(feedback({}, *answer, chunk, Feedback::Good).error().field,
             QStringLiteral("owner_id"));
    for (const SearchRecord &search : history(m_owner))
        QVERIFY(search.results.first().verdict == Verdict::None);
}

void TestSearchHistory::clearingForgetsOneOwner()
{
    for (const OwnerId &owner : {m_owner, m_other}) {
        add(owner, "otter", "The otter sleeps.");
        VERIFY_RESULT(find(owner, "otter"));
        VERIFY_RESULT(find(owner, "sleeps"));
    }
    const auto cleared = await(memory().clearSearchHistory(m_owner));
    VERIFY_RESULT(cleared);
    QCOMPARE(*cleared, 2);
    QCOMPARE(rowsOf(m_owner), qMakePair(0, 0));
    QCOMPARE(rowsOf(m_other), qMakePair(2, 2));
}

void TestSearchHistory::resultsGoWithTheirDocument()
{
    const AddedDocument first = add(m_owner, "first", "The otter sleeps.");
    add(m_owner, "second", "The otter swims.");
    VERIFY_RESULT(find(m_owner, "otter"));
    QCOMPARE(history(m_owner).first().results.size(), 2);
    // Read again: other passages, the same document.
    add(m_owner, "second", "The otter swims in the weir.");
    QCOMPARE(history(m_owner).first().results.size(), 2);
    VERIFY_FUTURE(memory().deleteDocument(m_owner, first.document.id));
    const QList<SearchRecord> searches = history(m_owner);
    QCOMPARE(searches.size(), 1);
    QCOMPARE(searches.first().resultCount, 2);
    QCOMPARE(searches.first().results.size(), 1);
    QCOMPARE(searches.first().results.first().documentName, QStringLiteral("second"));
}

void TestSearchHistory::deletedDocumentCostsItsResultsOnly()
{
    const AddedDocument there = add(m_owner, "there", "The otter sleeps.");
    HistoryWriter writer(m_schema->manager(1), {});
    writer.add(recordOf(m_owner,
                        QStringLiteral("both"),
                        {passageOf(DocumentId::create(), 1), passageOf(there.document.id, 2)}));
    writer.add(recordOf(m_other, QStringLiteral("owner is gone")));
    writer.add(recordOf(m_owner, QStringLiteral("after"), {passageOf(there.document.id, 1)}));
    VERIFY_RESULT(writer.wait(never));
    QCOMPARE(rowsOf(m_owner), qMakePair(2, 2));
    QCOMPARE(rowsOf(m_other), qMakePair(0, 0));
    for (const SearchRecord &search : history(m_owner))
        QCOMPARE(search.results.first().rank, search.text == QLatin1String("both") ? 2 : 1);
}

void TestSearchHistory::goesWithTheOwner()
{
    const AddedDocument otter = add(m_owner, "otter", "The otter sleeps.");
    const auto answer = find(m_owner, "otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(feedback(m_owner, *answer, answer->hits.first().chunk, Feedback::Good));
    QCOMPARE(rowsOf(m_owner), qMakePair(1, 1));
    VERIFY_FUTURE(memory().deleteOwner(m_owner));
    QCOMPARE(rowsOf(m_owner), qMakePair(0, 0));
}

void TestSearchHistory::oldSearchesAreForgotten()
{
    add(m_owner, "otter", "The otter sleeps.");
    add(m_other, "otter", "The otter sleeps.");
    {
        HistoryWriter writer(m_schema->manager(1), {.mostQueued = 5000});
        for (int i = 0; i < 1100; ++i) // more than go at once
            writer.add(recordOf(m_owner, QStringLiteral("old"), {}, 91));
        for (int i = 0; i < 3; ++i) {
            writer.add(recordOf(m_owner, QStringLiteral("new"), {}, 89));
            writer.add(recordOf(m_other, QStringLiteral("old"), {}, 91));
        }
    }
    QCOMPARE(rowsOf(m_owner).first, 1103);
    HistoryCleaner cleaner(m_schema->manager(1), 90);
    const auto forgotten = cleaner.clean();
    VERIFY_RESULT(forgotten);
    QCOMPARE(*forgotten, 1103);
    QCOMPARE(rowsOf(m_owner).first, 3);
    QCOMPARE(rowsOf(m_other).first, 0);

    // A memory with its workers does it by itself.
    m_config.embedding.background = true;
    m_config.search.historyDays = 88;
    m_memory = std::make_unique<Memory>(m_config);
    VERIFY_FUTURE(m_memory->initialize());
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(m_owner).first, 0, testing::kPatienceMs);
}

void TestSearchHistory::writingForgetsOldSearches()
{
    add(m_owner, "otter", "The otter sleeps.");
    HistoryWriter(m_schema->manager(1), {}).add(recordOf(m_owner, QStringLiteral("old"), {}, 91));
    QCOMPARE(rowsOf(m_owner).first, 1);
    // The default is 90 days, also for a program that runs no workers.
    VERIFY_RESULT(find(m_owner, "otter"));
    const QList<SearchRecord> searches = history(m_owner);
    QCOMPARE(searches.size(), 1);
    QCOMPARE(searches.first().text, QStringLiteral("otter"));
}

void TestSearchHistory::fullQueueDropsTheOldest()
{
    add(m_owner, "otter", "The otter sleeps.");
    QSemaphore begun;
    QSemaphore mayGoOn;
    HistoryWriter writer(m_schema->manager(1), {.mostQueued = 3, .mayStore = [&]() -> Result<> {
                                                    begun.release();
                                                    mayGoOn.acquire();
                                                    return {};
                                                }});
    writer.add(recordOf(m_owner, QStringLiteral("0")));
    QVERIFY(begun.tryAcquire(1, testing::kPatienceMs));
    for (int i = 1; i <= 5; ++i)
        writer.add(recordOf(m_owner, QString::number(i)));
    mayGoOn.release(2);
    VERIFY_RESULT(writer.wait(never));
    QStringList texts;
    for (const SearchRecord &search : history(m_owner))
        texts << search.text;
    texts.sort();
    QCOMPARE(
        texts,
        (QStringList{
            QStringLiteral("0"), QStringLiteral("3"), QStringLiteral("4"), QStringLiteral("5")}));
}

void TestSearchHistory::waitingCanBeCancelled()
{
    QSemaphore mayGoOn;
    HistoryWriter writer(m_schema->manager(1), {.mayStore = [&]() -> Result<> {
                             mayGoOn.acquire();
                             return {};
                         }});
    writer.add(recordOf(m_owner, QStringLiteral("0")));
    const auto waited = writer.wait([] { return true; });
    QVERIFY(!waited);
    QCOMPARE(waited.error().kind, ErrorKind::Cancelled);
    mayGoOn.release();
}

void TestSearchHistory::pagesAreChecked()
{
    QCOMPARE(await(memory().searchHistory(m_owner, 0)).error().field, QStringLiteral("limit"));
    QCOMPARE(await(memory().searchHistory(m_owner, 201)).error().field, QStringLiteral("limit"));
    QCOMPARE(await(memory().searchHistory(m_owner, 1, -1)).error().field, QStringLiteral("offset"));
    QCOMPARE(await(memory().searchHistory({})).error().field, QStringLiteral("owner_id"));
    QCOMPARE(await(memory().clearSearchHistory({})).error().field, QStringLiteral("owner_id"));
}

QTEST_GUILESS_MAIN(TestSearchHistory)
#include "tst_search_history.moc"
