#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace llmemory::migrate {

/// One migration file.
struct Migration
{
    int number = 0;   ///< 1, 2, …; the order
    QString fileName; ///< "0001_schema.sql"
    QString sql;      ///< with templates
    QString checksum; ///< SHA-256 (hex) of the text with LF line ends, outer white space removed
};

/// Reads a folder of `NNNN_what.sql` files, by number. Pure apart from reading.
/// @param folder  a directory or a resource path; the program's own is kOwnMigrations.
/// Error: Configuration for a wrong name, a number used twice, an unreadable file.
Result<QList<Migration>> readMigrations(const QString &folder);

/// The checksum that is stored: line ends and outer white space do not count.
QString migrationChecksum(const QString &sql);

inline constexpr const char *kOwnMigrations = ":/llmemory/migrations";
inline constexpr const char *kOwnModule = "llmemory";

} // namespace llmemory::migrate
