#pragma once

#include "core/db/session.h"
#include "core/search/saved/saved_search.h"

namespace llmemory::search {

// Searches that owners keep under names. Every function runs in a transaction of the owner's
// scope, on a pool thread.

/// By name. @param limit  1 at least. @param offset  searches that are skipped.
Result<SavedSearchPage> listSavedSearches(db::Session &session,
                                          const OwnerId &owner,
                                          int limit,
                                          int offset);
/// Error: NotFound.
Result<SavedSearch> findSavedSearch(db::Session &session,
                                    const OwnerId &owner,
                                    const SavedSearchId &id);
/// The one of this name. Error: NotFound.
Result<SavedSearch> findSavedSearch(db::Session &session,
                                    const OwnerId &owner,
                                    const QString &name);
/// @param input  a checked one. Error: NotFound where there is no such owner; Conflict with field
/// "name" where the owner has one of that name.
Result<SavedSearch> insertSavedSearch(db::Session &session, const SavedSearchInput &input);
/// Puts another name and request in. Error: NotFound; Conflict as above, after which the
/// transaction can only be rolled back.
Result<SavedSearch> replaceSavedSearch(db::Session &session,
                                       const SavedSearchId &id,
                                       const SavedSearchInput &input);
/// Error: NotFound.
Result<> deleteSavedSearch(db::Session &session, const OwnerId &owner, const SavedSearchId &id);

} // namespace llmemory::search
