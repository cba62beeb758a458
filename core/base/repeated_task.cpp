#include "core/base/repeated_task.h"

#include <QDeadlineTimer>

namespace llmemory {

RepeatedTask::RepeatedTask(std::chrono::seconds interval, std::function<void()> work)
    : m_interval(interval), m_work(std::move(work))
{
}

RepeatedTask::~RepeatedTask()
{
    stop();
}

void RepeatedTask::start()
{
    if (m_thread.joinable())
        return;
    m_stopping = false;
    m_thread = std::thread([this] { run(); });
}

void RepeatedTask::stop()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void RepeatedTask::run()
{
    while (!m_stopping) {
        m_work();
        const QDeadlineTimer deadline(m_interval);
        QMutexLocker lock(&m_mutex);
        while (!m_stopping && !deadline.hasExpired())
            m_changed.wait(&m_mutex, deadline);
    }
}

} // namespace llmemory
