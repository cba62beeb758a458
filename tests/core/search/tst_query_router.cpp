#include "core/search/query_router.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using search::decideRoute;
using search::RoutingFacts;

/// Where a question goes, by facts alone.
class TestQueryRouter : public QObject
{
    Q_OBJECT

private slots:
    void routes_data();
    void routes();
    void thresholdDecides_data();
    void thresholdDecides();
    void whatIsLookedFor_data();
    void whatIsLookedFor();
    void words();
};

void TestQueryRouter::routes_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<qint64>("documents");
    QTest::addColumn<bool>("found");
    QTest::addColumn<Route>("route");
    const auto row = [](const char *query, qint64 documents, bool found, Route route) {
        QTest::addRow("%s, %d documents, %s", query, int(documents), found ? "found" : "not found")
            << QString::fromUtf8(query) << documents << found << route;
    };
    row("harbour fees", 0, false, Route::Unanswerable);
    row("weather today", 0, false, Route::Unanswerable);
    row("it", 0, false, Route::Unanswerable);
    row("harbour fees", 3, true, Route::Retrieval);
    row("harbour fees", 3, false, Route::Retrieval);
    row("what about it?", 3, false, Route::Clarification);
    row("what about it?", 3, true, Route::Retrieval);
    row("Can you tell me something?", 3, false, Route::Clarification);
    row("help", 3, false, Route::Clarification);
    row("help", 3, true, Route::Retrieval);
    row("?", 3, false, Route::Clarification);
    row("-rain", 3, false, Route::Clarification);
    row("today", 3, false, Route::Clarification);
    row("xy", 3, false, Route::Clarification);
    row("xy", 3, true, Route::Retrieval);
    row("ledger", 3, false, Route::Retrieval);
    row("\u6e2f", 3, false, Route::Retrieval);
    row("What is the weather today?", 3, false, Route::WebSearch);
    row("What is the weather today?", 3, true, Route::Retrieval);
    row("latest news", 3, false, Route::WebSearch);
    row("news from the harbour", 3, false, Route::Retrieval);
    row("the ledger of today", 3, false, Route::Retrieval);
    row("Wie wird das Wetter heute?", 3, false, Route::Retrieval);
}

void TestQueryRouter::routes()
{
    QFETCH(QString, query);
    QFETCH(qint64, documents);
    QFETCH(bool, found);
    QFETCH(Route, route);
    RoutingFacts facts{query, documents};
    if (found)
        facts.bestTextRank = 0.1;
    const auto decision = decideRoute(facts, RoutedQuery().threshold);
    QCOMPARE(decision.route, route);
    QVERIFY(decision.confidence > 0 && decision.confidence <= 1);
    QVERIFY(!decision.reason.isEmpty());
    QCOMPARE(decision.message.isEmpty(), route == Route::Retrieval);
}

void TestQueryRouter::thresholdDecides_data()
{
    QTest::addColumn<double>("threshold");
    QTest::addColumn<Route>("route");
    QTest::newRow("low") << 0.0 << Route::WebSearch;
    QTest::newRow("reached") << 0.6 << Route::WebSearch;
    QTest::newRow("not reached") << 0.61 << Route::Retrieval;
    QTest::newRow("highest") << 1.0 << Route::Retrieval;
}

void TestQueryRouter::thresholdDecides()
{
    QFETCH(double, threshold);
    const auto decision = decideRoute({QStringLiteral("stock exchange"), 3}, threshold);
    QFETCH(Route, route);
    QCOMPARE(decision.route, route);
    if (decision.route == Route::Retrieval) {
        QCOMPARE(decision.confidence, 0.5);
        QVERIFY(decision.reason.contains(QLatin1String("0.6")));
    }
    // Nothing stored is certain.
    QCOMPARE(decideRoute({QStringLiteral("stock exchange"), 0}, 1.0).route, Route::Unanswerable);
}

void TestQueryRouter::whatIsLookedFor_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("expected");
    QTest::newRow("question") << QStringLiteral("What is the weather in Paris today?")
                              << QStringLiteral("weather paris");
    QTest::newRow("only vague words")
        << QStringLiteral("What is it?") << QStringLiteral("What is it?");
    QTest::newRow("exclusion") << QStringLiteral("heron -rain") << QStringLiteral("heron");
}

void TestQueryRouter::whatIsLookedFor()
{
    QFETCH(QString, query);
    QTEST(search::lookedFor(query), "expected");
}

void TestQueryRouter::words()
{
    QCOMPARE(toString(Route::Retrieval), QStringLiteral("retrieval"));
    QCOMPARE(toString(Route::WebSearch), QStringLiteral("web_search"));
    QCOMPARE(toString(Route::Unanswerable), QStringLiteral("unanswerable"));
    QCOMPARE(toString(Route::Clarification), QStringLiteral("clarification"));
}

QTEST_GUILESS_MAIN(TestQueryRouter)
#include "tst_query_router.moc"
