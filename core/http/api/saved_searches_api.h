#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `/v1/saved-searches`: searches that owners keep under names.
/// @param timeLimit  after which one that is run is stopped and answered with 504
void addSavedSearchRoutes(Router &router, Memory &memory, std::chrono::milliseconds timeLimit);

} // namespace llmemory::http
