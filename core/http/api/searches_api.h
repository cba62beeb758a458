#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `/v1/searches`, the search history, and the feedback on its results.
void addSearchHistoryRoutes(Router &router, Memory &memory);

} // namespace llmemory::http
