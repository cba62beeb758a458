#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/textindex/segment_content.h"

namespace llmemory::textindex {

/// A writer merges segments itself as long as they hold so many passages together, about a second;
/// larger ones wait for TextIndexWorker.
inline constexpr qint64 kMostMergedAtOnce = 16'384;

/// Brings passages that the transaction adds or deletes into the owner's text index, as one
/// segment, and keeps the number of segments small. In the transaction that changes the passages,
/// of the owner's scope, on a pool thread.
/// @param id  of the segment, from reserveNumbers(); the first of the passages' numbers will do.
/// @param chunks  none = nothing happens.
Result<> changeIndex(db::Session &session,
                     const OwnerId &owner,
                     qint64 id,
                     const QList<IndexedChunk> &chunks);

} // namespace llmemory::textindex
