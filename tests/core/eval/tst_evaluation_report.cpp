#include "core/eval/evaluation_report.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::eval;

class TestEvaluationReport : public QObject
{
    Q_OBJECT

private slots:
    void bestPassageCounts();
    void asJson();
};

void TestEvaluationReport::bestPassageCounts()
{
    QList<SearchHit> hits;
    for (const char *id : {"b", "a", "b", "c", "a"}) {
        SearchHit hit;
        hit.idAtOrigin = QLatin1String(id);
        hits += hit;
    }
    QCOMPARE(rankedDocuments(hits),
             QStringList({QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
    QVERIFY(rankedDocuments({}).isEmpty());
}

void TestEvaluationReport::asJson()
{
    EvaluationReport report;
    report.dataset = QStringLiteral("tiny");
    report.queries = 2;
    report.modes = {{.mode = SearchMode::Text,
                     .scores = {.ndcgAt10 = 0.123456, .recallAt100 = 1, .mrrAt10 = 0.5},
                     .latency = {.p50 = 1, .p95 = 2, .p99 = 3},
                     .queriesPerSecond = 99.96}};
    const Json json = eval::toJson(report);
    QVERIFY(json.at("dataset") == "tiny");
    QVERIFY(json.at("queries") == 2);
    const Json &text = json.at("modes").at("text");
    QVERIFY(text.at("ndcg_at_10") == 0.1235);
    QVERIFY(text.at("recall_at_100") == 1.0);
    QVERIFY(text.at("mrr_at_10") == 0.5);
    QVERIFY(text.at("latency_ms").at("p95") == 2.0);
    QVERIFY(text.at("queries_per_second") == 100.0);
    QVERIFY(!json.at("modes").contains("hybrid"));
}

QTEST_GUILESS_MAIN(TestEvaluationReport)
#include "tst_evaluation_report.moc"
