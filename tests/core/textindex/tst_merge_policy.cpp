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
    void atRest_data();
    void atRest();
    void atRestFewStay();
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

void TestMergePolicy::atRest_data()
{
    QTest::addColumn<QList<qint64>>("sizes");
    QTest::addColumn<QList<qint64>>("merged");
    using Sizes = QList<qint64>;
    QTest::newRow("none") << Sizes{} << Sizes{};
    QTest::newRow("one") << Sizes{1000} << Sizes{};
    QTest::newRow("far apart") << Sizes{1000, 40, 10} << Sizes{};
    QTest::newRow("small ones") << Sizes{5, 1000, 3} << Sizes{3, 5};
    QTest::newRow("small ones that matter to the large one")
        << Sizes{150, 1000, 110} << Sizes{110, 150, 1000};
    QTest::newRow("up to the last that is too small")
        << Sizes{100000, 1, 4, 16, 80, 1000} << Sizes{1, 4, 16, 80};
}

void TestMergePolicy::atRest()
{
    QFETCH(QList<qint64>, sizes);
    QFETCH(QList<qint64>, merged);
    QList<SegmentInfo> segments;
    for (const qint64 size : sizes)
        segments << SegmentInfo{100 + size, size, 0};
    QList<SegmentInfo> expected;
    for (const qint64 size : merged)
        expected << SegmentInfo{100 + size, size, 0};
    QCOMPARE(segmentsToMergeAtRest(segments), expected);
}

void TestMergePolicy::atRestFewStay()
{
    // A few documents between two rests, from nothing to 100,000 passages.
    QList<SegmentInfo> segments;
    qint64 written = 0;
    qint64 all = 0;
    qsizetype most = 0;
    for (int i = 0; all < 100'000; ++i) {
        const qint64 added = 5 + 7 * (i % 11);
        all += added;
        segments << SegmentInfo{i, added, 0};
        const QList<SegmentInfo> chosen = segmentsToMergeAtRest(segments);
        SegmentInfo sum{i, 0, 0};
        for (const SegmentInfo &segment : chosen) {
            sum.entries += segment.entries;
            segments.removeOne(segment);
        }
        written += sum.entries;
        if (!chosen.isEmpty())
            segments << sum;
        QVERIFY(segmentsToMergeAtRest(segments).isEmpty());
        most = std::max(most, segments.size());
    }
    QVERIFY2(most <= 8, qPrintable(QString::number(most)));
    QVERIFY2(written < 30 * all, qPrintable(QString::number(double(written) / double(all))));
}

QTEST_GUILESS_MAIN(TestMergePolicy)
#include "tst_merge_policy.moc"
