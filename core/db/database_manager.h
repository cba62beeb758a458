#pragma once

#include "core/db/connection_pool.h"
#include "core/db/session.h"
#include "core/db/transaction.h"

namespace llmemory::db {

/// A pool seen through one schema. Several managers with different schemas may share a pool; none
/// of them owns it alone. Cheap to copy; any thread.
class DatabaseManager
{
public:
    DatabaseManager(std::shared_ptr<ConnectionPool> pool, SqlNames names)
        : m_pool(std::move(pool)), m_names(std::make_shared<const SqlNames>(std::move(names)))
    {
    }

    const SqlNames &names() const { return *m_names; }
    const std::shared_ptr<ConnectionPool> &pool() const { return m_pool; }

    /// Runs @p task (Session & → Result<T>) on a pool thread.
    template <typename Task>
    auto run(Access access, Task task) const -> QFuture<std::invoke_result_t<Task, Session &>>
    {
        return m_pool->run(
            access,
            [names = m_names, task = std::move(task)](
                Connection &connection, const std::function<bool()> &isCancelled) mutable
            -> std::invoke_result_t<Task, Session &> {
                Session session(connection, *names, isCancelled);
                return task(session);
            });
    }

    /// The same inside one transaction in @p scope.
    template <typename Task>
    auto runInTransaction(Access access, const char *name, const Scope &scope, Task task) const
        -> QFuture<std::invoke_result_t<Task, Session &>>
    {
        return run(access, [name, scope, task = std::move(task)](Session &session) mutable {
            return inTransaction(session, name, scope, task);
        });
    }

private:
    std::shared_ptr<ConnectionPool> m_pool;
    std::shared_ptr<const SqlNames> m_names;
};

} // namespace llmemory::db
