#pragma once

#include "app/cli/command.h"
#include "app/cli/command_context.h"

namespace llmemory::app {

/// Reads files, waits until their passages are embedded, prints a line a file and a summary. A
/// signal cancels what has not been read yet; what was stored stays.
/// @return  kFailed when a file failed.
ExitCode runIngest(const IngestCommand &command, CommandContext &context);

} // namespace llmemory::app
