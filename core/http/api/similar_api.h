#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `GET /v1/documents/{document_id}/similar` and `GET /v1/chunks/{chunk_id}/similar`, answered as a
/// search is.
/// @param timeLimit  after which one is stopped and answered with 504
void addSimilarRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit);

} // namespace llmemory::http
