#pragma once

#include "core/db/connection.h"

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>

namespace llmemory::db {

enum class Access {
    Read,  ///< run once more after a lost connection
    Write, ///< run once more only when nothing had been done yet
};

/// Threads with one connection each. Tasks run on them in the order they come; a cancelled task's
/// statement is cancelled in the server. Any thread may call run(); a task must not wait for
/// another task of the same pool.
class ConnectionPool final
{
public:
    /// Called on a pool thread before reconnecting after a loss, e.g. to restart an embedded
    /// server.
    using BeforeReconnect = std::function<Result<>()>;

    /// Opens nothing yet. @param size  connections, 1-64.
    ConnectionPool(ConnectionParams params, int size);
    /// Waits for running tasks; tasks not begun answer Cancelled.
    ~ConnectionPool();
    Q_DISABLE_COPY_MOVE(ConnectionPool)

    void setBeforeReconnect(BeforeReconnect hook);
    /// Called on a pool thread: with a reason when the server is lost, with an empty one when it is
    /// back.
    void setStateCallback(std::function<void(const QString &reason)> callback);
    const ConnectionParams &params() const;
    int size() const;

    /// Runs @p task (Connection &, isCancelled → Result<T>) on a pool thread.
    /// @return a future whose cancelling stops the task; a cancelled future has no result, so ask
    ///         isCanceled() before result().
    template <typename Task>
    auto run(Access access, Task task)
        -> QFuture<std::invoke_result_t<Task, Connection &, const std::function<bool()> &>>;

    /// No task is begun any more; waiting ones answer Cancelled, running ones are cancelled. Blocks
    /// until all have ended and every connection is closed. Idempotent.
    void close();

private:
    using CancelTest = std::function<bool()>;
    void startJob(std::function<void()> job);
    /// Opens or reopens the thread's connection, registers it for cancelling and calls the body,
    /// again after a lost connection where @p access allows; @p fail takes errors met before the
    /// body ran.
    void execute(Access access,
                 const CancelTest &isCancelled,
                 const std::function<Result<>(Connection &)> &body,
                 const std::function<void(Error)> &fail);

    struct Private;
    std::unique_ptr<Private> d;
};

template <typename Task>
auto ConnectionPool::run(Access access, Task task)
    -> QFuture<std::invoke_result_t<Task, Connection &, const std::function<bool()> &>>
{
    using Answer = std::invoke_result_t<Task, Connection &, const std::function<bool()> &>;
    auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    QFuture<Answer> future = promise->future();
    auto job = [this, access, promise, task = std::move(task)]() mutable {
        const CancelTest isCancelled = [promise] { return promise->isCanceled(); };
        std::shared_ptr<Answer> answer;
        execute(
            access,
            isCancelled,
            [&](Connection &connection) -> Result<> {
                answer = std::make_shared<Answer>(task(connection, isCancelled));
                return *answer ? Result<>() : Result<>(answer->error());
            },
            [&](Error error) { answer = std::make_shared<Answer>(std::move(error)); });
        promise->addResult(std::move(*answer));
        promise->finish();
    };
    startJob(std::move(job));
    return future;
}

} // namespace llmemory::db
