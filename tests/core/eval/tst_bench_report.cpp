#include "core/eval/bench_report.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::eval;

class TestBenchReport : public QObject
{
    Q_OBJECT

private slots:
    void figuresOfARun();
    void statementShareOfLegsAtTheSameTime();
    void nothingMeasured();
    void recallAsJson();
};

void TestBenchReport::figuresOfARun()
{
    BenchRun run(SearchMode::Hybrid, 8);
    run.add({.total = 10, .embedding = 1, .text = 4, .vector = 2, .fusion = 1}, 12, true);
    run.add({.total = 30, .embedding = 3, .text = 12, .vector = 6, .fusion = 3}, 31, false);
    run.finish(0.5);
    QCOMPARE(run.queries(), 2);
    QCOMPARE(run.latency().p50, 12.0);
    QCOMPARE(run.latency().p99, 31.0);
    QCOMPARE(run.largestLatency().p99, 12.0);
    QCOMPARE(run.queriesPerSecond(), 4.0);
    QCOMPARE(run.meanSteps().text, 8.0);
    QCOMPARE(run.statementShare(), 28.0 / 40.0);

    const Json json = eval::toJson(BenchCorpus{.owners = 3, .model = QStringLiteral("m")}, {run});
    QVERIFY(json.at("bench") == "search");
    QVERIFY(json.at("owners") == 3);
    const Json &only = json.at("runs").at(0);
    QVERIFY(only.at("mode") == "hybrid");
    QVERIFY(only.at("clients") == 8);
    QVERIFY(only.at("latency_ms").at("p95") == 31.0);
    QVERIFY(only.at("steps_ms").at("vector") == 4.0);
    QVERIFY(only.at("statement_share") == 0.7);
}

void TestBenchReport::statementShareOfLegsAtTheSameTime()
{
    BenchRun run(SearchMode::Hybrid, 1);
    run.add({.total = 10, .text = 8, .vector = 6, .fusion = 1}, 10, true);
    QCOMPARE(run.statementShare(), 0.9);
}

void TestBenchReport::nothingMeasured()
{
    const BenchRun run(SearchMode::Text, 1);
    QCOMPARE(run.statementShare(), 0.0);
    QCOMPARE(run.queriesPerSecond(), 0.0);
    QCOMPARE(run.meanSteps().total, 0.0);
}

void TestBenchReport::recallAsJson()
{
    const RecallRow row{
        .owner = *OwnerId::parse(QStringLiteral("b-001")),
        .passages = 60,
        .share = 0.6,
        .filtered = true,
        .recall = {.queries = 2, .at10 = 0.98765, .worstAt10 = 0.9, .search = {}, .exact = {}}};
    const Json json = eval::toJson(QList<RecallRow>{row});
    const Json &only = json.at("owners").at(0);
    QVERIFY(only.at("owner_id") == "b-001");
    QVERIFY(only.at("filtered") == true);
    QVERIFY(only.at("recall_at_10") == 0.9877);
    QVERIFY(only.at("worst_recall_at_10") == 0.9);
    QVERIFY(only.at("short_answers") == 0);
}

QTEST_GUILESS_MAIN(TestBenchReport)
#include "tst_bench_report.moc"
