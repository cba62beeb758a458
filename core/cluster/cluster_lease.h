#pragma once

#include "core/base/result.h"
#include "core/cluster/cluster_paths.h"
#include "core/cluster/cluster_state.h"
#include "core/cluster/file_lock.h"
#include "core/db/connection_params.h"

#include <QString>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace llmemory::cluster {

struct Options
{
    QString dataDirectory; ///< created when absent
    /// The program whose subcommand `supervise` is runSupervisor(); empty = this executable.
    QString supervisorProgram;
    QString account; ///< the server's account when run as root; empty = choose
};

/// A program's hold on the embedded database: while a lease lives, a server runs. The last one of
/// all programs to go lets it stop, after 30 s of grace; so does the death of a program, in
/// whatever way. Any thread.
class Lease
{
public:
    using Progress = std::function<void(const QString &step)>;

    /// Starts the database, or joins the programs that use it already, and waits until it answers a
    /// query: at most 60 s, longer while it is created or recovers. Blocks: on a worker thread.
    /// @param progress   called on this thread with what happens now, translated; may be empty.
    /// @param cancelled  looked at every 50 ms; null = not to be cancelled. What was begun goes on.
    /// Error: whatever kept the database from starting (see cluster_errors.h, all with a code);
    /// Cancelled; Unavailable "db_starting" after the time; Permission for the data directory.
    static Result<std::unique_ptr<Lease>> acquire(const Options &options,
                                                  const Progress &progress = {},
                                                  const std::atomic_bool *cancelled = nullptr);
    ~Lease();
    Q_DISABLE_COPY_MOVE(Lease)

    /// Role `llmemory_app`, which the program works as.
    db::ConnectionParams application() const;
    /// The superuser, for migrations and maintenance.
    db::ConnectionParams administrator() const;

    /// After a lost connection: starts a supervisor where it died, and waits as acquire() does.
    /// Blocks; any thread.
    Result<> ensureRunning(const std::atomic_bool *cancelled = nullptr);

    /// The disk is nearly full: the server refuses to write until there is room (E4). Reads a small
    /// file.
    bool isReadOnly() const;
    /// Whether there is room for more documents: the data's file system has 1 GiB free. Cheap; any
    /// thread. Error: Unavailable "disk_full" with what is left.
    Result<> checkRoom() const;
    /// Where the cluster's data lies, for disk space and backups.
    QString clusterDirectory() const;
    /// The server's major version, 15.
    int serverMajor() const;

private:
    Lease(const Options &options, const ClusterPaths &paths, FileLock users, FileLock lock);

    Result<> join(const Progress &progress, const std::atomic_bool *cancelled);
    Result<> waitForServer(const Progress &progress, const std::atomic_bool *cancelled);
    Result<> startSupervisor() const;
    Result<> connect(const ClusterState &state);
    std::optional<ClusterState> state() const;

    const Options m_options;
    const ClusterPaths m_paths;
    FileLock m_users;     ///< held shared as long as the lease lives
    std::mutex m_waiting; ///< one thread at a time waits for the server
    FileLock m_lock;      ///< only looked at; guarded by m_waiting
    mutable std::mutex m_mutex;
    db::ConnectionParams m_application;   // guarded by m_mutex
    db::ConnectionParams m_administrator; // guarded by m_mutex
    QString m_clusterDirectory;           // guarded by m_mutex
    int m_major = 0;                      // guarded by m_mutex
};

} // namespace llmemory::cluster
