#pragma once

#include "core/config.h"
#include "core/embed/embedder.h"

#include <memory>

namespace llmemory::embed {

/// The model that a configuration asks for: the program's own, else the one of
/// Config::Embedding::provider. May ask a service how long its vectors are, and then blocks; not on
/// a thread that must not.
/// Error: Configuration with the setting in field, naming what can be chosen; as
/// OpenAiEmbedder::create().
Result<std::shared_ptr<const Embedder>> makeEmbedder(const Config::Embedding &config);

} // namespace llmemory::embed
