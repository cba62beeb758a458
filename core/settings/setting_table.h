#pragma once

#include "core/settings/setting_definition.h"

namespace llmemory::settings {

/// Makes what definitions() keeps. Defaults of settings that are fields of Config come from there.
QList<Definition> makeTable();

} // namespace llmemory::settings
