#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace llmemory::http {

/// Tells a running request that it is to stop, and lets its thread wait for something or for that.
/// Shared by the connection, the handler and what the handler waits for. Any thread.
class Interrupt
{
public:
    using Clock = std::chrono::steady_clock;
    enum class Reason { None, ClientGone, TimeLimit, Shutdown };

    /// The first reason counts; later ones are dropped.
    void raise(Reason reason);
    Reason reason() const;
    /// True once raised; for work that looks at a flag from time to time.
    const std::atomic_bool &flag() const { return m_flag; }
    /// Makes waitFor() look again.
    void wake();

    /// Blocks until @p ready is true, the interrupt is raised, or @p deadline has passed; that last
    /// raises it with TimeLimit.
    /// @return whether @p ready was true first
    bool waitFor(const std::atomic_bool &ready, Clock::time_point deadline);

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    Reason m_reason = Reason::None; // guarded by m_mutex
    std::atomic_bool m_flag = false;
};

} // namespace llmemory::http
