#pragma once

#include "core/http/query_fields.h"

namespace llmemory::http {

/// The parameters of `GET /v1/search`: the fields of the body of `POST /v1/search`, see
/// search::searchQueryFromJson().
const QList<QueryField> &searchFields();

} // namespace llmemory::http
