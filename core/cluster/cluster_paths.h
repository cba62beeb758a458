#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_directory.h"
#include "core/cluster/server_account.h"

#include <QList>
#include <QString>

namespace llmemory::cluster {

/// Where everything of the embedded database lies:
///
///     <data-dir>/cluster.lock      held by the supervisor; guards create, start, stop, upgrade,
///     restore <data-dir>/cluster.users     held shared by each program <data-dir>/cluster.state
///     what the supervisor is doing <data-dir>/cluster.location  only when the clusters lie
///     elsewhere: that base directory <data-dir>/logs/             server.log, supervisor.log
///     <base>/cluster/<major>/      see ClusterDirectory; <base> is <data-dir> as a rule
class ClusterPaths
{
public:
    /// Opens a data directory, created 0700 when absent, and follows its note of another base.
    /// Error: Configuration (path too long, the noted base is gone), Permission, Unavailable.
    static Result<ClusterPaths> open(const QString &dataDirectory);

    /// Absolute, links resolved.
    const QString &dataDirectory() const { return m_data; }
    const QString &baseDirectory() const { return m_base; }
    QString lockFile() const;
    QString usersFile() const;
    QString stateFile() const;
    QString logDirectory() const;

    /// The cluster of a major version, whether it exists or not.
    ClusterDirectory cluster(int major) const;
    /// Clusters that have a data directory, newest major first. Reads.
    QList<ClusterDirectory> existingClusters() const;

    /// Chooses the base for a first cluster: the data directory, or /var/lib/llmemory/<hash> where
    /// @p account cannot reach that. Existing clusters are never left behind. Error: Permission
    /// when existing data cannot be reached, else as makeDirectory.
    Result<> settle(const ServerAccount &account);
    /// Makes the directory for the server's socket, for @p account alone: in $XDG_RUNTIME_DIR, else
    /// `<base>/run`, else below /tmp where the path is too long for a socket (107 bytes, unix(7)).
    /// Error: Permission when something else lies there.
    Result<QString> makeSocketDirectory(const ServerAccount &account) const;

private:
    explicit ClusterPaths(const QString &data);
    QString locationNote() const;
    QString hash() const;

    QString m_data;
    QString m_base;
};

} // namespace llmemory::cluster
