#pragma once

#include "app/cli/command_spec.h"

namespace llmemory::app {

/// The commands about what is kept of searches, for commandSpecs().
/// @param searchOptions  those of "search", which saving one has, too
QList<CommandSpec> searchRecordSpecs(const QList<OptionSpec> &searchOptions);

} // namespace llmemory::app
