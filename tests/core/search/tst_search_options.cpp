#include "core/search/search_request.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using search::searchOptionsToJson;
using search::searchQueryFromRequest;
using search::searchRequestToJson;

/// Searches as JSON that is kept.
class TestSearchOptions : public QObject
{
    Q_OBJECT

private slots:
    void plainSearchIsItsText();
    void everyOptionComesBack();
    void requestsHaveNoOwner();

private:
    const OwnerId m_owner = *OwnerId::parse(QStringLiteral("demo"));
};

void TestSearchOptions::plainSearchIsItsText()
{
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("a b")};
    query.remember = false; // which is about one run, not about the search
    QVERIFY(searchOptionsToJson(query) == Json::object());
    QVERIFY(searchRequestToJson(query) == Json({{"query", "a b"}}));
}

void TestSearchOptions::everyOptionComesBack()
{
    const Json request = Json::parse(R"({
        "query": "a b", "search_type": "text", "limit": 7, "offset": 3, "alpha": 0.25,
        "id_at_origins": ["x", "y"], "document_types": ["pdf", "email"], "metadata_filter": {"a": 1},
        "date_from": "2024-05-01T00:00:00.000Z", "date_to": "2024-06-01T10:00:00.000Z",
        "languages": ["de", "en"], "paths": ["a/b", "c"], "tags": ["x"], "page_from": 2,
        "page_to": 5, "metadata_conditions": ["year>=2020", "status!=done", "a=b", "c<1", "d<=2024",
        "e>0.5"], "facets": true, "include_parent_context": true, "context_window": 4,
        "explain": true, "group_by_document": true, "diversity": 0.5, "min_score": -1.5,
        "query_expansion": true, "max_query_variants": 4, "rerank": false, "rerank_top_k": 80,
        "rerank_return_k": 20})");
    const auto query = searchQueryFromRequest(m_owner, request);
    VERIFY_RESULT(query);
    QCOMPARE(query->owner, m_owner);
    const Json back = searchRequestToJson(*query);
    QVERIFY2(back == request, back.dump().c_str());
    const auto again = searchQueryFromRequest(m_owner, back);
    VERIFY_RESULT(again);
    QVERIFY(again->filter == query->filter);
    QCOMPARE(again->dateTo, query->dateTo);
}

void TestSearchOptions::requestsHaveNoOwner()
{
    const auto foreign = searchQueryFromRequest(m_owner, {{"query", "a"}, {"owner_id", "other"}});
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().field, QStringLiteral("owner_id"));
    QVERIFY(!searchQueryFromRequest(m_owner, Json::array()));
    QCOMPARE(searchQueryFromRequest(m_owner, {{"query", "a"}, {"nonsense", 1}}).error().field,
             QStringLiteral("nonsense"));
    QCOMPARE(searchQueryFromRequest(m_owner, Json::object()).error().field,
             QStringLiteral("query"));
}

QTEST_GUILESS_MAIN(TestSearchOptions)
#include "tst_search_options.moc"
