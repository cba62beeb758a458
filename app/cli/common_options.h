#pragma once

#include "app/cli/option_parser.h"

#include <QtGlobal>

namespace llmemory::app {

// Options of many commands.

inline constexpr OptionSpec kOwner{
    "--owner", "O", QT_TRANSLATE_NOOP("llmemory::app", "tenant (required)")};
inline constexpr OptionSpec kJson{
    "--json", nullptr, QT_TRANSLATE_NOOP("llmemory::app", "print JSON, one object per line")};

} // namespace llmemory::app
