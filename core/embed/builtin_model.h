#pragma once

#include "core/embed/embedder.h"

#include <memory>

namespace llmemory::embed {

/// The folder of the built-in model, `:/llmemory/embedding`: model.safetensors, tokenizer.json and
/// config.json lie uncompressed in the program itself, where reading maps them. Any thread.
QString builtinModelDirectory();

/// The built-in multilingual model (resources/embedding/README.md says what it can do), loaded once
/// a process and then shared. modelId() is "llmemory-multilingual-v1". Any thread; the first call
/// takes some ten milliseconds.
/// Error: as StaticEmbedder::load(), which means that the program is damaged.
Result<std::shared_ptr<const Embedder>> builtinModel();

} // namespace llmemory::embed
