#pragma once

#include "app/cli/console.h"
#include "core/settings/settings.h"

namespace llmemory::app {

/// The settings that `config show` tells of, an object each: name, value, source, origin, default,
/// allowed, meaning, variables, aliases, and without_effect where that is so. Secrets are masked.
QList<Json> settingsAsJson(const settings::Settings &settings);

/// Prints them for people: a line with name, value and origin each, and below it what it is.
void printSettings(const settings::Settings &settings, Console &console);

/// @p text in lines of at most @p width columns, broken at spaces; a longer word keeps its line.
/// Pure.
QStringList wrapped(const QString &text, int width);

} // namespace llmemory::app
