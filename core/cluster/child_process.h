#pragma once

#include "core/base/result.h"
#include "core/cluster/server_account.h"
#include "core/cluster/unique_fd.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <sys/types.h>

namespace llmemory::cluster {

/// A program of PostgreSQL's as our child: under the server's account, without our open files,
/// environment (secrets) or signal settings. QProcess cannot end a child with its parent in every
/// case, nor run before a QCoreApplication exists. One thread at a time; that which started it,
/// since its end ends the child too.
class ChildProcess
{
public:
    struct Command
    {
        QString program;
        QStringList arguments;
        /// Null = our own user.
        const ServerAccount *account = nullptr;
        /// Sent by the kernel to the child when we end in whatever way; 0 = none.
        int signalAtOurEnd = 0;
    };
    struct Finished
    {
        int exitCode = -1; ///< 128 + signal when killed by one
        QByteArray output; ///< both streams together, the last 64 KiB
    };

    /// Error: Unavailable when no process can be made. A program that cannot be run exits with 127,
    /// one whose account cannot be entered with 126.
    static Result<ChildProcess> start(const Command &command);
    /// Runs a program to its end. Error: Unavailable, also after @p timeoutMs (it is then ended
    /// with SIGTERM).
    static Result<Finished> run(const Command &command, int timeoutMs);

    pid_t pid() const { return m_pid; }
    /// Becomes readable when the process ends; -1 on kernels without pidfd.
    int pidFd() const { return m_pidFd.get(); }
    /// Both output streams; non-blocking.
    int outputFd() const { return m_output.get(); }
    /// What there is to read now; empty when nothing.
    QByteArray readOutput();
    /// The exit code (as in Finished) once it has ended.
    std::optional<int> exitCode();
    void signal(int number) const;
    /// Waits at most @p timeoutMs for output or the end.
    void wait(int timeoutMs) const;

private:
    ChildProcess(pid_t pid, UniqueFd output);

    pid_t m_pid;
    UniqueFd m_pidFd;
    UniqueFd m_output;
    std::optional<int> m_exitCode;
};

} // namespace llmemory::cluster
