#pragma once

#include "core/db/database_manager.h"

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace llmemory::textindex {

/// Does for the text index what no writer should wait for: brings passages of before the index into
/// it, and merges large segments. One background thread. Several programs may do it at once on the
/// same database; each step is one transaction, so one that is cut off leaves nothing half done.
class TextIndexWorker final
{
public:
    struct Callbacks
    {
        // Called on the working thread. Each may be empty; none may stop or destroy the worker.

        /// The index of an owner is being built. @param left  passages that are not in it yet; 0 =
        /// done, and searches use it from now on.
        std::function<void(const OwnerId &owner, qint64 left)> building = {};
        /// Asked before each step; an error makes it wait.
        std::function<Result<>()> mayStore = {};
    };

    static constexpr std::chrono::seconds kInterval{30};

    TextIndexWorker(db::DatabaseManager database, Callbacks callbacks);
    /// Stops.
    ~TextIndexWorker();
    Q_DISABLE_COPY_MOVE(TextIndexWorker)

    /// Looks for work now and every kInterval. Nothing when it runs already.
    void start();
    /// Ends after the statement that runs; what it was about is rolled back. Idempotent.
    void stop();

    /// All that there is to do now, on the calling thread, which is none of the pool. Error:
    /// Database, Unavailable, Cancelled by stop().
    Result<> work();

private:
    void run();
    Result<> build(const OwnerId &owner);
    Result<> merge(const OwnerId &owner);
    Result<> mayGoOn() const;

    db::DatabaseManager m_database;
    const Callbacks m_callbacks;
    std::thread m_thread;
    QMutex m_mutex;
    QWaitCondition m_changed; // with m_stopping
    std::atomic_bool m_stopping = false;
};

} // namespace llmemory::textindex
