#pragma once

#include "core/base/json.h"
#include "core/search/search_query.h"

namespace llmemory::search {

// A search as JSON: the body of `POST /v1/search`. Pure; any thread.

/// Reads a whole body. Limits are checked by the search itself.
/// Error: Validation with the field: wrong type, missing, unknown.
Result<SearchQuery> searchQueryFromJson(const Json &value);

/// Reads a body without `owner_id`, of which @p owner takes the place: what is kept of searches.
/// Error: as above; also Validation with field "owner_id" when there is one.
Result<SearchQuery> searchQueryFromRequest(const OwnerId &owner, const Json &request);

/// The fields that are not as usual, without `owner_id`, `query`, `search_type` and `remember`.
/// What a program put into SearchQuery::filter and a body cannot say is left out.
Json searchOptionsToJson(const SearchQuery &query);

/// The body without `owner_id` and `remember`, as short as it can be: searchQueryFromRequest()
/// reads it.
Json searchRequestToJson(const SearchQuery &query);

} // namespace llmemory::search
