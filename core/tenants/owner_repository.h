#pragma once

#include "core/db/session.h"
#include "core/tenants/owner.h"

namespace llmemory::tenants {

// The registry of tenants. Every function runs in the session's open transaction or on its own;
// on a pool thread.

Result<QList<Owner>> listOwners(db::Session &session);
/// Error: NotFound.
Result<Owner> findOwner(db::Session &session, const OwnerId &id);
/// Error: Conflict when the owner exists.
Result<Owner> insertOwner(db::Session &session, const OwnerId &id, const QString &displayName);
/// Creates the owner when it is new; otherwise nothing.
Result<> ensureOwner(db::Session &session, const OwnerId &id);
/// Error: NotFound.
Result<Owner> renameOwner(db::Session &session, const OwnerId &id, const QString &displayName);
/// Deletes the owner and, through the foreign keys, all it has; documents deleted. In a transaction
/// of the owner's scope. Error: NotFound.
Result<qint64> deleteOwner(db::Session &session, const OwnerId &id);
/// In a transaction of the owner's scope. Error: NotFound.
Result<OwnerStatistics> statistics(db::Session &session, const OwnerId &id, bool includeBreakdown);
/// Adds to the counts kept in the registry.
Result<> changeCounts(db::Session &session, const OwnerId &id, qint64 documents, qint64 chunks);

} // namespace llmemory::tenants
