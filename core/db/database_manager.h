#pragma once

#include "core/db/connection_pool.h"
#include "core/db/session.h"
#include "core/db/task_group.h"
#include "core/db/transaction.h"

namespace llmemory::db {

/// A pool seen through one schema. Several managers with different schemas may share a pool; none
/// of them owns it alone. Cheap to copy; any thread.
class DatabaseManager
{
public:
    /// @param schema  see SqlNames::forSchema(); it need not exist yet. Error: Configuration.
    static Result<DatabaseManager> create(std::shared_ptr<ConnectionPool> pool,
                                          const QString &schema)
    {
        auto names = SqlNames::forSchema(schema);
        if (!names)
            return names.error();
        return DatabaseManager(std::move(pool), std::move(*names));
    }

    DatabaseManager(std::shared_ptr<ConnectionPool> pool,
                    SqlNames names,
                    std::shared_ptr<TaskGroup> tasks = std::make_shared<TaskGroup>())
        : m_pool(std::move(pool))
        , m_names(std::make_shared<const SqlNames>(std::move(names)))
        , m_tasks(std::move(tasks))
    {
    }

    const SqlNames &names() const { return *m_names; }
    const std::shared_ptr<ConnectionPool> &pool() const { return m_pool; }
    /// What runs through this manager and its copies.
    TaskGroup &tasks() const { return *m_tasks; }

    /// Runs @p task (Session & → Result<T>) on a pool thread. Errors of its own as
    /// ConnectionPool::run(); Cancelled once tasks() is closed.
    /// @param alsoCancelled  as there
    template <typename Task>
    auto run(Access access, Task task, ConnectionPool::CancelTest alsoCancelled = {}) const
        -> QFuture<std::invoke_result_t<Task, Session &>>
    {
        std::shared_ptr<TaskGroup::Member> member = m_tasks->enter();
        return m_pool->run(
            access,
            [names = m_names, member, task = std::move(task)](
                Connection &connection, const ConnectionPool::CancelTest &isCancelled) mutable
            -> std::invoke_result_t<Task, Session &> {
                Session session(connection, *names, isCancelled);
                return task(session);
            },
            [tasks = m_tasks, alsoCancelled = std::move(alsoCancelled)] {
                return tasks->isClosed() || (alsoCancelled && alsoCancelled());
            });
    }

    /// The same inside one transaction in @p scope.
    template <typename Task>
    auto runInTransaction(Access access,
                          const char *name,
                          const Scope &scope,
                          Task task,
                          ConnectionPool::CancelTest alsoCancelled = {}) const
        -> QFuture<std::invoke_result_t<Task, Session &>>
    {
        return run(
            access,
            [access, name, scope, task = std::move(task)](Session &session) mutable {
                return inTransaction(session, name, scope, task, access);
            },
            std::move(alsoCancelled));
    }

private:
    std::shared_ptr<ConnectionPool> m_pool;
    std::shared_ptr<const SqlNames> m_names;
    std::shared_ptr<TaskGroup> m_tasks;
};

} // namespace llmemory::db
