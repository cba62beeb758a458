#pragma once

#include "core/http/api/file_reader.h"
#include "core/http/router.h"

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// `POST /v1/documents` and `POST /v1/documents/bulk`.
void addDocumentRoutes(Router &router, Memory &memory, const FileReader &readFile);

} // namespace llmemory::http
