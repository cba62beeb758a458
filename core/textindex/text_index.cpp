#include "core/textindex/text_index.h"

#include "core/textindex/segment_merger.h"
#include "core/textindex/segment_repository.h"

#include <numeric>

namespace llmemory::textindex {

namespace {

Result<> mergeSmall(db::Session &session, const OwnerId &owner)
{
    for (;;) {
        const auto segments = listSegments(session, owner);
        if (!segments)
            return segments.error();
        const QList<SegmentInfo> chosen = segmentsToMerge(*segments);
        if (chosen.isEmpty())
            return {};
        const qint64 entries = std::accumulate(
            chosen.begin(), chosen.end(), qint64(0), [](qint64 sum, const SegmentInfo &segment) {
                return sum + segment.entries;
            });
        if (entries > kMostMergedAtOnce)
            return setMergeDue(session, owner, true);
        const auto id = reserveNumbers(session, owner, 1);
        if (!id)
            return id.error();
        const auto merged = mergeSegments(session, owner, chosen, *id);
        if (!merged)
            return merged.error();
        if (!*merged)
            return {};
    }
}

} // namespace

Result<> changeIndex(db::Session &session,
                     const OwnerId &owner,
                     qint64 id,
                     const QList<IndexedChunk> &chunks)
{
    if (chunks.isEmpty())
        return {};
    const SegmentContent content = segmentOf(chunks);
    if (auto ok = writeSegment(session, owner, id, content); !ok)
        return ok;
    // A document's blocks are some dozen.
    if (auto ok = writeBlocks(session, owner, id, content.blocks); !ok)
        return ok;
    return mergeSmall(session, owner);
}

} // namespace llmemory::textindex
