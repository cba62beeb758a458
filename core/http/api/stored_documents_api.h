#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// The documents that are there: `GET /v1/documents`, `GET`, `PATCH` and `DELETE
/// /v1/documents/{document_id}`, its `/content` and `/chunks`, and `POST /v1/documents/delete`.
void addStoredDocumentRoutes(Router &router, Memory &memory);

} // namespace llmemory::http
