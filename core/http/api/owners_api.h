#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `/v1/owners`, `/v1/owners/{owner_id}` and its statistics.
void addOwnerRoutes(Router &router, Memory &memory);

} // namespace llmemory::http
