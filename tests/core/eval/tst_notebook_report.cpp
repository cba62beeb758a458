#include "core/eval/notebook_report.h"

#include <QTest>

#include <cmath>

using namespace llmemory;

namespace {

SearchHit hit(const DocumentId &document)
{
    SearchHit hit;
    hit.document = document;
    hit.locator.charEnd = 100;
    return hit;
}

Judgement judgement(const DocumentId &document, int grade = 1)
{
    return {
        .document = document, .documentName = {}, .charStart = 10, .charEnd = 90, .grade = grade};
}

NotebookReport report(double ndcg, const Json &settings)
{
    NotebookReport report;
    report.id = NotebookReportId::create();
    report.owner = *OwnerId::parse(QStringLiteral("demo"));
    report.createdAt = QDateTime(QDate(2024, 5, 1), QTime(12, 0), Qt::UTC);
    report.queries = 7;
    report.judgements = QStringLiteral("abc");
    report.settings = settings;
    report.modes = {{SearchMode::Text, ndcg, 0.5},
                    {SearchMode::Vector, 0.25, 0.25},
                    {SearchMode::Hybrid, 0.75, 1}};
    return report;
}

} // namespace

/// What a report says about test queries.
class TestNotebookReport : public QObject
{
    Q_OBJECT

private slots:
    void figuresOfARanking();
    void onlyGoodOnesTellSomething();
    void comparesWithTheOneBefore();
    void firstOneHasNothingBefore();
    void figuresComeBack();
    void fingerprintIsOfTheJudgements();
};

void TestNotebookReport::figuresOfARanking()
{
    const DocumentId a = DocumentId::create();
    const DocumentId b = DocumentId::create();
    const DocumentId c = DocumentId::create();
    const DocumentId d = DocumentId::create();
    const QList<Judgement> judgements{judgement(a), judgement(b), judgement(c, 0)};
    const auto best = eval::scoresOf({hit(b), hit(a), hit(c), hit(d)}, judgements);
    QCOMPARE(best.ndcgAt10, 1.0);
    QCOMPARE(best.mrrAt10, 1.0);
    // Good ones on the ranks 2 and 4 of (1, 2), by the definition.
    const auto later = eval::scoresOf({hit(c), hit(a), hit(d), hit(b)}, judgements);
    const double ideal = 1 + 1 / std::log2(3.0);
    QCOMPARE(later.ndcgAt10, (1 / std::log2(3.0) + 1 / std::log2(5.0)) / ideal);
    QCOMPARE(later.mrrAt10, 0.5);
    QCOMPARE(eval::scoresOf(QList<SearchHit>{hit(d)}, judgements).ndcgAt10, 0.0);
    QCOMPARE(eval::scoresOf(QList<SearchHit>(), judgements).mrrAt10, 0.0);
}

void TestNotebookReport::onlyGoodOnesTellSomething()
{
    const DocumentId a = DocumentId::create();
    QVERIFY(!eval::hasRelevant(QList<Judgement>()));
    QVERIFY(!eval::hasRelevant(QList<Judgement>{judgement(a, 0)}));
    QVERIFY(eval::hasRelevant(QList<Judgement>{judgement(a, 0), judgement(a, 1)}));
}

void TestNotebookReport::comparesWithTheOneBefore()
{
    const NotebookReport before = report(0.25, {{"model", "a"}, {"rerank", false}, {"old", 1}});
    NotebookReport after = report(0.75, {{"model", "b"}, {"rerank", false}, {"new", 2}});
    const Json json = toJson(NotebookComparison{after, before});
    QVERIFY(json["report_id"] == after.id.toString().toStdString());
    QVERIFY(json["created_at"] == "2024-05-01T12:00:00.000Z");
    QVERIFY(json["queries"] == 7);
    QVERIFY(json["modes"]["text"] == Json({{"ndcg_at_10", 0.75}, {"mrr_at_10", 0.5}}));
    QVERIFY(json["previous"]["modes"]["text"]["ndcg_at_10"] == 0.25);
    QVERIFY(json["differences"]["text"] == Json({{"ndcg_at_10", 0.5}, {"mrr_at_10", 0.0}}));
    QCOMPARE(json["differences"].size(), size_t(3));
    QVERIFY(json["same_judgements"] == true);
    const Json expected = Json::parse(R"([{"name": "model", "before": "a", "after": "b"},
                                          {"name": "new", "before": null, "after": 2},
                                          {"name": "old", "before": 1, "after": null}])");
    QVERIFY2(json["changed_settings"] == expected, json["changed_settings"].dump().c_str());
    after.judgements = QStringLiteral("other");
    QVERIFY(toJson(NotebookComparison{after, before})["same_judgements"] == false);
}

void TestNotebookReport::firstOneHasNothingBefore()
{
    const Json json = toJson(NotebookComparison{report(0.5, Json::object()), std::nullopt});
    QVERIFY(json["previous"].is_null());
    QVERIFY(json["differences"].is_null());
    QVERIFY(json["same_judgements"].is_null());
    QVERIFY(json["changed_settings"] == Json::array());
}

void TestNotebookReport::figuresComeBack()
{
    const NotebookReport kept = report(0.5, Json::object());
    NotebookReport read;
    setFigures(read, figuresToJson(kept));
    QCOMPARE(read.queries, kept.queries);
    QCOMPARE(read.judgements, kept.judgements);
    QCOMPARE(read.modes.size(), 3);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(read.modes.at(i).mode == kept.modes.at(i).mode);
        QCOMPARE(read.modes.at(i).ndcgAt10, kept.modes.at(i).ndcgAt10);
        QCOMPARE(read.modes.at(i).mrrAt10, kept.modes.at(i).mrrAt10);
    }
    setFigures(read, Json()); // what cannot be read changes nothing
    QCOMPARE(read.queries, kept.queries);
}

void TestNotebookReport::fingerprintIsOfTheJudgements()
{
    const DocumentId a = DocumentId::create();
    NotebookQuery one;
    one.id = NotebookQueryId::create();
    one.judgements = {judgement(a)};
    NotebookQuery two = one;
    two.id = NotebookQueryId::create();
    QCOMPARE(eval::fingerprint({one, two}), eval::fingerprint({two, one}));
    QVERIFY(eval::fingerprint({one, two}) != eval::fingerprint({one}));
    const QString before = eval::fingerprint({one});
    one.judgements.first().grade = 0;
    QVERIFY(eval::fingerprint({one}) != before);
}

QTEST_GUILESS_MAIN(TestNotebookReport)
#include "tst_notebook_report.moc"
