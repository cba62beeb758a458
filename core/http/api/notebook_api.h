#pragma once

#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `/v1/notebook`, the relevance notebook, and its reports.
void addNotebookRoutes(Router &router, Memory &memory);

} // namespace llmemory::http
