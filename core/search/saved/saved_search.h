#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/search/search_query.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace llmemory {

using SavedSearchId = UuidId<struct SavedSearchTag>;

/// A search that an owner keeps under a name.
struct SavedSearch
{
    SavedSearchId id;
    OwnerId owner;
    QString name; ///< the only one of the owner; 1-200 characters
    /// The body of `POST /v1/search` without `owner_id`, as it was given.
    Json request = Json::object();
    QDateTime createdAt; ///< UTC
    QDateTime updatedAt; ///< UTC
};

/// Saved searches of an owner, by name.
struct SavedSearchPage
{
    QList<SavedSearch> searches;
    qint64 total = 0; ///< of the owner
};

/// What is to be kept; search::searchRequestToJson() makes `request` of a query.
struct SavedSearchInput
{
    OwnerId owner;
    QString name;
    Json request = Json::object();

    /// Error: Validation with the field: "name", "request", or that of the search.
    Result<> validate() const;
};

/// A page of a saved search; what is not set is as it was saved.
struct SavedSearchRun
{
    OwnerId owner;
    SavedSearchId search;
    std::optional<int> limit = {};
    std::optional<int> offset = {};
};

/// An element of `GET /v1/saved-searches`; also a line of `searches list --json`.
Json toJson(const SavedSearch &search);

} // namespace llmemory
