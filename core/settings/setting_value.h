#pragma once

#include "core/base/result.h"
#include "core/settings/setting_definition.h"

namespace llmemory::settings {

/// What a setting may be, as it stands in a sentence and in the table of the documentation:
/// "20 to 2,000 (0 = by document type)", "true or false".
QString allowedValues(const Definition &definition);

/// The stored form of @p text: paths absolute, booleans "true" or "false", lists without spaces.
/// Error: Configuration with field = name of the setting; the message names value and range, never
/// a secret: "chunking.chunk_size must be 20 to 2,000 (0 = by document type); it is 5."
Result<QString> checkedValue(const Definition &definition, const QString &text);

/// The refusal of @p text that checkedValue() gives.
Error wrongValue(const Definition &definition, const QString &text);

/// The texts of a List that are not empty, without spaces around them.
QStringList listItems(const QString &text);

/// @p connectionString (URL or keyword form) with its passwords replaced by `***`. Pure.
QString maskedConnectionString(QString connectionString);

} // namespace llmemory::settings
