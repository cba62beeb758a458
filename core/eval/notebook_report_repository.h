#pragma once

#include "core/db/session.h"
#include "core/eval/notebook_report.h"

namespace llmemory::eval {

// Reports on the relevance notebook of an owner. Every function runs in a transaction of the
// owner's scope, on a pool thread.

/// What a report says about the owner, in the registry.
struct OwnerCounts
{
    qint64 documents = 0;
    qint64 passages = 0;
};
/// Zeros for an owner that does not exist.
Result<OwnerCounts> ownerCounts(db::Session &session, const OwnerId &owner);

/// Nothing where there is none.
Result<std::optional<NotebookReport>> latestReport(db::Session &session, const OwnerId &owner);

/// Keeps a report, and the last 99 before it.
Result<> insertReport(db::Session &session, const NotebookReport &report);

} // namespace llmemory::eval
