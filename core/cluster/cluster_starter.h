#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_directory.h"
#include "core/cluster/postgres_binaries.h"
#include "core/cluster/server_account.h"
#include "core/cluster/server_log.h"
#include "core/cluster/server_process.h"

#include <QString>

#include <functional>
#include <memory>

namespace llmemory::cluster {

/// Whose questions a long start answers.
struct StartHooks
{
    std::function<void()> recovering = [] {}; ///< called when the server says that it recovers
    std::function<bool()> interrupted = [] {
        return false;
    }; ///< true ends the start with Error::cancelled()
};

/// Starts the server of one cluster: clears what a killed one left, writes the configuration,
/// starts it, waits until it answers a query. Only while cluster.lock is held, and on one thread.
class ClusterStarter
{
public:
    enum class Access {
        ReadWrite,
        ReadOnly, ///< new transactions may not write
        Creating, ///< nothing is flushed to the disk: for ClusterCreator, which does that itself
    };

    /// All that belongs to one cluster on one machine.
    struct Cluster
    {
        PostgresInstallation installation;
        ServerAccount account;
        ClusterDirectory directory;
        QString socketDirectory;
    };

    /// @p log must outlive this and the servers started.
    ClusterStarter(const Cluster &cluster, ServerLog &log, const StartHooks &hooks);

    /// Starts the cluster's server, in five attempts (right after a SIGKILL the first may fail),
    /// and sees to the extension and the functions that searching needs (skipped when @p access is
    /// ReadOnly). Error: Unavailable "db_failed" with the server's last word; Cancelled; Database
    /// from the preparation.
    Result<std::unique_ptr<ServerProcess>> start(Access access);
    /// One attempt on any data directory, ready at the return; @p login is what it must answer to.
    Result<std::unique_ptr<ServerProcess>> startOnce(const QString &dataDirectory,
                                                     const db::ConnectionParams &login,
                                                     Access access);
    /// Rewrites the configuration of the running server and makes it read it.
    Result<> changeAccess(const ServerProcess &server, Access access) const;

private:
    Result<> writeConfiguration(Access access) const;
    Result<> waitUntilReady(ServerProcess &server, const db::ConnectionParams &login);
    bool pause(int ms) const;

    const Cluster m_cluster;
    ServerLog &m_log;
    const StartHooks m_hooks;
};

} // namespace llmemory::cluster
