#include "core/textindex/merge_policy.h"

#include <QtTest>

#include <algorithm>

using namespace llmemory::textindex;

/// Which segments become one.
class TestMergePolicy : public QObject
{
    Q_OBJECT

private slots:
    void fewAreLeftAlone();
    void alikeOnes();
    void hollowOnes();
    void staysShort();
};

void TestMergePolicy::fewAreLeftAlone()
{
    QCOMPARE(segmentsToMerge({}), QList<SegmentInfo>());
    QList<SegmentInfo> segments;
    for (int i = 0; i < kMergeFactor - 1; ++i)
        segments << SegmentInfo{i, 1, 0} << SegmentInfo{100 + i, 100, 0};
    QCOMPARE(segmentsToMerge(segments), QList<SegmentInfo>());
}

void TestMergePolicy::alikeOnes()
{
    QList<SegmentInfo> segments{{99, 5000, 0}};
    QList<SegmentInfo> small;
    for (int i = 0; i < kMergeFactor; ++i)
        small << SegmentInfo{i, 1 + i % 7, 0};
    segments << small;
    QCOMPARE(segmentsToMerge(segments), small);
}

void TestMergePolicy::hollowOnes()
{
    const QList<SegmentInfo> hollow{{1, 1000, 0}, {2, 300, 300}};
    QCOMPARE(segmentsToMerge(hollow), hollow);
    QCOMPARE(segmentsToMerge({{1, 10000, 0}, {2, 300, 300}}), QList<SegmentInfo>());
    QCOMPARE(segmentsToMerge({{1, 10, 0}, {2, 10, 10}}), QList<SegmentInfo>());
    QCOMPARE(segmentsToMerge({{1, 1000, 500}}), QList<SegmentInfo>());
}

void TestMergePolicy::staysShort()
{
    QList<SegmentInfo> segments;
    qint64 written = 0;
    constexpr int kDocuments = 20000;
    for (int i = 0; i < kDocuments; ++i) {
        segments << SegmentInfo{i, 5, 0};
        for (;;) {
            const QList<SegmentInfo> chosen = segmentsToMerge(segments);
            if (chosen.isEmpty())
                break;
            SegmentInfo merged{i, 0, 0};
            for (const SegmentInfo &segment : chosen) {
                merged.entries += segment.entries;
                segments.removeOne(segment);
            }
            written += merged.entries;
            segments << merged;
        }
        QVERIFY(segments.size() < 7 * kMergeFactor);
    }
    // Each passage is written again once for each size.
    QVERIFY(written < 7 * 5 * kDocuments);
}

QTEST_GUILESS_MAIN(TestMergePolicy)
#include "tst_merge_policy.moc"
