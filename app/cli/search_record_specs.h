#pragma once

#include "app/cli/command_spec.h"

namespace llmemory::app {

/// The commands about what is kept of searches, for commandSpecs().
QList<CommandSpec> searchRecordSpecs();

} // namespace llmemory::app
