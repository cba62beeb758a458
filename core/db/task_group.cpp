#include "core/db/task_group.h"

namespace llmemory::db {

TaskGroup::Member::Member(std::shared_ptr<TaskGroup> group) : m_group(std::move(group)) {}

TaskGroup::Member::~Member()
{
    const std::lock_guard lock(m_group->m_mutex);
    if (--m_group->m_members == 0)
        m_group->m_changed.notify_all();
}

std::shared_ptr<TaskGroup::Member> TaskGroup::enter()
{
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return nullptr;
    ++m_members;
    return std::make_shared<Member>(shared_from_this());
}

void TaskGroup::close()
{
    std::unique_lock lock(m_mutex);
    m_closed = true;
    m_changed.wait(lock, [this] { return m_members == 0; });
}

} // namespace llmemory::db
