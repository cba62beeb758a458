#pragma once

#include <chrono>
#include <deque>
#include <mutex>

namespace llmemory::http {

/// Counts events within a sliding window. Any thread.
class RateLimit
{
public:
    using Clock = std::chrono::steady_clock;

    /// @param most    events allowed within the window, > 0
    /// @param window  length of the window, > 0
    RateLimit(int most, Clock::duration window);

    /// Counts an event at @p now.
    /// @return true while the events of the window, this one included, are at most as many as
    /// allowed.
    bool allow(Clock::time_point now = Clock::now());

private:
    const std::size_t m_most;
    const Clock::duration m_window;
    std::mutex m_mutex;
    std::deque<Clock::time_point> m_events; // guarded by m_mutex; only those that were allowed
};

} // namespace llmemory::http
