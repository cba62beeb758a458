#include "core/search/fusion.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace llmemory;
using search::fuseByReciprocalRank;
using search::Fused;
using search::Ranked;

namespace {

/// A chunk whose id ends in this number: ids order as the numbers do.
ChunkId chunk(int number)
{
    return ChunkId::fromString(
        QStringLiteral("00000000-0000-4000-8000-%1").arg(number, 12, 10, QLatin1Char('0')));
}

QList<Ranked> leg(const QList<int> &numbers)
{
    QList<Ranked> list;
    for (const int number : numbers)
        list.append({chunk(number), 1.0 / double(list.size() + 1)});
    return list;
}

QList<int> numbers(const QList<Fused> &fused)
{
    QList<int> list;
    for (const Fused &entry : fused)
        list << entry.chunk.toString().right(12).toInt();
    return list;
}

} // namespace

/// Fusion by its formulas.
class TestFusion : public QObject
{
    Q_OBJECT

private slots:
    void order_data();
    void order();
    void scoresFollowTheFormula();
    void legsKeepTheirOwnScores();
    void equalInputGivesEqualOutput();
    void balanceIsTheMiddle();
    void scoresAreBroughtToOneScale();
    void scoresOfFewHits_data();
    void scoresOfFewHits();
    void weightsAtTheirEnds();
    void variants_data();
    void variants();
    void variantsKeepWhatTheLegsGave();
};

void TestFusion::order_data()
{
    QTest::addColumn<QList<int>>("text");
    QTest::addColumn<QList<int>>("vector");
    QTest::addColumn<double>("alpha");
    QTest::addColumn<QList<int>>("expected");
    using List = QList<int>;
    QTest::newRow("both empty") << List() << List() << 0.5 << List();
    QTest::newRow("no text") << List() << List{2, 1} << 0.5 << List{2, 1};
    QTest::newRow("no vectors") << List{2, 1} << List() << 0.5 << List{2, 1};
    QTest::newRow("in both wins") << List{1, 3} << List{2, 3} << 0.5 << List{3, 1, 2};
    QTest::newRow("equal score: the text leg's place decides")
        << List{9} << List{1} << 0.5 << List{9, 1};
    QTest::newRow("equal score and place: the id decides")
        << List{1, 2} << List{2, 1} << 0.5 << List{1, 2};
    QTest::newRow("alpha 0: text alone") << List{3, 1} << List{2, 1} << 0.0 << List{3, 1};
    QTest::newRow("alpha 1: vectors alone") << List{3, 1} << List{2, 1} << 1.0 << List{2, 1};
    QTest::newRow("weight moves the order") << List{1, 2} << List{2, 1} << 0.9 << List{2, 1};
}

void TestFusion::order()
{
    QFETCH(QList<int>, text);
    QFETCH(QList<int>, vector);
    QFETCH(double, alpha);
    QFETCH(QList<int>, expected);
    QCOMPARE(numbers(fuseByReciprocalRank(leg(text), leg(vector), alpha)), expected);
}

void TestFusion::scoresFollowTheFormula()
{
    const auto fused = fuseByReciprocalRank(leg({1, 2}), leg({3, 2}), 0.3);
    QCOMPARE(numbers(fused), QList<int>({2, 1, 3}));
    QCOMPARE(fused.at(0).score, 0.3 / 62 + 0.7 / 62);
    QCOMPARE(fused.at(1).score, 0.7 / 61);
    QCOMPARE(fused.at(2).score, 0.3 / 61);
    QCOMPARE(fused.at(0).textPlace, std::optional<int>(2));
    QCOMPARE(fused.at(0).vectorPlace, std::optional<int>(2));
    QCOMPARE(fused.at(0).textRank, std::optional<double>(0.5));
    QCOMPARE(fused.at(0).similarity, std::optional<double>(0.5));
    QVERIFY(!fused.at(1).similarity);
    QVERIFY(!fused.at(1).vectorPlace);
    QVERIFY(!fused.at(2).textRank);
    QVERIFY(!fused.at(2).textPlace);
}

void TestFusion::legsKeepTheirOwnScores()
{
    const auto text = search::fromTextLeg({{chunk(1), 0.4}, {chunk(2), 0.0}});
    QCOMPARE(numbers(text), QList<int>({1, 2}));
    QCOMPARE(text.at(0).score, 0.4);
    QCOMPARE(text.at(0).textRank, std::optional<double>(0.4));
    QVERIFY(!text.at(0).similarity);
    const auto vector = search::fromVectorLeg({{chunk(1), 0.4}, {chunk(2), -0.2}});
    QCOMPARE(numbers(vector), QList<int>({1, 2}));
    QCOMPARE(vector.at(1).similarity, std::optional<double>(-0.2));
    QCOMPARE(vector.at(1).vectorPlace, std::optional<int>(2));
}

void TestFusion::equalInputGivesEqualOutput()
{
    QList<int> forth;
    for (int i = 0; i < 200; ++i)
        forth << i;
    QList<int> back = forth;
    std::reverse(back.begin(), back.end());
    const auto first = numbers(fuseByReciprocalRank(leg(forth), leg(back), 0.5));
    QCOMPARE(first.size(), 200);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(numbers(fuseByReciprocalRank(leg(forth), leg(back), 0.5)), first);
}

void TestFusion::balanceIsTheMiddle()
{
    using search::vectorWeight;
    for (const double balance : {0.1, 0.35, 0.5, 0.9}) {
        QCOMPARE(vectorWeight(0.0, balance), 0.0);
        QCOMPARE(vectorWeight(0.5, balance), balance);
        QCOMPARE(vectorWeight(1.0, balance), 1.0);
        QVERIFY(vectorWeight(0.4, balance) < balance);
    }
    QCOMPARE(vectorWeight(0.3, 0.5), 0.3);
}

void TestFusion::scoresAreBroughtToOneScale()
{
    const QList<Ranked> text{{chunk(1), 12.0}, {chunk(2), 6.0}};
    const QList<Ranked> vector{{chunk(3), 0.8}, {chunk(2), 0.6}, {chunk(4), 0.3}};
    const auto fused = search::fuseByScores(text, vector, 0.5, 0.4);
    // 1: 0.6 * 1; 2: 0.6 * 0.5 + 0.4 * (0.3 / 0.5); 3: 0.4 * 1; 4: 0, and still in the list
    QCOMPARE(numbers(fused), QList<int>({1, 2, 3, 4}));
    QCOMPARE(fused.at(0).score, 0.6);
    QVERIFY(std::abs(fused.at(1).score - 0.54) < 1e-12);
    QVERIFY(std::abs(*fused.at(1).vectorShare - 0.24) < 1e-12);
    QCOMPARE(fused.at(2).score, 0.4);
    QVERIFY(!fused.at(2).textShare);
    QCOMPARE(fused.at(3).score, 0.0);
    QCOMPARE(fused.at(1).rrf, std::optional<double>(0.5 / 62 + 0.5 / 62));
}

void TestFusion::scoresOfFewHits_data()
{
    QTest::addColumn<QList<int>>("text");
    QTest::addColumn<QList<int>>("vector");
    QTest::addColumn<QList<int>>("expected");
    using List = QList<int>;
    QTest::newRow("nothing") << List() << List() << List();
    QTest::newRow("one of each") << List{1} << List{2} << List{1, 2};
    QTest::newRow("one and many") << List{9} << List{1, 2, 3} << List{9, 1, 2, 3};
    QTest::newRow("only vectors") << List() << List{2, 1} << List{2, 1};
    QTest::newRow("only words") << List{2, 1} << List() << List{2, 1};
}

void TestFusion::scoresOfFewHits()
{
    QFETCH(QList<int>, text);
    QFETCH(QList<int>, vector);
    QFETCH(QList<int>, expected);
    QCOMPARE(numbers(search::fuseByScores(leg(text), leg(vector), 0.5, 0.4)), expected);
}

void TestFusion::weightsAtTheirEnds()
{
    const auto words = search::fuseByScores(leg({1, 2}), leg({3, 2}), 0.0, 0.0);
    QCOMPARE(numbers(words), QList<int>({1, 2}));
    const auto meaning = search::fuseByScores(leg({1, 2}), leg({3, 2}), 1.0, 1.0);
    QCOMPARE(numbers(meaning), QList<int>({3, 2}));
}

void TestFusion::variants_data()
{
    QTest::addColumn<QList<QList<int>>>("lists");
    QTest::addColumn<QList<double>>("weights");
    QTest::addColumn<QList<int>>("expected");
    using List = QList<int>;
    using Lists = QList<QList<int>>;
    using Weights = QList<double>;
    QTest::newRow("nothing found") << Lists{{}, {}} << Weights{1, 1} << List();
    QTest::newRow("one list stays as it is") << Lists{{3, 1, 2}} << Weights{1} << List{3, 1, 2};
    QTest::newRow("found by two wordings wins")
        << Lists{{1, 2}, {3, 2}} << Weights{1, 1} << List{2, 1, 3};
    QTest::newRow("equal score: the id decides")
        << Lists{{9}, {1}, {5}} << Weights{1, 1, 1} << List{1, 5, 9};
    QTest::newRow("weights count") << Lists{{1}, {2}} << Weights{0.5, 1} << List{2, 1};
    QTest::newRow("without weight, nothing") << Lists{{1}, {2}} << Weights{1, 0} << List{1};
}

void TestFusion::variants()
{
    QFETCH(QList<QList<int>>, lists);
    QFETCH(QList<double>, weights);
    QFETCH(QList<int>, expected);
    QList<search::VariantList> variants;
    for (qsizetype i = 0; i < lists.size(); ++i)
        variants.append({search::fromVectorLeg(leg(lists.at(i))), weights.at(i)});
    for (int i = 0; i < 5; ++i)
        QCOMPARE(numbers(search::fuseVariants(variants)), expected);
}

void TestFusion::variantsKeepWhatTheLegsGave()
{
    const auto first = fuseByReciprocalRank(leg({1}), leg({2}), 0.5);
    const auto second = fuseByReciprocalRank(leg({3, 1}), leg({}), 0.5);
    const auto fused = search::fuseVariants({{first, 1.0}, {second, 0.5}});
    QCOMPARE(numbers(fused), QList<int>({1, 2, 3}));
    QCOMPARE(fused.at(0).score, 1.0 / 51 + 0.5 / 52);
    QCOMPARE(fused.at(0).rrf, std::optional<double>(fused.at(0).score));
    QCOMPARE(fused.at(0).textRank, std::optional<double>(1.0)); // of the first wording
    QCOMPARE(fused.at(0).textPlace, std::optional<int>(1));
    QCOMPARE(fused.at(0).variantPlaces, QList<int>({1, 2}));
    QCOMPARE(fused.at(1).variantPlaces, QList<int>({2, 0}));
    QCOMPARE(fused.at(2).variantPlaces, QList<int>({0, 1}));
    QCOMPARE(fused.at(2).textPlace, std::optional<int>(1));
}

QTEST_GUILESS_MAIN(TestFusion)
#include "tst_fusion.moc"
