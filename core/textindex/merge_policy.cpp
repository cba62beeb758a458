#include "core/textindex/merge_policy.h"

#include <QMap>

namespace llmemory::textindex {

namespace {

/// Taken-back passages are not worth a merge of everything before there are so many.
constexpr qint64 kRemovedThatMatter = 256;
constexpr qint64 kRemovedShare = 5; ///< one in so many

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

} // namespace llmemory::textindex
