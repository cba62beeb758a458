#include "core/textindex/merge_policy.h"

#include <QMap>

#include <algorithm>

namespace llmemory::textindex {

namespace {

/// Taken-back passages are not worth a merge of everything before there are so many.
constexpr qint64 kRemovedThatMatter = 256;
constexpr qint64 kRemovedShare = 5; ///< one in so many
/// What a segment holds at rest, of all smaller ones together.
constexpr qint64 kLead = 4;

int sizeClass(qint64 entries)
{
    int size = 0;
    for (qint64 rest = entries; rest >= kMergeFactor; rest /= kMergeFactor)
        ++size;
    return size;
}

} // namespace

QList<SegmentInfo> segmentsToMerge(const QList<SegmentInfo> &segments)
{
    qint64 entries = 0;
    qint64 removed = 0;
    QMap<int, QList<SegmentInfo>> sizes;
    for (const SegmentInfo &segment : segments) {
        entries += segment.entries;
        removed += segment.removed;
        sizes[sizeClass(segment.entries)].append(segment);
    }
    for (const QList<SegmentInfo> &alike : std::as_const(sizes)) {
        if (alike.size() >= kMergeFactor)
            return alike;
    }
    const bool isHollow = removed >= kRemovedThatMatter && removed * kRemovedShare > entries;
    return isHollow && segments.size() > 1 ? segments : QList<SegmentInfo>();
}

QList<SegmentInfo> segmentsToMergeAtRest(const QList<SegmentInfo> &segments)
{
    QList<SegmentInfo> sorted = segments;
    std::stable_sort(sorted.begin(), sorted.end(), [](const SegmentInfo &a, const SegmentInfo &b) {
        return a.entries < b.entries;
    });
    qint64 smaller = 0;
    qsizetype count = 0;
    for (qsizetype i = 0; i < sorted.size(); ++i) {
        const qint64 entries = sorted.at(i).entries;
        if (i > 0 && entries < kLead * smaller)
            count = i + 1;
        smaller += entries;
    }
    return sorted.first(count);
}

} // namespace llmemory::textindex
