#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `GET /v1/embeddings`: figures of the queue, of all owners or of one; `POST` to its `/process`
/// and `/retry`.
void addEmbeddingRoutes(Router &router, Memory &memory);

} // namespace llmemory::http
