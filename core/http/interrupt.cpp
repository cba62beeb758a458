#include "core/http/interrupt.h"

namespace llmemory::http {

void Interrupt::raise(Reason reason)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_reason == Reason::None)
            m_reason = reason;
        m_flag = true;
    }
    m_changed.notify_all();
}

Interrupt::Reason Interrupt::reason() const
{
    const std::lock_guard lock(m_mutex);
    return m_reason;
}

void Interrupt::wake()
{
    // The lock keeps the wake-up from falling between a waiter's look and its sleep.
    {
        const std::lock_guard lock(m_mutex);
    }
    m_changed.notify_all();
}

bool Interrupt::waitFor(const std::atomic_bool &ready, Clock::time_point deadline)
{
    std::unique_lock lock(m_mutex);
    const auto ended = [&] { return ready.load() || m_reason != Reason::None; };
    bool inTime = true;
    if (deadline == Clock::time_point::max())
        m_changed.wait(lock, ended);
    else
        inTime = m_changed.wait_until(lock, deadline, ended);
    if (!inTime) {
        m_reason = Reason::TimeLimit;
        m_flag = true;
    }
    return ready.load();
}

} // namespace llmemory::http
