#pragma once

#include "core/cluster/postgres_binaries.h"

#include <QByteArray>

namespace llmemory::cluster {

/// What the server's configuration depends on.
struct ServerConfiguration
{
    PostgresInstallation installation;
    qint64 memoryBytes = 0;       ///< of the machine or container
    qint64 sharedMemoryBytes = 0; ///< size of /dev/shm
    int processors = 1;
    bool isReadOnly = false; ///< new transactions may not write (full disk)
    bool isSynced = true;    ///< false only while a cluster is created, which is flushed as a whole

    /// For this machine. Any thread.
    static ServerConfiguration forMachine(const PostgresInstallation &installation);
    /// The whole configuration file. Pure.
    QByteArray toText() const;
};

} // namespace llmemory::cluster
