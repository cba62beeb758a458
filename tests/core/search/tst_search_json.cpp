#include "core/search/search_hit.h"

#include <QTest>

using namespace llmemory;

class TestSearchJson : public QObject
{
    Q_OBJECT

private slots:
    void hasTheShapeOfTheContract();
    void tellsWhichLegSawAHit();
    void saysWhyALegIsMissing();
    void suggestsAnotherQuery();
    void tellsRerankingAndSummary();
    void tellsFacetsWhereAskedFor();
};

void TestSearchJson::hasTheShapeOfTheContract()
{
    SearchAnswer answer;
    answer.hits.append(SearchHit());
    answer.hits.first().highlights = {{12, 20}};
    const auto names = [](const Json &object) {
        QStringList list;
        for (const auto &[name, value] : object.items())
            list.append(QString::fromStdString(name));
        return list.join(QLatin1Char(' '));
    };
    const Json json = toJson(answer);
    QCOMPARE(names(json), QStringLiteral("owner_id query results search_id search_type took_ms"));
    QCOMPARE(names(json["took_ms"]), QStringLiteral("embedding fusion rerank text total vector"));
    const Json hit = json["results"][0];
    QCOMPARE(
        names(hit),
        QStringLiteral(
            "chunk_id content document_id document_metadata document_name document_type explain "
            "highlights id_at_origin locator metadata parent_chunks rank rerank_score rrf_score "
            "score "
            "similarity summary text_rank"));
    QCOMPARE(names(hit["locator"]),
             QStringLiteral("char_end char_start heading_path line_end line_start page"));
    QVERIFY(hit["highlights"] == Json::parse("[[12, 20]]"));
    QVERIFY(hit["parent_chunks"].is_array());
    QVERIFY(hit["explain"].is_object());
}

void TestSearchJson::tellsWhichLegSawAHit()
{
    SearchAnswer answer;
    answer.hits.append(SearchHit());
    answer.hits.first().similarity = 0.5;
    const Json hit = toJson(answer)["results"][0];
    QCOMPARE(hit["similarity"].get<double>(), 0.5);
    QVERIFY(hit["text_rank"].is_null());
    QVERIFY(hit["rrf_score"].is_null());
    QVERIFY(hit["rerank_score"].is_null());
}

void TestSearchJson::saysWhyALegIsMissing()
{
    SearchAnswer answer;
    answer.note = QStringLiteral("no vectors yet");
    QCOMPARE(toQString(toJson(answer)["note"]), answer.note);
}

void TestSearchJson::suggestsAnotherQuery()
{
    SearchAnswer answer;
    answer.didYouMean = QStringLiteral("harbour fees");
    QCOMPARE(toQString(toJson(answer)["did_you_mean"]), answer.didYouMean);
}

void TestSearchJson::tellsRerankingAndSummary()
{
    SearchAnswer answer;
    answer.hits.append(SearchHit());
    QVERIFY(toJson(answer)["results"][0]["summary"].is_null());
    answer.hits.first().rerankScore = 0.75;
    answer.hits.first().summary = QStringLiteral("A ledger...");
    const Json hit = toJson(answer)["results"][0];
    QCOMPARE(hit["rerank_score"].get<double>(), 0.75);
    QCOMPARE(toQString(hit["summary"]), QStringLiteral("A ledger..."));
}

void TestSearchJson::tellsFacetsWhereAskedFor()
{
    SearchAnswer answer;
    QVERIFY(!toJson(answer).contains("facets"));
    answer.facets = Facets{.types = {{QStringLiteral("pdf"), 3}}, .passages = 3, .exact = false};
    QVERIFY(toJson(answer)["facets"] == Json::parse(R"({
        "types": [{"value": "pdf", "count": 3}], "languages": [], "tags": [], "years": [],
        "folders": [], "passages": 3, "exact": false})"));
}

QTEST_GUILESS_MAIN(TestSearchJson)
#include "tst_search_json.moc"
