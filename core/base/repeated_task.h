#pragma once

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace llmemory {

/// Does something at once and then every so often, on a thread of its own. start() and stop() are
/// for one thread at a time.
class RepeatedTask final
{
public:
    /// @param interval  from the end of the work to its next beginning
    /// @param work      on the task's thread; looks at isStopping() where it takes long
    RepeatedTask(std::chrono::seconds interval, std::function<void()> work);
    /// Stops: what @p work uses has to live longer.
    ~RepeatedTask();
    Q_DISABLE_COPY_MOVE(RepeatedTask)

    /// Nothing when it runs already.
    void start();
    /// Waits for the work that is being done. Idempotent; start() works again.
    void stop();
    /// Since stop() was called, until the next start(). Any thread.
    bool isStopping() const { return m_stopping; }

private:
    void run();

    const std::chrono::seconds m_interval;
    const std::function<void()> m_work;
    std::thread m_thread;
    QMutex m_mutex;
    QWaitCondition m_changed; // with m_stopping
    std::atomic_bool m_stopping = false;
};

} // namespace llmemory
