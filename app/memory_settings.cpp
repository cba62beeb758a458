#include "app/memory_settings.h"

namespace llmemory::app {

MemoryOptions memoryOptions(const settings::Settings &settings, Workers workers)
{
    using settings::Key;
    MemoryOptions options;
    options.connectionString = settings.text(Key::DatabaseUrl);
    options.dataDirectory = settings.text(Key::DataDirectory);
    options.schema = settings.text(Key::Schema);
    options.poolSize = settings.integer(Key::MaxPoolSize);
    options.runWorkers = workers == Workers::Run;
    return options;
}

} // namespace llmemory::app
