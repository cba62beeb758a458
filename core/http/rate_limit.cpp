#include "core/http/rate_limit.h"

namespace llmemory::http {

RateLimit::RateLimit(int most, Clock::duration window) : m_most(std::size_t(most)), m_window(window)
{
}

bool RateLimit::allow(Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    while (!m_events.empty() && m_events.front() + m_window <= now)
        m_events.pop_front();
    if (m_events.size() >= m_most)
        return false;
    m_events.push_back(now);
    return true;
}

} // namespace llmemory::http
