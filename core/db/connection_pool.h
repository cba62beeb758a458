#pragma once

#include "core/db/access.h"
#include "core/db/connection.h"
#include "core/db/pool_options.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>

namespace llmemory::db {

/// Connections that many tasks share, each connection with a thread of its own. Tasks run in the
/// order they come; a cancelled task's statement is cancelled in the server. Any thread may call
/// run(); a task must not wait for another task of the same pool. A program makes one pool for a
/// database and looks at it through one DatabaseManager per schema.
class ConnectionPool final
{
public:
    /// Called on a pool thread before reconnecting after a loss, e.g. to restart an embedded
    /// server.
    using BeforeReconnect = std::function<Result<>()>;
    using CancelTest = std::function<bool()>;

    /// From a URL or in keyword form. Opens nothing yet. Error: Configuration.
    static Result<std::shared_ptr<ConnectionPool>> create(const QString &connectionString,
                                                          const PoolOptions &options = {});
    /// Opens nothing yet. @param options  valid ones, see PoolOptions::validate().
    explicit ConnectionPool(ConnectionParams params, const PoolOptions &options = {});
    /// Closes.
    ~ConnectionPool();
    Q_DISABLE_COPY_MOVE(ConnectionPool)

    // Both before the first task.
    void setBeforeReconnect(BeforeReconnect hook);
    /// Called on a pool thread: with a reason when the server is lost, with an empty one when it is
    /// back.
    void setStateCallback(std::function<void(const QString &reason)> callback);

    const ConnectionParams &params() const;
    const PoolOptions &options() const;
    PoolStatistics statistics() const;

    /// Runs @p task (Connection &, isCancelled → Result<T>) on a pool thread.
    /// @param alsoCancelled  a further reason to stop the task; it then answers Cancelled. May be
    /// empty.
    /// @return a future whose cancelling stops the task; a cancelled future has no result, so ask
    ///         isCanceled() before result(). Errors of the pool itself: Cancelled once it is
    ///         closed, Unavailable with code "pool_busy" or "db_offline", Configuration when the
    ///         server refuses the user.
    template <typename Task>
    auto run(Access access, Task task, CancelTest alsoCancelled = {})
        -> QFuture<std::invoke_result_t<Task, Connection &, const CancelTest &>>;

    /// No task is begun any more; waiting ones answer Cancelled, running ones are cancelled. Blocks
    /// until all have ended and every connection is closed. Not from a task. Idempotent.
    void close();

private:
    class Worker;
    struct Private;

    /// What a worker does with its connection for one task.
    struct Job
    {
        CancelTest isCancelled;
        std::function<void(Worker &)> run;
        std::function<void(Error)> refuse; ///< answers instead of run
    };

    void startJob(Job job);
    /// Opens or reopens the worker's connection, registers it for cancelling and calls the body,
    /// again after a lost connection where @p access allows; @p fail takes errors met before the
    /// body ran.
    void execute(Worker &worker,
                 Access access,
                 const CancelTest &isCancelled,
                 const std::function<Result<>(Connection &)> &body,
                 const std::function<void(Error)> &fail);

    std::unique_ptr<Private> d;
};

template <typename Task>
auto ConnectionPool::run(Access access, Task task, CancelTest alsoCancelled)
    -> QFuture<std::invoke_result_t<Task, Connection &, const CancelTest &>>
{
    using Answer = std::invoke_result_t<Task, Connection &, const CancelTest &>;
    auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    QFuture<Answer> future = promise->future();
    Job job;
    job.isCancelled = [promise, alsoCancelled = std::move(alsoCancelled)] {
        return promise->isCanceled() || (alsoCancelled && alsoCancelled());
    };
    job.run = [this, access, promise, isCancelled = job.isCancelled, task = std::move(task)](
                  Worker &worker) mutable {
        std::shared_ptr<Answer> answer;
        execute(
            worker,
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
    job.refuse = [promise](Error error) {
        promise->addResult(Answer(std::move(error)));
        promise->finish();
    };
    startJob(std::move(job));
    return future;
}

} // namespace llmemory::db
