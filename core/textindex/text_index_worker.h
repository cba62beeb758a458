#pragma once

#include "core/base/repeated_task.h"
#include "core/db/database_manager.h"
#include "core/textindex/index_builder.h"
#include "core/textindex/merge_policy.h"

#include <QHash>

#include <chrono>
#include <functional>

namespace llmemory::textindex {

/// Does for the text index what no writer should wait for: brings passages of before the index into
/// it, and merges segments: large ones that are due, and all that are in the way of a fast search
/// once nobody writes for the owner. One background thread. Several programs may do it at once on
/// the same database; each step is one transaction, so one that is cut off leaves nothing half
/// done. Stops when it goes.
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

    /// Looks for work now and every kInterval. Nothing when it runs already.
    void start() { m_task.start(); }
    /// Ends after the statement that runs; what it was about is rolled back. Idempotent.
    void stop() { m_task.stop(); }

    /// All that there is to do now, on the calling thread, which is none of the pool; not beside
    /// start(). Owners for whom nothing was written since the last call are at rest. Error:
    /// Database, Unavailable, Cancelled by stop().
    Result<> work();

private:
    /// How an owner was found.
    struct Seen
    {
        qint64 lastNumber = -1;
        bool isTidy = false;
    };

    Result<> workFor(const IndexWork &work);
    Result<> build(const OwnerId &owner);
    /// @return the number of the last segment that came of it; 0 = nothing was merged.
    Result<qint64> merge(const OwnerId &owner, MergePolicy policy);
    Result<> mayGoOn() const;

    db::DatabaseManager m_database;
    const Callbacks m_callbacks;
    QHash<OwnerId, Seen> m_seen;
    RepeatedTask m_task; // the last one: its thread uses the others
};

} // namespace llmemory::textindex
