#pragma once

#include <QThreadPool>

#include <atomic>
#include <functional>

namespace llmemory::http {

/// Runs requests on threads of its own: so many at work, so many waiting, no more. Any thread.
class WorkQueue
{
public:
    /// @param atWork   threads, > 0
    /// @param waiting  requests beyond them, >= 0
    WorkQueue(int atWork, int waiting);
    /// Waits for everything.
    ~WorkQueue();
    Q_DISABLE_COPY_MOVE(WorkQueue)

    /// Runs @p work soon. @return false, and nothing happens, when too many are waiting
    bool submit(std::function<void()> work);
    /// Blocks until nothing is left, at most @p timeoutMs (-1: without limit). @return whether it
    /// is so
    bool waitForDone(int timeoutMs);

private:
    const int m_most;
    std::atomic_int m_count = 0; ///< at work and waiting
    QThreadPool m_pool;
};

} // namespace llmemory::http
