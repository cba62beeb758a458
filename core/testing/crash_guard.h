#pragma once

#include "core/base/result.h"
#include "core/cluster/unique_fd.h"

#include <QString>

namespace llmemory::testing {

/// Cleans up after a test that was killed: as soon as this process has ended without disarm(), in
/// whatever way, every process that works below a directory is ended and the directory deleted. A
/// shell in a session of its own does it, which a signal to the test's process group does not
/// reach. Any thread.
class CrashGuard
{
public:
    /// @param directory  absolute; its removal is final. Error: Unavailable when no process can be
    /// made.
    static Result<CrashGuard> watch(const QString &directory);
    CrashGuard(CrashGuard &&) noexcept = default;
    CrashGuard &operator=(CrashGuard &&) noexcept = default;
    /// Cleans up as the process's end does, unless disarm() was called.
    ~CrashGuard() = default;

    /// There is nothing to clean up any more.
    void disarm();

private:
    explicit CrashGuard(cluster::UniqueFd line) : m_line(std::move(line)) {}

    cluster::UniqueFd m_line; ///< closed by the kernel when we end, which the shell waits for
};

} // namespace llmemory::testing
