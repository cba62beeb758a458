#pragma once

#include "core/extract/extractor.h"
#include "core/extract/file_kind.h"

#include <memory>

namespace llmemory::extract {

/// The extractor for @p kind; null for FileKind::Unsupported.
std::unique_ptr<Extractor> makeExtractor(FileKind kind);

} // namespace llmemory::extract
