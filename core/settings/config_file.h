#pragma once

#include "core/base/result.h"
#include "core/settings/setting_definition.h"

#include <QMap>

namespace llmemory::settings {

/// What happens when the configuration file does not exist.
enum class MissingFile { IsEmpty, IsAnError };

/// Reads a configuration file: one JSON object, `{"port": 8765, "chunking": {"chunk_size": 400}}`.
/// A name with a dot may be written as it is or as an object in an object. Paths are relative to
/// the file's directory; a leading `~/` is @p home.
/// @return  the values as text, not yet checked against their ranges.
/// Error: Configuration with file and name for an unknown setting, one that is given twice, a value
/// of the wrong JSON type, or a file that cannot be read or parsed.
Result<QMap<Key, QString>> readConfigFile(const QString &path,
                                          MissingFile missing,
                                          const QString &home);

} // namespace llmemory::settings
