#include "core/eval/metrics.h"

#include <QTest>

#include <cmath>

using namespace llmemory::eval;

namespace {

QStringList ids(const char *words)
{
    return QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
}

/// "a=2 b=0"
Judgements judged(const QString &text)
{
    Judgements judgements;
    for (const QString &pair : text.split(u' ', Qt::SkipEmptyParts))
        judgements.insert(pair.section(u'=', 0, 0), pair.section(u'=', 1).toInt());
    return judgements;
}

/// @p count words "prefix1 prefix2 …"
QStringList numbered(const char *prefix, int count)
{
    QStringList words;
    for (int i = 1; i <= count; ++i)
        words += QLatin1String(prefix) + QString::number(i);
    return words;
}

} // namespace

/// The measures against values worked out by hand and published ones.
class TestMetrics : public QObject
{
    Q_OBJECT

private slots:
    void ndcg_data();
    void ndcg();
    void recall_data();
    void recall();
    void reciprocalRank_data();
    void reciprocalRank();
    void means();
    void relevantOnesAreNeeded();
};

void TestMetrics::ndcg_data()
{
    QTest::addColumn<QString>("ranking");
    QTest::addColumn<QString>("judgements");
    QTest::addColumn<int>("cutoff");
    QTest::addColumn<double>("expected");
    const auto row = [](const char *name,
                        const char *ranking,
                        const char *judgements,
                        int cutoff,
                        double expected) {
        QTest::newRow(name) << QString::fromLatin1(ranking) << QString::fromLatin1(judgements)
                            << cutoff << expected;
    };
    const double second = 1 / std::log2(3.0); // the discount of rank 2
    row("best order", "a b", "a=2 b=1", 10, 1.0);
    row("wrong order", "b a", "a=2 b=1", 10, (1 + 2 * second) / (2 + second));
    row("nothing found", "", "a=1", 10, 0.0);
    row("nothing relevant", "a", "a=0", 10, 0.0);
    row("unjudged counts nothing but a rank", "x a", "a=1", 10, second);
    row("negative counts nothing", "b a", "a=1 b=-2", 10, second);
    row("missed ones count in the ideal", "a", "a=1 b=1", 10, 1 / (1 + second));
    row("behind the cutoff", "x y a", "a=1", 2, 0.0);
    row("the ideal is cut too", "a b", "a=1 b=1 c=1 d=1", 2, 1.0);
    // The two queries in the documentation of pytrec_eval, which runs trec_eval's own code.
    row("pytrec_eval q1", "d3 d1 d2", "d1=0 d2=1 d3=0", 10, 0.5);
    row("pytrec_eval q2", "d1 d3 d2", "d2=1 d3=1", 10, 0.6934264036172708);
    // The well-known example of gains 3 2 3 0 1 2, with two more judged documents: 6.861 / 8.740.
    row("textbook", "d1 d2 d3 d4 d5 d6", "d1=3 d2=2 d3=3 d4=0 d5=1 d6=2 d7=3 d8=2", 6, 0.785002371);
}

void TestMetrics::ndcg()
{
    QFETCH(QString, ranking);
    QFETCH(QString, judgements);
    QFETCH(int, cutoff);
    QFETCH(double, expected);
    const double value =
        llmemory::eval::ndcg(ranking.split(u' ', Qt::SkipEmptyParts), judged(judgements), cutoff);
    QVERIFY2(std::abs(value - expected) < 1e-6, qPrintable(QString::number(value, 'f', 9)));
}

void TestMetrics::recall_data()
{
    QTest::addColumn<QStringList>("ranking");
    QTest::addColumn<QString>("judgements");
    QTest::addColumn<double>("expected");
    QTest::newRow("half") << ids("a x") << "a=1 b=3" << 0.5;
    QTest::newRow("all") << ids("x b a") << "a=1 b=3 c=0 d=-1" << 1.0;
    QTest::newRow("nothing relevant") << ids("a") << "a=0" << 0.0;
    QTest::newRow("nothing found") << ids("") << "a=1" << 0.0;
    QTest::newRow("rank 100") << numbered("x", 99) + ids("a") << "a=1" << 1.0;
    QTest::newRow("rank 101") << numbered("x", 100) + ids("a") << "a=1" << 0.0;
}

void TestMetrics::recall()
{
    QFETCH(QStringList, ranking);
    QFETCH(QString, judgements);
    QFETCH(double, expected);
    QCOMPARE(llmemory::eval::recall(ranking, judged(judgements), 100), expected);
}

void TestMetrics::reciprocalRank_data()
{
    QTest::addColumn<QStringList>("ranking");
    QTest::addColumn<QString>("judgements");
    QTest::addColumn<double>("expected");
    QTest::newRow("first") << ids("a b") << "a=1 b=2" << 1.0;
    QTest::newRow("third") << ids("x b a") << "a=1 b=0" << 1.0 / 3;
    QTest::newRow("rank 10") << numbered("x", 9) + ids("a") << "a=1" << 0.1;
    QTest::newRow("rank 11") << numbered("x", 10) + ids("a") << "a=1" << 0.0;
    QTest::newRow("none") << ids("x") << "a=1" << 0.0;
}

void TestMetrics::reciprocalRank()
{
    QFETCH(QStringList, ranking);
    QFETCH(QString, judgements);
    QFETCH(double, expected);
    QCOMPARE(llmemory::eval::reciprocalRank(ranking, judged(judgements), 10), expected);
}

void TestMetrics::means()
{
    const Scores mean = meanOf({scoresOf(ids("a"), judged(QStringLiteral("a=1"))),
                                scoresOf(ids("x a"), judged(QStringLiteral("a=1 b=1")))});
    const double second = 1 / std::log2(3.0);
    QCOMPARE(mean.ndcgAt10, (1 + second / (1 + second)) / 2);
    QCOMPARE(mean.recallAt100, 0.75);
    QCOMPARE(mean.mrrAt10, 0.75);
    QCOMPARE(meanOf({}).ndcgAt10, 0.0);
}

void TestMetrics::relevantOnesAreNeeded()
{
    QVERIFY(hasRelevant(judged(QStringLiteral("a=0 b=1"))));
    QVERIFY(!hasRelevant(judged(QStringLiteral("a=0 b=-1"))));
    QVERIFY(!hasRelevant({}));
}

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
