#include "core/search/hit_selection.h"

#include <QTest>

using namespace llmemory;
using search::Fused;

namespace {

QList<Fused> ranked(const QList<double> &scores)
{
    QList<Fused> list;
    for (const double score : scores)
        list.append({.chunk = ChunkId::create(), .score = score});
    return list;
}

/// Places in @p list of the passages of @p order.
QList<qsizetype> places(const QList<Fused> &order, const QList<Fused> &list)
{
    QList<qsizetype> found;
    for (const Fused &fused : order) {
        for (qsizetype i = 0; i < list.size(); ++i) {
            if (list.at(i).chunk == fused.chunk)
                found << i;
        }
    }
    return found;
}

} // namespace

/// What is left of a ranked list.
class TestHitSelection : public QObject
{
    Q_OBJECT

private slots:
    void leastScoreIsKept();
    void documentsStandOnce();
    void diversityPrefersWhatDiffers();
    void diversityOfNothing();
    void scoresFall();
};

void TestHitSelection::leastScoreIsKept()
{
    const QList<Fused> list = ranked({0.9, 0.5, 0.4});
    QCOMPARE(places(search::scoringAtLeast(list, 0.5), list), QList<qsizetype>({0, 1}));
    QVERIFY(search::scoringAtLeast(list, 1).isEmpty());
    QVERIFY(search::scoringAtLeast({}, 0).isEmpty());
}

void TestHitSelection::documentsStandOnce()
{
    const QList<Fused> list = ranked({5, 4, 3, 2, 1});
    const DocumentId a = DocumentId::create();
    const DocumentId b = DocumentId::create();
    const QHash<ChunkId, DocumentId> documents{
        {list.at(0).chunk, a}, {list.at(1).chunk, a}, {list.at(2).chunk, b}, {list.at(4).chunk, a}};
    // The fourth was deleted meanwhile.
    const QList<Fused> best = search::bestOfEachDocument(list, documents);
    QCOMPARE(places(best, list), QList<qsizetype>({0, 2}));
    QCOMPARE(best.at(0).others, 2);
    QCOMPARE(best.at(1).others, 0);
}

void TestHitSelection::diversityPrefersWhatDiffers()
{
    const QList<Fused> list = ranked({1.0, 0.9, 0.8, 0.1});
    const QHash<ChunkId, embed::Vector> vectors{{list.at(0).chunk, {1, 0}},
                                                {list.at(1).chunk, {1, 0}}, // the same again
                                                {list.at(2).chunk, {0, 1}}};
    QCOMPARE(places(search::diversified(list, vectors, 0, 4), list),
             QList<qsizetype>({0, 1, 2, 3}));
    QCOMPARE(places(search::diversified(list, vectors, 0.5, 4), list),
             QList<qsizetype>({0, 2, 3, 1}));
    // Only the first two are looked at.
    QCOMPARE(places(search::diversified(list, vectors, 0.5, 2), list),
             QList<qsizetype>({0, 1, 2, 3}));
}

void TestHitSelection::diversityOfNothing()
{
    QVERIFY(search::diversified({}, {}, 0.5, 10).isEmpty());
    const QList<Fused> list = ranked({0, 0});
    QCOMPARE(search::diversified(list, {}, 1, 10).size(), 2);
    QCOMPARE(search::diversified(list, {}, 1, 0).size(), 2);
}

void TestHitSelection::scoresFall()
{
    const QList<Fused> list = ranked({9, 8, 7, 6, 5, 4});
    QHash<ChunkId, embed::Vector> vectors;
    for (qsizetype i = 0; i < list.size(); ++i)
        vectors.insert(list.at(i).chunk, i % 2 ? embed::Vector{0.6F, 0.8F} : embed::Vector{1, 0});
    const QList<Fused> order = search::diversified(list, vectors, 0.4, 4);
    QCOMPARE(order.size(), list.size());
    for (qsizetype i = 1; i < order.size(); ++i)
        QVERIFY(order.at(i).score <= order.at(i - 1).score);
}

QTEST_GUILESS_MAIN(TestHitSelection)
#include "tst_hit_selection.moc"
