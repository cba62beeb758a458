#include "core/memory.h"
#include "core/search/search_request.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using testing::await;
using testing::plainDocument;
using testing::TemporarySchema;

/// Searches that are kept under a name.
class TestSavedSearch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void keptAsGiven();
    void runsAsSaved();
    void runsOfThePage();
    void listedByName();
    void replaced();
    void namesAreTakenOnce();
    void refuses_data();
    void refuses();
    void ownersAreApart();

private:
    Memory &memory() { return *m_memory; }
    void add(const OwnerId &owner, const char *origin, const char *text);
    Result<SavedSearch> save(const OwnerId &owner, const char *name, const Json &request);
    Result<SavedSearch> save(const char *name) { return save(m_owner, name, {{"query", "otter"}}); }

    std::unique_ptr<TemporarySchema> m_schema;
    std::unique_ptr<Memory> m_memory;
    const OwnerId m_owner = *OwnerId::parse(QStringLiteral("owner"));
    const OwnerId m_other = *OwnerId::parse(QStringLiteral("other"));
};

void TestSavedSearch::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>();
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
}

void TestSavedSearch::init()
{
    m_memory.reset();
    m_schema = std::make_unique<TemporarySchema>();
    Config config = m_schema->config(false);
    config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>();
    m_memory = std::make_unique<Memory>(config);
    VERIFY_FUTURE(m_memory->initialize());
    add(m_owner, "a", "The otter sleeps.");
    add(m_owner, "b", "The otter swims.");
}

void TestSavedSearch::add(const OwnerId &owner, const char *origin, const char *text)
{
    VERIFY_FUTURE(memory().addDocument(
        plainDocument(owner, QString::fromLatin1(origin), QString::fromLatin1(text))));
}

Result<SavedSearch> TestSavedSearch::save(const OwnerId &owner,
                                          const char *name,
                                          const Json &request)
{
    return await(
        memory().saveSearch({.owner = owner, .name = QString::fromUtf8(name), .request = request}));
}

void TestSavedSearch::keptAsGiven()
{
    const Json request{
        {"query", "otter type:text"}, {"limit", 3}, {"tags", {"x"}}, {"remember", false}};
    const auto saved = save(m_owner, " Otters, wet ", request);
    VERIFY_RESULT(saved);
    QCOMPARE(saved->name, QStringLiteral("Otters, wet"));
    QCOMPARE(saved->owner, m_owner);
    QVERIFY(saved->request == request);
    QVERIFY(qAbs(saved->createdAt.secsTo(QDateTime::currentDateTimeUtc())) < 60);
    const auto found = await(memory().savedSearch(m_owner, saved->id));
    VERIFY_RESULT(found);
    QVERIFY(toJson(*found) == toJson(*saved));
    const auto named = await(memory().savedSearch(m_owner, QStringLiteral("Otters, wet")));
    VERIFY_RESULT(named);
    QCOMPARE(named->id, saved->id);

    VERIFY_FUTURE(memory().deleteSavedSearch(m_owner, saved->id));
    QCOMPARE(await(memory().savedSearch(m_owner, saved->id)).error().kind, ErrorKind::NotFound);
    QCOMPARE(await(memory().deleteSavedSearch(m_owner, saved->id)).error().kind,
             ErrorKind::NotFound);
}

void TestSavedSearch::runsAsSaved()
{
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("otter"), .mode = SearchMode::Text};
    query.idsAtOrigin = {QStringLiteral("b")};
    const auto saved = save(m_owner, "b", search::searchRequestToJson(query));
    VERIFY_RESULT(saved);
    const auto answer = await(memory().runSavedSearch({.owner = m_owner, .search = saved->id}));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->query.mode, SearchMode::Text);
    QCOMPARE(answer->hits.size(), 1);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("b"));
    // A search like any other.
    QCOMPARE(await(memory().searchHistory(m_owner))->total, 1);
}

void TestSavedSearch::runsOfThePage()
{
    const auto saved = save("otters");
    VERIFY_RESULT(saved);
    const auto second = await(
        memory().runSavedSearch({.owner = m_owner, .search = saved->id, .limit = 1, .offset = 1}));
    VERIFY_RESULT(second);
    QCOMPARE(second->hits.size(), 1);
    QCOMPARE(second->hits.first().rank, 2);
    QCOMPARE(await(memory().runSavedSearch({.owner = m_owner, .search = saved->id, .limit = 201}))
                 .error()
                 .field,
             QStringLiteral("limit"));
}

void TestSavedSearch::listedByName()
{
    for (const char *name : {"c", "a", "b"})
        VERIFY_RESULT(save(name));
    const auto page = await(memory().savedSearches(m_owner, 2, 1));
    VERIFY_RESULT(page);
    QCOMPARE(page->total, 3);
    QCOMPARE(page->searches.size(), 2);
    QCOMPARE(page->searches.first().name, QStringLiteral("b"));
    QCOMPARE(await(memory().savedSearches(m_owner, 0)).error().field, QStringLiteral("limit"));
    QCOMPARE(await(memory().savedSearches(m_owner, 1, -1)).error().field, QStringLiteral("offset"));
}

void TestSavedSearch::replaced()
{
    const auto saved = save("before");
    VERIFY_RESULT(saved);
    SavedSearchInput input{
        .owner = m_owner, .name = QStringLiteral("after"), .request = {{"query", "heron"}}};
    const auto changed = await(memory().replaceSavedSearch(saved->id, input));
    VERIFY_RESULT(changed);
    QCOMPARE(changed->id, saved->id);
    QCOMPARE(changed->name, QStringLiteral("after"));
    QVERIFY(changed->request == Json({{"query", "heron"}}));
    QCOMPARE(changed->createdAt, saved->createdAt);
    QVERIFY(changed->updatedAt > saved->updatedAt);
    VERIFY_RESULT(save("before")); // the name is free again
    QCOMPARE(await(memory().replaceSavedSearch(SavedSearchId::create(), input)).error().kind,
             ErrorKind::NotFound);
}

void TestSavedSearch::namesAreTakenOnce()
{
    VERIFY_RESULT(save("taken"));
    const auto second = save("taken");
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::Conflict);
    QCOMPARE(second.error().field, QStringLiteral("name"));
    const auto other = save("free");
    VERIFY_RESULT(other);
    const auto renamed = await(memory().replaceSavedSearch(
        other->id,
        {.owner = m_owner, .name = QStringLiteral("taken"), .request = {{"query", "a"}}}));
    QVERIFY(!renamed);
    QCOMPARE(renamed.error().code, QStringLiteral("name_taken"));
    QCOMPARE(await(memory().savedSearches(m_owner))->total, 2);
}

void TestSavedSearch::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QString>("field");
    const auto row =
        [](const char *test, const QString &name, const char *request, const char *field) {
            QTest::newRow(test) << name << QByteArray(request) << QString::fromLatin1(field);
        };
    const QString fine = QStringLiteral("a");
    const char *search = R"({"query": "a"})";
    row("no name", QString(), search, "name");
    row("blank name", QStringLiteral("  "), search, "name");
    row("long name", QString(201, u'a'), search, "name");
    row("no request", fine, "null", "request");
    row("no object", fine, "[]", "request");
    row("no query", fine, "{}", "query");
    row("owner", fine, R"({"query": "a", "owner_id": "other"})", "owner_id");
    row("unknown field", fine, R"({"query": "a", "nonsense": 1})", "nonsense");
    row("limit", fine, R"({"query": "a", "limit": 0})", "limit");
    row("broken query", fine, R"({"query": "before:someday"})", "query");
}

void TestSavedSearch::refuses()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, request);
    const auto saved = await(memory().saveSearch(
        {.owner = m_owner, .name = name, .request = Json::parse(request.toStdString())}));
    QVERIFY(!saved);
    QCOMPARE(saved.error().kind, ErrorKind::Validation);
    QTEST(saved.error().field, "field");
}

void TestSavedSearch::ownersAreApart()
{
    const auto nobody = save(m_other, "mine", {{"query", "otter"}});
    QCOMPARE(nobody.error().kind, ErrorKind::NotFound); // there is no such owner
    add(m_other, "a", "An otter of another owner.");
    const auto saved = save("mine");
    VERIFY_RESULT(saved);
    VERIFY_RESULT(save(m_other, "mine", {{"query", "otter"}}));
    QCOMPARE(await(memory().savedSearch(m_other, saved->id)).error().kind, ErrorKind::NotFound);
    QCOMPARE(await(memory().deleteSavedSearch(m_other, saved->id)).error().kind,
             ErrorKind::NotFound);
    QCOMPARE(await(memory().runSavedSearch({.owner = m_other, .search = saved->id})).error().kind,
             ErrorKind::NotFound);
    QCOMPARE(await(memory().savedSearches({})).error().field, QStringLiteral("owner_id"));
    VERIFY_FUTURE(memory().deleteOwner(m_owner));
    QCOMPARE(await(memory().savedSearches(m_owner))->total, 0);
    QCOMPARE(await(memory().savedSearches(m_other))->total, 1);
}

QTEST_GUILESS_MAIN(TestSavedSearch)
#include "tst_saved_search.moc"
