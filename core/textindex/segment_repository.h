#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/textindex/bm25.h"
#include "core/textindex/merge_policy.h"
#include "core/textindex/segment_content.h"

namespace llmemory::textindex {

// The stored text index of one owner. All functions run in a transaction of the owner's scope, on a
// pool thread. A segment never changes: it is written, and deleted when its content is in another.

/// Takes @p count numbers for passages and segments; the first of them. Holds the owner's row until
/// the transaction ends, so others that write for the owner wait from here on.
/// Error: NotFound when there is no such owner; Conflict when the owner has used four thousand
/// million numbers.
Result<qint64> reserveNumbers(db::Session &session, const OwnerId &owner, qint64 count);

/// Sums and blocks of a search.
struct StoredTerms
{
    Collection collection;
    QList<QByteArray> blocks; ///< of all segments, those that may have a term; see listsOf()
};

/// What is needed to score these terms, as one statement sees it.
Result<StoredTerms> loadTerms(db::Session &session,
                              const OwnerId &owner,
                              const QList<QByteArray> &terms);

/// What the index has of a query's terms.
struct LoadedTerms
{
    StoredTerms stored; ///< the lists refer to its bytes
    QList<TermLists> lists;
};

/// The lists of these terms, as one statement sees them; terms that no passage has are left out.
/// Error: Database, damagedIndex().
Result<LoadedTerms> loadLists(db::Session &session,
                              const OwnerId &owner,
                              const QList<AskedTerm> &terms);

/// All segments of the owner, oldest first.
Result<QList<SegmentInfo>> listSegments(db::Session &session, const OwnerId &owner);
/// Locks these segments against being merged by others, and deletes them with @p drop. @return how
/// many were there and free.
Result<qint64> lockSegments(db::Session &session, const OwnerId &owner, const QList<qint64> &ids);
Result<> dropSegments(db::Session &session, const OwnerId &owner, const QList<qint64> &ids);
/// The sums of several segments, without blocks.
Result<SegmentContent> sumOf(db::Session &session, const OwnerId &owner, const QList<qint64> &ids);
/// Writes a segment's sums; its blocks follow with writeBlocks().
Result<> writeSegment(db::Session &session,
                      const OwnerId &owner,
                      qint64 id,
                      const SegmentContent &content);
Result<> writeBlocks(db::Session &session,
                     const OwnerId &owner,
                     qint64 id,
                     const QList<TermBlock> &blocks);
/// Corrects the sums of a segment whose blocks turned out to hold fewer entries.
Result<> writeEntries(
    db::Session &session, const OwnerId &owner, qint64 id, qint64 entries, qint64 removed);
/// Up to @p most blocks of a segment whose first term is behind @p after, in order.
Result<QList<TermBlock>> readBlocks(
    db::Session &session, const OwnerId &owner, qint64 id, const QByteArray &after, int most);
/// Notes that a background step should merge the owner's segments, or that none is needed.
Result<> setMergeDue(db::Session &session, const OwnerId &owner, bool due);

/// The one answer for a list that cannot be read.
Error damagedIndex(const OwnerId &owner);

} // namespace llmemory::textindex
