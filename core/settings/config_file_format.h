#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <QString>

namespace llmemory::settings {

/// A JSON object that keeps the order of its names, as people wrote them.
using OrderedJson = nlohmann::ordered_json;

/// The content of the configuration file @p path, which must exist: one object, no name twice in
/// an object. Error: Configuration with the file's name.
Result<OrderedJson> readConfigObject(const QString &path);

} // namespace llmemory::settings
