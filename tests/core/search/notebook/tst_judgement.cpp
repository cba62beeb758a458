#include "core/search/notebook/judgement.h"

#include <QTest>

using namespace llmemory;
using search::isSameStretch;
using search::judgementsOf;

namespace {

SearchHit hit(const DocumentId &document, int start, int end)
{
    SearchHit hit;
    hit.document = document;
    hit.locator.charStart = start;
    hit.locator.charEnd = end;
    return hit;
}

Judgement judgement(const DocumentId &document, int start, int end, int grade = 1)
{
    return {.document = document,
            .documentName = {},
            .charStart = start,
            .charEnd = end,
            .grade = grade};
}

} // namespace

/// Which hits a judgement speaks of.
class TestJudgement : public QObject
{
    Q_OBJECT

private slots:
    void stretches_data();
    void stretches();
    void hitsOfOtherDocumentsHaveNone();
    void countsForItsFirstHit();
    void largestShareCounts();
    void wholeDocumentFitsEveryPassage();

private:
    const DocumentId m_a = DocumentId::create();
    const DocumentId m_b = DocumentId::create();
};

void TestJudgement::stretches_data()
{
    QTest::addColumn<QList<int>>("places");
    QTest::addColumn<bool>("same");
    const auto row = [](const char *name, const QList<int> &places, bool same) {
        QTest::newRow(name) << places << same;
    };
    row("equal", {10, 20, 10, 20}, true);
    row("one in the other", {0, 100, 40, 44}, true);
    row("half of the shorter", {0, 100, 95, 105}, true);
    row("less than half", {0, 100, 96, 106}, false);
    row("half of both", {0, 10, 5, 15}, true);
    row("side by side", {0, 10, 10, 20}, false);
    row("apart", {0, 10, 50, 60}, false);
    row("empty", {5, 5, 0, 10}, false);
    row("both empty", {5, 5, 5, 5}, false);
    row("negative", {9, 1, 0, 10}, false);
}

void TestJudgement::stretches()
{
    QFETCH(QList<int>, places);
    QFETCH(bool, same);
    QCOMPARE(isSameStretch(places.at(0), places.at(1), places.at(2), places.at(3)), same);
    QCOMPARE(isSameStretch(places.at(2), places.at(3), places.at(0), places.at(1)), same);
}

void TestJudgement::hitsOfOtherDocumentsHaveNone()
{
    QCOMPARE(
        judgementsOf({hit(m_b, 0, 10), hit(m_a, 50, 60), hit(m_a, 0, 10)}, {judgement(m_a, 0, 10)}),
        (QList<qsizetype>{-1, -1, 0}));
    QCOMPARE(judgementsOf({hit(m_a, 0, 10)}, {}), QList<qsizetype>{-1});
    QCOMPARE(judgementsOf({}, {judgement(m_a, 0, 10)}), QList<qsizetype>());
}

void TestJudgement::countsForItsFirstHit()
{
    // A judged passage that was cut in two since.
    QCOMPARE(judgementsOf({hit(m_a, 50, 100), hit(m_a, 0, 50)}, {judgement(m_a, 0, 100)}),
             (QList<qsizetype>{0, -1}));
    // Two judged ones that became one.
    QCOMPARE(judgementsOf({hit(m_a, 0, 100), hit(m_a, 0, 100)},
                          {judgement(m_a, 0, 40), judgement(m_a, 40, 100)}),
             (QList<qsizetype>{1, 0}));
}

void TestJudgement::largestShareCounts()
{
    QCOMPARE(judgementsOf({hit(m_a, 30, 100), hit(m_a, 0, 60)},
                          {judgement(m_a, 0, 60), judgement(m_a, 50, 100, 0)}),
             (QList<qsizetype>{1, 0}));
}

void TestJudgement::wholeDocumentFitsEveryPassage()
{
    QCOMPARE(judgementsOf({hit(m_a, 900, 950)}, {judgement(m_a, 0, 1000)}), QList<qsizetype>{0});
}

QTEST_GUILESS_MAIN(TestJudgement)
#include "tst_judgement.moc"
