#include "core/search/reranking.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/scripted_reranker.h"

#include <QElapsedTimer>

#include <limits>
#include <stdexcept>

using namespace llmemory;
using namespace std::chrono_literals;
using search::Fused;
using search::reranked;
using search::RerankRunner;
using testing::ScriptedReranker;

namespace {

const auto kNever = [] { return false; };

ChunkId chunk(int number)
{
    return ChunkId::fromString(
        QStringLiteral("00000000-0000-4000-8000-%1").arg(number, 12, 10, QLatin1Char('0')));
}

/// Candidates 1, 2, 3 … with falling scores.
QList<Fused> candidates(int count)
{
    QList<Fused> list;
    for (int i = 1; i <= count; ++i)
        list.append({.chunk = chunk(i), .score = 1.0 / (60 + i)});
    return list;
}

QList<int> numbers(const QList<Fused> &fused)
{
    QList<int> list;
    for (const Fused &entry : fused)
        list << entry.chunk.toString().right(12).toInt();
    return list;
}

const QList<QString> kPassages{QStringLiteral("a book"), QStringLiteral("a harbour ledger")};
const QString kQuery = QStringLiteral("harbour ledger");

} // namespace

/// What a second look does to the order, and what happens when it goes wrong.
class TestReranking : public QObject
{
    Q_OBJECT

private slots:
    void order_data();
    void order();
    void shareOfTheScore();
    void scoresAndPlacesAreTold();
    void lexicalWithoutAReranker();
    void programsOwnReranker();
    void brokenOneIsReplaced_data();
    void brokenOneIsReplaced();
    void slowOneIsGivenUp();
    void cancelled();
};

void TestReranking::order_data()
{
    QTest::addColumn<std::vector<double>>("scores");
    QTest::addColumn<QList<int>>("expected");
    using Scores = std::vector<double>;
    using List = QList<int>;
    QTest::newRow("none") << Scores() << List{1, 2, 3, 4};
    QTest::newRow("turned round") << Scores{1, 2, 3, 4} << List{4, 3, 2, 1};
    QTest::newRow("ties stay") << Scores{0, 1, 0, 1} << List{2, 4, 1, 3};
    QTest::newRow("the rest stays behind") << Scores{0.1, 0.2} << List{2, 1, 3, 4};
    QTest::newRow("behind negative scores, too") << Scores{-9, -3, -5} << List{2, 3, 1, 4};
    QTest::newRow("huge scores") << Scores{1e300, -1e300} << List{1, 2, 3, 4};
}

void TestReranking::order()
{
    QFETCH(std::vector<double>, scores);
    QFETCH(QList<int>, expected);
    const auto list = reranked(candidates(4), scores);
    QCOMPARE(numbers(list), expected);
    for (qsizetype i = 1; i < list.size(); ++i)
        QVERIFY(list.at(i).score <= list.at(i - 1).score);
}

void TestReranking::shareOfTheScore()
{
    // Between 0 and 1 the candidates had 1, 0.66, 0.33 and 0.
    const std::vector<double> scores{0, 0, 700, 0};
    QCOMPARE(numbers(reranked(candidates(4), scores, 0.0)), QList<int>({1, 2, 3, 4}));
    QCOMPARE(numbers(reranked(candidates(4), scores, 0.1)), QList<int>({1, 2, 3, 4}));
    QCOMPARE(numbers(reranked(candidates(4), scores, 0.3)), QList<int>({1, 3, 2, 4}));
    QCOMPARE(numbers(reranked(candidates(4), scores, 0.5)), QList<int>({3, 1, 2, 4}));
    // The rest stays behind, and equal scores change nothing.
    QCOMPARE(numbers(reranked(candidates(4), {0, 1}, 0.6)), QList<int>({2, 1, 3, 4}));
    QCOMPARE(numbers(reranked(candidates(4), {5, 5, 5, 5}, 0.5)), QList<int>({1, 2, 3, 4}));
    const auto list = reranked(candidates(4), scores, 0.3);
    QCOMPARE(list.at(1).rerankScore, std::optional<double>(700));
    for (qsizetype i = 1; i < list.size(); ++i)
        QVERIFY(list.at(i).score <= list.at(i - 1).score);
}

void TestReranking::scoresAndPlacesAreTold()
{
    const auto list = reranked(candidates(3), {0.5, 0.75});
    QCOMPARE(numbers(list), QList<int>({2, 1, 3}));
    QCOMPARE(list.at(0).score, 0.75 + 0.001 / 62);
    QCOMPARE(list.at(0).rerankScore, std::optional<double>(0.75));
    QCOMPARE(list.at(0).placeBefore, std::optional<int>(2));
    QCOMPARE(list.at(1).placeBefore, std::optional<int>(1));
    QCOMPARE(list.at(2).score, 0.5 + 0.001 / 63);
    QVERIFY(!list.at(2).rerankScore);
    QCOMPARE(list.at(2).placeBefore, std::optional<int>(3));
}

void TestReranking::lexicalWithoutAReranker()
{
    RerankRunner runner(nullptr, 8s);
    const auto outcome = runner.run(kQuery, kPassages, kNever);
    VERIFY_RESULT(outcome);
    QCOMPARE(outcome->reranker, QStringLiteral("lexical"));
    QCOMPARE(outcome->note, QString());
    QVERIFY(outcome->scores.at(1) > outcome->scores.at(0));
}

void TestReranking::programsOwnReranker()
{
    const auto own = std::make_shared<ScriptedReranker>();
    RerankRunner runner(own, 8s);
    const auto outcome = runner.run(kQuery, kPassages, kNever);
    VERIFY_RESULT(outcome);
    QCOMPARE(outcome->reranker, QStringLiteral("scripted"));
    QCOMPARE(outcome->note, QString());
    QCOMPARE(outcome->scores, std::vector<double>({0, 1}));
    QCOMPARE(own->lastPassages(), kPassages);
}

void TestReranking::brokenOneIsReplaced_data()
{
    using Answer = ScriptedReranker::Answer;
    QTest::addColumn<ScriptedReranker::Answer>("answer");
    QTest::newRow("fails") << Answer([](qsizetype) -> Result<std::vector<double>> {
        return Error::internal(QStringLiteral("no model"));
    });
    QTest::newRow("throws") << Answer(
        [](qsizetype) -> Result<std::vector<double>> { throw std::runtime_error("no model"); });
    QTest::newRow("too few scores") << Answer([](qsizetype) { return std::vector<double>{1}; });
    QTest::newRow("too many scores")
        << Answer([](qsizetype n) { return std::vector<double>(size_t(n) + 1, 1); });
    QTest::newRow("not a number") << Answer([](qsizetype n) {
        return std::vector<double>(size_t(n), std::numeric_limits<double>::quiet_NaN());
    });
    QTest::newRow("infinite") << Answer([](qsizetype n) {
        return std::vector<double>(size_t(n), std::numeric_limits<double>::infinity());
    });
}

void TestReranking::brokenOneIsReplaced()
{
    QFETCH(ScriptedReranker::Answer, answer);
    RerankRunner runner(std::make_shared<ScriptedReranker>(answer), 8s);
    const auto outcome = runner.run(kQuery, kPassages, kNever);
    VERIFY_RESULT(outcome);
    QCOMPARE(outcome->reranker, QStringLiteral("lexical"));
    QVERIFY(outcome->note.startsWith(QLatin1String("Reranked by words only: ")));
    QVERIFY(outcome->scores.at(1) > outcome->scores.at(0));
}

void TestReranking::slowOneIsGivenUp()
{
    const auto slow = std::make_shared<ScriptedReranker>(ScriptedReranker::numbered, 400ms);
    QElapsedTimer timer;
    timer.start();
    {
        RerankRunner runner(slow, 50ms);
        const auto outcome = runner.run(kQuery, kPassages, kNever);
        VERIFY_RESULT(outcome);
        QVERIFY(timer.elapsed() >= 50);
        QVERIFY(timer.elapsed() < 350);
        QCOMPARE(outcome->reranker, QStringLiteral("lexical"));
        QVERIFY(outcome->note.contains(QLatin1String("in time")));
    }
    // It may use what belongs to the program, so it has ended when the runner has.
    QCOMPARE(slow->running(), 0);
}

void TestReranking::cancelled()
{
    const auto slow = std::make_shared<ScriptedReranker>(ScriptedReranker::numbered, 300ms);
    RerankRunner runner(slow, 8s);
    QElapsedTimer timer;
    timer.start();
    const auto outcome = runner.run(kQuery, kPassages, [&] { return timer.elapsed() > 60; });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY(timer.elapsed() < 250);
}

QTEST_GUILESS_MAIN(TestReranking)
#include "tst_reranking.moc"
