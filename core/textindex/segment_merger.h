#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/textindex/merge_policy.h"

namespace llmemory::textindex {

/// Makes one segment of several, block by block, in the transaction of the owner's scope that it is
/// called in: with any error, or a crash, the old ones are still there. Searches go on with the old
/// ones until then, and nobody who writes waits for it.
/// @param id  of the new segment; from reserveNumbers().
/// @return false, and nothing done, when another transaction merges some of them.
/// Error: Database, Cancelled.
Result<bool> mergeSegments(db::Session &session,
                           const OwnerId &owner,
                           const QList<SegmentInfo> &segments,
                           qint64 id);

} // namespace llmemory::textindex
