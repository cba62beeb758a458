#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_starter.h"

namespace llmemory::cluster {

/// Makes a new cluster: initdb into `data.new-<pid>`, roles and database, a clean stop, everything
/// flushed to the disk, rename, record. Whenever it is interrupted, either nothing usable or the
/// complete cluster is there. Only while cluster.lock is held.
class ClusterCreator
{
public:
    ClusterCreator(const ClusterStarter::Cluster &cluster, ServerLog &log, const StartHooks &hooks);

    /// The parent of the cluster's directory exists; the cluster does not.
    /// Error: Unavailable (initdb or the first start failed, disk full), Permission, Database,
    /// Cancelled.
    Result<> create();

private:
    struct Passwords
    {
        QString admin;
        QString app;
    };

    Result<> makeDirectories();
    Result<> initialize(const QString &adminPassword);
    Result<> fill(const Passwords &passwords);
    Result<> makeRolesAndDatabase(const Passwords &passwords);
    Result<> runInitdb(const QStringList &arguments);
    QString newData() const;

    const ClusterStarter::Cluster m_cluster;
    ServerLog &m_log;
    const StartHooks m_hooks;
};

} // namespace llmemory::cluster
