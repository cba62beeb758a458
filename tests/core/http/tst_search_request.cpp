#include "core/http/api/search_request.h"
#include "core/search/search_request.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;
using search::searchQueryFromJson;

class TestSearchRequest : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryField();
    void hasTheDefaultsOfTheContract();
    void readsTheSameFromAQuery();
    void prefersTheListOfOrigins();
    void refuses_data();
    void refuses();
    void acceptsWhatIsOff();
};

void TestSearchRequest::readsEveryField()
{
    const auto query = searchQueryFromJson(Json::parse(R"({
        "owner_id": "demo", "query": "a b", "search_type": "text", "limit": 7, "offset": 3, "alpha": 0.25,
        "id_at_origin": "x", "document_types": ["pdf", "email"], "metadata_filter": {"a": 1},
        "date_from": "2024-05-01", "date_to": "2024-06-01T12:00:00+02:00",
        "languages": ["de", "English"], "paths": ["a/b", "c"], "tags": ["x"], "page_from": 2,
        "page_to": 5, "metadata_conditions": ["year>=2020", "status!=done"], "facets": true,
        "include_parent_context": true, "context_window": 4, "explain": true,
        "query_expansion": true, "max_query_variants": 4,
        "rerank": false, "rerank_top_k": 80, "rerank_return_k": 20})"));
    QVERIFY(query);
    QCOMPARE(query->owner.toString(), QStringLiteral("demo"));
    QCOMPARE(query->text, QStringLiteral("a b"));
    QVERIFY(query->mode == SearchMode::Text);
    QCOMPARE(query->limit, 7);
    QCOMPARE(query->offset, 3);
    QCOMPARE(query->alpha, 0.25);
    QCOMPARE(query->idsAtOrigin, QStringList{QStringLiteral("x")});
    QCOMPARE(query->documentTypes, (QStringList{QStringLiteral("pdf"), QStringLiteral("email")}));
    QCOMPARE(query->metadataFilter["a"].get<int>(), 1);
    QCOMPARE(query->dateFrom, QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC));
    QCOMPARE(query->dateTo, QDateTime(QDate(2024, 6, 1), QTime(10, 0), Qt::UTC));
    const PassageFilter &filter = query->filter;
    QCOMPARE(filter.languages,
             std::optional(QStringList{QStringLiteral("de"), QStringLiteral("en")}));
    QCOMPARE(filter.paths, QList<QStringList>({{QStringLiteral("a/b"), QStringLiteral("c")}}));
    QCOMPARE(filter.tags, QStringList{QStringLiteral("x")});
    QCOMPARE(filter.pages, std::optional(QList<PageRange>{{2, 5}}));
    const QList<MetadataCondition> conditions{
        {QStringLiteral("year"),
         MetadataCondition::Operator::GreaterOrEqual,
         QStringLiteral("2020")},
        {QStringLiteral("status"), MetadataCondition::Operator::NotEqual, QStringLiteral("done")}};
    QCOMPARE(filter.metadata, conditions);
    QVERIFY(query->facets);
    QVERIFY(query->includeParentContext);
    QCOMPARE(query->contextWindow, 4);
    QVERIFY(query->explain);
    QCOMPARE(query->queryExpansion, std::optional<bool>(true));
    QCOMPARE(query->maxQueryVariants, std::optional<int>(4));
    QCOMPARE(query->rerank, std::optional<bool>(false));
    QCOMPARE(query->rerankTopK, std::optional<int>(80));
    QCOMPARE(query->rerankReturnK, std::optional<int>(20));
}

void TestSearchRequest::hasTheDefaultsOfTheContract()
{
    const auto query =
        searchQueryFromJson(Json::parse(R"({"owner_id": "demo", "query": "a", "limit": null})"));
    QVERIFY(query);
    QVERIFY(query->mode == SearchMode::Hybrid);
    QCOMPARE(query->limit, 10);
    QCOMPARE(query->alpha, 0.5);
    QVERIFY(query->metadataFilter.is_null());
    QVERIFY(query->filter == PassageFilter());
    QVERIFY(!query->facets);
    QVERIFY(!query->dateFrom.isValid());
    QVERIFY(!query->queryExpansion);
    QVERIFY(!query->maxQueryVariants);
    QVERIFY(!query->rerank);
    QVERIFY(!query->rerankTopK);
    QVERIFY(!query->rerankReturnK);
}

void TestSearchRequest::readsTheSameFromAQuery()
{
    Request request;
    request.queryText =
        "owner_id=demo&query=a+b&limit=7&alpha=0.25&document_types=pdf&document_types=email"
        "&metadata_filter=%7B%22a%22%3A1%7D&explain=true&rerank=true&rerank_top_k=9";
    const auto json = jsonFromQuery(request, searchFields());
    QVERIFY(json);
    const auto query = searchQueryFromJson(*json);
    QVERIFY(query);
    QCOMPARE(query->text, QStringLiteral("a b"));
    QCOMPARE(query->limit, 7);
    QCOMPARE(query->documentTypes.size(), 2);
    QVERIFY(query->metadataFilter.contains("a"));
    QVERIFY(query->explain);
    QCOMPARE(query->rerank, std::optional<bool>(true));
    QCOMPARE(query->rerankTopK, std::optional<int>(9));
}

void TestSearchRequest::prefersTheListOfOrigins()
{
    const auto query = searchQueryFromJson(Json::parse(
        R"({"owner_id": "demo", "query": "a", "id_at_origin": "x", "id_at_origins": ["y"]})"));
    QCOMPARE(query->idsAtOrigin, QStringList{QStringLiteral("y")});
}

void TestSearchRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const char *member, const char *field) {
        QTest::newRow(name) << QByteArray(member) << QString::fromLatin1(field);
    };
    row("unknown", R"("quarry": "a")", "quarry");
    row("text for a number", R"("limit": "7")", "limit");
    row("fraction for a whole number", R"("limit": 1.5)", "limit");
    row("too large for a number", R"("limit": 99999999999)", "limit");
    row("number for a text", R"("search_type": 1)", "search_type");
    row("unknown mode", R"("search_type": "fuzzy")", "search_type");
    row("text for a list", R"("document_types": "pdf")", "document_types");
    row("number in a list", R"("id_at_origins": ["a", 1])", "id_at_origins");
    row("list for an object", R"("metadata_filter": [])", "metadata_filter");
    row("number in languages", R"("languages": [1])", "languages");
    row("no language", R"("languages": ["klingonish"])", "languages");
    row("no condition", R"("metadata_conditions": ["year"])", "metadata_conditions");
    row("order of words", R"("metadata_conditions": ["a<b"])", "metadata_conditions");
    row("text for a page", R"("page_from": "2")", "page_from");
    row("no date", R"("date_from": "yesterday")", "date_from");
    row("number for a flag", R"("explain": 1)", "explain");
    row("number for reranking", R"("rerank": 1)", "rerank");
    row("text for expansion", R"("query_expansion": "yes")", "query_expansion");
    row("fraction of candidates", R"("rerank_top_k": 0.5)", "rerank_top_k");
    row("number for grouping", R"("group_by_document": 1)", "group_by_document");
    row("text for diversity", R"("diversity": "much")", "diversity");
    row("flag for a score", R"("min_score": true)", "min_score");
}

void TestSearchRequest::refuses()
{
    QFETCH(QByteArray, member);
    QFETCH(QString, field);
    const QByteArray text = R"({"owner_id": "demo", "query": "a", )" + member + "}";
    const auto query = searchQueryFromJson(Json::parse(text.toStdString()));
    QVERIFY(!query);
    QVERIFY(query.error().kind == ErrorKind::Validation);
    QCOMPARE(query.error().field, field);
    QVERIFY(!query.error().message.isEmpty());
}

void TestSearchRequest::acceptsWhatIsOff()
{
    const auto query = searchQueryFromJson(Json::parse(
        R"({"owner_id": "demo", "query": "a", "group_by_document": false, "query_expansion": null})"));
    QVERIFY(query);
    QVERIFY(!query->queryExpansion);
    QCOMPARE(searchQueryFromJson(Json::parse(R"({"query": "a"})")).error().field,
             QStringLiteral("owner_id"));
    QCOMPARE(searchQueryFromJson(Json::parse(R"({"owner_id": "a b", "query": "a"})")).error().field,
             QStringLiteral("owner_id"));
    QVERIFY(!searchQueryFromJson(Json::array()));
}

QTEST_GUILESS_MAIN(TestSearchRequest)
#include "tst_search_request.moc"
