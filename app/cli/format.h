#pragma once

#include "app/cli/console.h"
#include "app/cli/text_table.h"

#include <QDateTime>
#include <QString>

namespace llmemory::app {

/// "12,345" in the user's locale.
QString formatCount(qint64 count);
/// "1.5 MiB".
QString formatBytes(qint64 bytes);
/// Local time, "2024-05-01 13:45"; a dash for an invalid time.
QString formatTime(const QDateTime &time);
/// Prints the lines of @p table, its header bold.
void printTable(const TextTable &table, Console &console);

} // namespace llmemory::app
