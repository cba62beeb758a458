#include "app/memory_settings.h"

namespace llmemory::app {

Result<Config> memoryConfig(const settings::Settings &settings, Workers workers)
{
    auto config = configFrom(settings);
    if (config && workers == Workers::DoNotRun) {
        config->embedding.background = false;
        config->adoptBatches = false;
    }
    return config;
}

} // namespace llmemory::app
