#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `GET` and `POST /v1/search`.
/// @param timeLimit  after which a search is stopped and answered with 504
void addSearchRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit);

} // namespace llmemory::http
