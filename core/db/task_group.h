#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace llmemory::db {

/// The tasks that one user of a shared pool has running there: it can cancel and await its own
/// without touching anybody else's. Any thread.
class TaskGroup final : public std::enable_shared_from_this<TaskGroup>
{
public:
    /// Holds the group open while a task lives.
    class Member
    {
    public:
        explicit Member(std::shared_ptr<TaskGroup> group);
        ~Member();
        Member(const Member &) = delete;
        Member &operator=(const Member &) = delete;

    private:
        std::shared_ptr<TaskGroup> m_group;
    };

    /// A membership; null once the group is closed.
    std::shared_ptr<Member> enter();
    bool isClosed() const { return m_closed; }
    /// No task enters any more, and the tasks see themselves as cancelled. Blocks until all have
    /// ended. Not to be called from one of them. Idempotent.
    void close();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_members = 0; // guarded by m_mutex
    std::atomic_bool m_closed = false;
};

} // namespace llmemory::db
