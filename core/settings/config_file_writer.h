#pragma once

#include "core/base/result.h"
#include "core/settings/setting_definition.h"

#include <optional>

namespace llmemory::settings {

/// Writes one setting into a configuration file: in one step, mode 0600, all else in it kept, in
/// its order. Makes file and directory when they are missing; writes through a symbolic link.
/// @param text  a value in the form of checkedValue(); nothing = takes the setting out.
/// Error: Configuration for a file that cannot be read, is no JSON object, or has something else
/// where the setting's group belongs; Permission, Unavailable when it cannot be written.
Result<> writeConfigFile(const QString &path,
                         const Definition &definition,
                         const std::optional<QString> &text);

} // namespace llmemory::settings
