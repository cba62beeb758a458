#pragma once

#include "core/base/json.h"
#include "core/http/query_fields.h"
#include "core/search/search_query.h"

namespace llmemory::http {

/// The parameters of `GET /v1/search`: the fields of the body of `POST /v1/search`.
const QList<QueryField> &searchFields();

/// Reads the body of `POST /v1/search`. Limits are checked by the search itself.
/// Error: Validation with the field: wrong type, missing, unknown, or asking for something that
/// this version does not do (grouping by document).
Result<SearchQuery> searchQueryFromJson(const Json &value);

} // namespace llmemory::http
