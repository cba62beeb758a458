#pragma once

#include "core/config.h"
#include "core/settings/setting_definition.h"

#include <variant>

namespace llmemory {

/// A field of one Config; std::monostate for a setting that is no field.
using ConfigField =
    std::variant<std::monostate, QString *, int *, double *, bool *, HnswProfile *, FusionMethod *>;

/// Where @p config keeps @p key: the one binding between the table of settings and Config.
ConfigField configField(Config &config, settings::Key key);
/// The value as the text that Settings has; empty for std::monostate.
QString fieldText(const ConfigField &field);
/// Puts a checked text of Settings in. Does nothing to std::monostate.
void setField(const ConfigField &field, const QString &text);
/// The words for HnswProfile, in its order.
QStringList hnswProfileWords();
/// The words for FusionMethod, in its order.
QStringList fusionMethodWords();

} // namespace llmemory
