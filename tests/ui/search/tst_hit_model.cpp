#include "ui/search/hit_model.h"
#include "ui/search/snippet.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace llmemory;
using ui::HitModel;

class TestHitModel : public QObject
{
    Q_OBJECT

private slots:
    void showsHits();
    void replacesHits();
};

namespace {

SearchHit hit(const QString &name, double score)
{
    SearchHit hit;
    hit.documentName = name;
    hit.content = QStringLiteral("The cat sat on the mat.");
    hit.highlights = {{4, 7}};
    hit.score = score;
    return hit;
}

} // namespace

void TestHitModel::showsHits()
{
    HitModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    SearchHit paged = hit(QStringLiteral("a.pdf"), 0.04);
    paged.locator.page = 3;
    paged.locator.headingPath = {QStringLiteral("One"), QStringLiteral("Two")};
    model.setHits({paged, hit(QStringLiteral("b.txt"), 0.02)});
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex first = model.index(0);
    QCOMPARE(first.data().toString(), QStringLiteral("a.pdf"));
    const QString place = first.data(HitModel::PlaceRole).toString();
    QVERIFY(place.contains(QLatin1Char('3')));
    QVERIFY(place.contains(QStringLiteral("One › Two")));
    QCOMPARE(model.index(1).data(HitModel::PlaceRole).toString(), QString());
    QCOMPARE(first.data(HitModel::RelevanceRole).toDouble(), 1.0);
    QVERIFY(model.index(1).data(HitModel::RelevanceRole).toDouble() < 0.5);
    const auto snippet = first.data(HitModel::SnippetRole).value<ui::Snippet>();
    QCOMPARE(snippet.marks, (QList<ui::TextRange>{{4, 7}}));
    QVERIFY(first.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("cat")));
}

void TestHitModel::replacesHits()
{
    HitModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setHits({hit(QStringLiteral("a"), 0), hit(QStringLiteral("b"), 0)});
    QCOMPARE(model.index(0).data(HitModel::RelevanceRole).toDouble(),
             1.0); // all alike, no division
    model.setHits({hit(QStringLiteral("c"), 1)});
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.hit(0).documentName, QStringLiteral("c"));
    model.setHits({});
    QCOMPARE(model.rowCount(), 0);
}

QTEST_GUILESS_MAIN(TestHitModel)
#include "tst_hit_model.moc"
