#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <functional>
#include <sys/types.h>

/// What an earlier server left behind when it was killed. Only while cluster.lock is held.
namespace llmemory::cluster::leftovers {

/// Processes of PostgreSQL that work in @p dataDirectory. Those of other users are seen by root
/// only.
QList<pid_t> serversIn(const QString &dataDirectory);
/// Ends servers that still work in @p dataDirectory: a postmaster may finish its shutdown (5 s),
/// then SIGQUIT, which loses nothing but costs a recovery. Then removes postmaster.pid and the
/// socket with its lock, which PostgreSQL itself keeps when their process id is in use by whomever.
/// Error: Unavailable when a process does not end within 20 s or @p interrupted says to stop.
Result<> clear(const QString &dataDirectory,
               const QString &socketDirectory,
               const std::function<bool()> &interrupted);
/// Removes what interrupted creations left beside the data directory.
Result<> removeUnfinished(const QString &clusterDirectory);

} // namespace llmemory::cluster::leftovers
