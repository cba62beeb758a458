#pragma once

#include "core/database_access.h"
#include "core/engine.h"
#include "core/memory.h"
#include "core/migrate/schema_migrations.h"
#include "core/settings/settings.h"

#include <QCoreApplication>
#include <QMutex>
#include <QPromise>
#include <QThreadPool>

#include <algorithm>
#include <optional>

namespace llmemory {

/// A future that is finished with @p result.
template <typename T>
QFuture<Result<T>> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

/// Error: Validation with field "owner_id" for an empty id.
inline Result<> checkOwner(const OwnerId &id)
{
    return id.isEmpty() ? Result<>(OwnerId::parse({}).error()) : Result<>();
}

/// What a Memory holds, and the ways in which its operations run.
struct Memory::Private
{
    Private(Memory *front, Config given, std::optional<db::DatabaseManager> parent)
        : memory(front), config(complete(std::move(given))), shared(std::move(parent))
    {
        control.setMaxThreadCount(1);
        // They wait for the pool most of the time.
        const int connections =
            shared ? shared->pool()->options().maxConnections : config.database.maxPoolSize;
        workers.setMaxThreadCount(std::max(1, connections));
        searchers.setMaxThreadCount(std::max(1, connections * 2));
    }

    /// An empty data directory is the user's usual one.
    static Config complete(Config given)
    {
        if (given.dataDirectory.isEmpty())
            given.dataDirectory =
                settings::defaultDataDirectory(QProcessEnvironment::systemEnvironment());
        return given;
    }

    Memory *const memory;
    const Config config;
    const std::optional<db::DatabaseManager> shared; ///< the parent's pool and schema
    QMutex mutex;
    std::shared_ptr<Engine> engine; // guarded by mutex
    std::atomic_bool closing = false;
    QThreadPool control;   ///< opening and migrating, one at a time
    QThreadPool workers;   ///< operations that wait for the database between computing
    QThreadPool searchers; ///< searches: a slow reranker must not hold up anything else

    std::shared_ptr<Engine> current()
    {
        const QMutexLocker lock(&mutex);
        return engine;
    }

    static Error notOpen()
    {
        return {.kind = ErrorKind::Unavailable,
                .message = QCoreApplication::translate("llmemory::Memory",
                                                       "The database is not open yet."),
                .code = QStringLiteral("not_open")};
    }

    /// One transaction in @p scope on a pool thread.
    template <typename Task, typename Answer = std::invoke_result_t<Task, db::Session &>>
    QFuture<Answer> transaction(db::Access access,
                                const char *name,
                                const db::Scope &scope,
                                Task task)
    {
        const auto open = current();
        if (!open)
            return ready(Answer(notOpen()));
        return open->operations().runInTransaction(access, name, scope, std::move(task));
    }

    /// The same for an owner's rows; an empty id is refused.
    template <typename Task, typename Answer = std::invoke_result_t<Task, db::Session &>>
    QFuture<Answer> forOwner(db::Access access, const char *name, const OwnerId &owner, Task task)
    {
        if (auto ok = checkOwner(owner); !ok)
            return ready(Answer(ok.error()));
        return transaction(access, name, db::Scope::owner(owner), std::move(task));
    }

    /// One writing transaction of an owner; tells that the owner, or the registry of owners,
    /// changed once it is committed.
    template <typename Task, typename Answer = std::invoke_result_t<Task, db::Session &>>
    QFuture<Answer> change(const char *name,
                           const OwnerId &owner,
                           Task task,
                           bool inRegistry = false)
    {
        if (auto ok = checkOwner(owner); !ok)
            return ready(Answer(ok.error()));
        const auto open = current();
        if (!open)
            return ready(Answer(notOpen()));
        return open->operations().run(
            db::Access::Write,
            [this, name, owner, inRegistry, task = std::move(task)](db::Session &session) mutable {
                auto answer = db::inTransaction(session, name, db::Scope::owner(owner), task);
                if (answer)
                    emit memory->ownerChanged(inRegistry ? OwnerId() : owner);
                return answer;
            });
    }

    /// Runs @p work (isCancelled → Result<T>) on a thread of @p threads.
    template <typename T>
    QFuture<Result<T>> on(QThreadPool &threads,
                          std::function<Result<T>(const std::function<bool()> &)> work)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        threads.start([promise, work = std::move(work), this]() mutable {
            const auto isCancelled = [&] { return closing || promise->isCanceled(); };
            promise->addResult(isCancelled() ? Result<T>(Error::cancelled()) : work(isCancelled));
            work = {}; // lets the engine go before anybody is told that the work is done
            promise->finish();
        });
        return future;
    }

    /// Runs @p work (Engine &, isCancelled → Result<T>) on a thread of @p threads, where it may
    /// wait for the pool.
    template <typename T>
    QFuture<Result<T>> withEngine(
        QThreadPool &threads,
        std::function<Result<T>(Engine &, const std::function<bool()> &)> work)
    {
        const auto open = current();
        if (!open)
            return ready(Result<T>(notOpen()));
        return on<T>(threads,
                     [open, work = std::move(work)](const std::function<bool()> &isCancelled) {
                         return work(*open, isCancelled);
                     });
    }

    /// The same for an owner; an empty id is refused.
    template <typename T>
    QFuture<Result<T>> forOwnerWithEngine(
        QThreadPool &threads,
        const OwnerId &owner,
        std::function<Result<T>(Engine &, const std::function<bool()> &)> work)
    {
        if (auto ok = checkOwner(owner); !ok)
            return ready(Result<T>(ok.error()));
        return withEngine<T>(threads, std::move(work));
    }

    /// Runs @p own on the server that the configuration names, or @p inPool with the parent's pool.
    template <typename T, typename Own, typename InPool>
    QFuture<Result<T>> onSchema(Own own, InPool inPool)
    {
        if (shared)
            return inPool(migrate::SchemaMigrations::ofMemory(*shared, config.migrations));
        return on<T>(control, [this, own](const std::function<bool()> &) -> Result<T> {
            auto access = DatabaseAccess::open(config, {}, &closing);
            if (!access)
                return access.error();
            return own((*access)->schemaTarget());
        });
    }
};

} // namespace llmemory
