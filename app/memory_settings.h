#pragma once

#include "core/config.h"
#include "core/settings/settings.h"

namespace llmemory::app {

/// Whether a Memory works on queues in the background; one-shot commands leave that to others.
enum class Workers { Run, DoNotRun };

/// How the settings say that a Memory is opened. Error: as configFrom().
Result<Config> memoryConfig(const settings::Settings &settings, Workers workers);

} // namespace llmemory::app
