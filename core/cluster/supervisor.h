#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_paths.h"
#include "core/cluster/cluster_starter.h"
#include "core/cluster/cluster_state.h"
#include "core/cluster/file_lock.h"
#include "core/cluster/restart_policy.h"
#include "core/cluster/server_log.h"

#include <QElapsedTimer>
#include <QString>
#include <QStringList>

#include <memory>

namespace llmemory::cluster {

/// The process that is the parent of the database server. It holds cluster.lock from its start to
/// its end, starts the server, starts it again when it dies, watches the disk, and stops it when no
/// program holds cluster.users any more. Needs no event loop. On the main thread of a process of
/// its own.
class Supervisor
{
public:
    struct Options
    {
        QString dataDirectory;
        QString account;      ///< the server's account when run as root; empty = choose
        int graceMs = 30'000; ///< how long it outlives the last user
    };

    explicit Supervisor(const Options &options);
    ~Supervisor();
    Q_DISABLE_COPY_MOVE(Supervisor)

    /// Until nobody uses the database any more, or SIGTERM. The process's exit code: 0 also when
    /// another supervisor runs already; 1 after a failure, which is in cluster.state.
    int run();

private:
    Result<bool> takeLock();
    Result<> bringUp();
    Result<> startServer();
    Result<> supervise();
    Result<> restartServer();
    bool isStillUsed();
    void watchDisk();
    void changeAccess(ClusterStarter::Access access);
    void publish(ClusterState::Phase phase);
    int fail(const Error &error);
    void shutDown();
    StartHooks hooks();
    int turnMs() const;

    const Options m_options;
    std::unique_ptr<ClusterPaths> m_paths;
    std::unique_ptr<FileLock> m_lock;
    std::unique_ptr<FileLock> m_users;
    std::unique_ptr<ServerLog> m_log;
    std::unique_ptr<ClusterStarter::Cluster> m_cluster;
    std::unique_ptr<ClusterStarter> m_starter;
    std::unique_ptr<ServerProcess> m_server;
    ClusterState m_state;
    RestartPolicy m_policy;
    QElapsedTimer m_clock;
    QElapsedTimer m_sinceDiskCheck;
    QElapsedTimer m_idle; ///< running while nobody uses the database
    qint64 m_lastTouched = 0;
};

/// The subcommand `supervise`. @p arguments are those after that word: `--data-dir D [--account
/// A]`. Returns the process's exit code. The environment variable LLMEMORY_CLUSTER_GRACE_MS changes
/// the 30 s of grace.
int runSupervisor(const QStringList &arguments);

} // namespace llmemory::cluster
