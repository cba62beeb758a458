#pragma once

#include <QList>

namespace llmemory::textindex {

/// A segment as the owner's list has it.
struct SegmentInfo
{
    qint64 id = 0;
    qint64 entries = 0; ///< passages that count and passages that are taken back, together
    qint64 removed = 0; ///< those that are taken back

    friend bool operator==(const SegmentInfo &, const SegmentInfo &) = default;
};

/// Chooses the segments of an owner that should become one; empty when none.
using MergePolicy = QList<SegmentInfo> (*)(const QList<SegmentInfo> &);

/// So many segments of about one size become one, and "about one size" is a factor of this. The
/// same number of segments, times the logarithm of the passages, is what a search has to look at.
inline constexpr int kMergeFactor = 8;

/// The segments that should become one now; empty when none. The smallest ones first, so that
/// calling it again after each merge ends with less than kMergeFactor segments of each size. All of
/// them where more than a fifth of what they hold is taken back again. Pure.
QList<SegmentInfo> segmentsToMerge(const QList<SegmentInfo> &segments);

/// The segments that should become one while nobody writes, smallest first; empty when none. Those
/// that stay, and the new one, each hold four times as much as all smaller ones together at least:
/// a search finds few of them, and a large one is written again only when much has come since.
/// Calling it again after that merge gives none. Pure.
QList<SegmentInfo> segmentsToMergeAtRest(const QList<SegmentInfo> &segments);

} // namespace llmemory::textindex
