#include "core/http/work_queue.h"

namespace llmemory::http {

WorkQueue::WorkQueue(int atWork, int waiting) : m_most(atWork + waiting)
{
    m_pool.setMaxThreadCount(atWork);
    m_pool.setObjectName(QStringLiteral("http"));
}

WorkQueue::~WorkQueue()
{
    m_pool.waitForDone();
}

bool WorkQueue::submit(std::function<void()> work)
{
    if (++m_count > m_most) {
        --m_count;
        return false;
    }
    m_pool.start([this, work = std::move(work)]() mutable {
        work();
        work = {}; // what it holds goes before the place becomes free
        --m_count;
    });
    return true;
}

bool WorkQueue::waitForDone(int timeoutMs)
{
    return m_pool.waitForDone(timeoutMs);
}

} // namespace llmemory::http
