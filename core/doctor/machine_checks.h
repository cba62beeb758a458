#pragma once

#include "core/config.h"
#include "core/doctor/check.h"

#include <QList>

namespace llmemory::doctor {

// Checks of this machine that need no database. They block on the disk and on short-lived
// processes.

/// The installed PostgreSQL servers, for the embedded database only.
Check checkPostgresBinaries(const Config &config);
/// pgvector as it is installed beside that server: what a new database will get.
Check checkInstalledVector(const Config &config);
/// Owner, mode and free space of the data directory. A missing one is well: it is made when needed.
Check checkDataDirectory(const QString &path);
/// Size of /dev/shm, which parallel index builds live on; for the embedded database only.
Check checkSharedMemory();
/// Qt's PostgreSQL driver.
Check checkDriver();
/// Whether a file can be read in a child process of @p program.
Check checkExtraction(const QString &program);

// The judgements, pure.

/// @param serverVersion  as `server_version_num`: 150020 is 15.20.
Check judgeServerVersion(const char *id, int serverVersion);
/// @param version  of pgvector, "0.8.6"; empty = not installed.
Check judgeVectorVersion(const QString &version);

/// Whether a database was created in the data directory before. Reads.
bool hasCluster(const QString &dataDirectory);

} // namespace llmemory::doctor
