#pragma once

#include "core/base/error.h"

#include <QString>

/// The failures of the embedded database that a user meets, each with its way out; same words
/// everywhere.
namespace llmemory::cluster::errors {

/// Unavailable, "db_starting": recovering, or slower than expected.
Error starting();
/// Permission, "db_root": no account to run the server under.
Error noAccount();
/// Unavailable, "disk_full". @p freeBytes on the file system of @p path.
Error diskFull(qint64 freeBytes, const QString &path);
/// Configuration, "db_version": data of PostgreSQL @p oldMajor, whose programs are missing.
/// @p installedMajor  the newest one found; 0 = none.
Error otherVersion(const QString &dataPath, int oldMajor, int installedMajor);
/// Configuration, "db_newer": written by a later llmemory.
Error newerFormat(const QString &dataPath, int format, int knownFormat);
/// Configuration, "db_missing": no PostgreSQL (of @p directory when that was demanded; empty =
/// anywhere).
Error noPostgres(const QString &directory = {});
/// Configuration, "db_no_vector": PostgreSQL @p major lacks pgvector.
Error noVector(int major);
/// Unavailable, "db_failed": the server did not start or keeps ending; @p reason is the server's
/// last word.
Error serverFailed(const QString &reason, const QString &logDirectory);

} // namespace llmemory::cluster::errors
