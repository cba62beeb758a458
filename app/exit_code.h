#pragma once

#include "core/base/error.h"

namespace llmemory::app {

/// What the program ends with; part of the contract with scripts.
enum ExitCode : int {
    kDone = 0,
    kFailed = 1,
    kWrongUsage = 2,
    kNoDatabase = 3,
    kInterrupted = 130,
};

/// The exit code that tells of @p error.
ExitCode exitCodeFor(const Error &error);

} // namespace llmemory::app
