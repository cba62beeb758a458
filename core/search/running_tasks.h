#pragma once

#include "core/db/database_manager.h"

#include <QFuture>
#include <QList>
#include <QSemaphore>

#include <algorithm>
#include <functional>
#include <memory>

namespace llmemory::search {

/// Reading transactions of one search that run on the pool at the same time. Used by one thread,
/// which is not of the pool. Going out of scope cancels what still runs and waits for it, so that
/// they may use what is on the thread's stack.
template <typename T>
class RunningTasks
{
public:
    RunningTasks() = default;
    ~RunningTasks()
    {
        cancel();
        for (QFuture<Result<T>> &task : m_tasks)
            task.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(RunningTasks)

    /// Runs @p work (Session & → Result<T>) in a transaction of the owner's scope.
    template <typename Work>
    void start(const db::DatabaseManager &database,
               const char *name,
               const OwnerId &owner,
               Work work)
    {
        // Released when the pool has done with the task and drops it, begun or not.
        const std::shared_ptr<void> token(nullptr, [ended = m_ended](void *) { ended->release(); });
        m_tasks.append(database.runInTransaction(
            db::Access::Read,
            name,
            db::Scope::owner(owner),
            [token, work = std::move(work)](db::Session &session) { return work(session); }));
    }

    /// The answers in the order of start(), or the first error. Cancels the tasks as soon as
    /// @p isCancelled, which is asked every 20 ms. Returns when all have ended.
    Result<QList<T>> wait(const std::function<bool()> &isCancelled)
    {
        while (!haveEnded()) {
            m_ended->tryAcquire(1, kCancelPollMs);
            if (isCancelled())
                cancel();
        }
        QList<T> answers;
        for (const QFuture<Result<T>> &task : m_tasks) {
            if (task.isCanceled() || task.resultCount() == 0)
                return Error::cancelled();
            // Not takeResult(): it resets the state that the pool's promise still looks at.
            const Result<T> answer = task.result();
            if (!answer)
                return answer.error();
            answers.append(*answer);
        }
        return answers;
    }

private:
    static constexpr int kCancelPollMs = 20;

    bool haveEnded() const
    {
        return std::all_of(m_tasks.begin(), m_tasks.end(), [](const QFuture<Result<T>> &task) {
            return task.isFinished();
        });
    }

    void cancel()
    {
        for (QFuture<Result<T>> &task : m_tasks)
            task.cancel();
    }

    QList<QFuture<Result<T>>> m_tasks;
    /// Only wakes wait(), which looks for itself what has ended. Qt 6.4's continuations are no way
    /// to do that: cancelling a future follows pointers to continuations that are gone.
    std::shared_ptr<QSemaphore> m_ended = std::make_shared<QSemaphore>();
};

/// One such transaction; blocks the calling thread, which is not of the pool.
template <typename Work>
auto readOnPool(const db::DatabaseManager &database,
                const char *name,
                const OwnerId &owner,
                const std::function<bool()> &isCancelled,
                Work work) -> std::invoke_result_t<Work, db::Session &>
{
    RunningTasks<typename std::invoke_result_t<Work, db::Session &>::value_type> tasks;
    tasks.start(database, name, owner, std::move(work));
    auto answers = tasks.wait(isCancelled);
    if (!answers)
        return answers.error();
    return answers->takeFirst();
}

} // namespace llmemory::search
