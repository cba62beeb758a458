#pragma once

#include "core/memory_options.h"
#include "core/settings/settings.h"

namespace llmemory::app {

/// Whether a Memory works on queues in the background; one-shot commands leave that to others.
enum class Workers { Run, DoNotRun };

/// How the settings say that a Memory is opened.
MemoryOptions memoryOptions(const settings::Settings &settings, Workers workers);

} // namespace llmemory::app
