#pragma once

#include "core/base/result.h"
#include "core/cluster/child_process.h"
#include "core/cluster/server_log.h"

#include <QString>

#include <memory>

namespace llmemory::cluster {

/// A running postmaster, our child. Stopped when this goes, and by the kernel (SIGINT: it ends
/// cleanly) when the process ends in any other way. Only on the thread that started it.
class ServerProcess
{
public:
    static constexpr int kCleanStopMs = 30'000;

    struct Command
    {
        QString program; ///< postgres
        QString dataDirectory;
        QString configurationFile;
        QString socketDirectory;
        ServerAccount account;
    };

    /// Starts it; it is not ready yet. @p log must outlive it. Error: Unavailable.
    static Result<std::unique_ptr<ServerProcess>> start(const Command &command, ServerLog &log);
    ~ServerProcess();
    Q_DISABLE_COPY_MOVE(ServerProcess)

    pid_t pid() const { return m_child.pid(); }
    bool isRunning() { return !m_child.exitCode(); }
    /// Moves what the server says to the log; waits at most @p timeoutMs for it or for the server's
    /// end.
    void pump(int timeoutMs);
    /// Makes it read its configuration again.
    void reload() const;
    /// SIGINT, after 30 s SIGQUIT; never SIGKILL. Returns when it has ended.
    void stop();

private:
    ServerProcess(ChildProcess child, ServerLog &log);

    ChildProcess m_child;
    ServerLog &m_log;
};

} // namespace llmemory::cluster
