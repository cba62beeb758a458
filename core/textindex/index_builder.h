#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"

#include <QList>

namespace llmemory::textindex {

/// What is left to do for an owner in the background.
struct IndexWork
{
    OwnerId owner;
    bool isIndexed = false;  ///< false: passages of before the text index are not in it yet
    bool isMergeDue = false; ///< segments wait to be merged
    /// The last number given to a passage or segment: while it stays, nobody writes.
    qint64 lastNumber = 0;
};

/// Owners with fewer passages are not tidied up while nobody writes: they are searched in no time.
inline constexpr qint64 kPassagesToTidy = 1000;

/// Owners with something left to do, and those that may be tidied up. In a transaction of the
/// registry's scope.
Result<QList<IndexWork>> indexWork(db::Session &session);

/// Passages that one step of buildIndex() takes.
inline constexpr int kPassagesOfStep = 500;

/// How far the index of an owner is.
struct BuildStep
{
    qint64 added = 0; ///< passages, by this step
    qint64 left = 0;  ///< that are not in it yet; 0 = the owner is searched by the index now
};

/// Brings some passages that have no number yet into the owner's index. In a transaction of the
/// owner's scope, on a pool thread; call until nothing is left. Documents that come and go
/// meanwhile are right. A step that added nothing while some are left found them locked: try again
/// later.
Result<BuildStep> buildIndex(db::Session &session, const OwnerId &owner);

} // namespace llmemory::textindex
