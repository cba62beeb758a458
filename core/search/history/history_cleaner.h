#pragma once

#include "core/base/repeated_task.h"
#include "core/db/database_manager.h"

namespace llmemory::search {

/// Forgets searches that have been kept long enough, of all owners, in transactions of limited
/// size: at the start and once a day, on a thread of its own. Several programs may do it at once.
/// Stops when it goes.
class HistoryCleaner final
{
public:
    /// @param days  how long searches are kept, 1 at least.
    HistoryCleaner(db::DatabaseManager database, int days);

    /// Nothing when it runs already.
    void start() { m_task.start(); }
    /// Ends after the statement that runs. Idempotent.
    void stop() { m_task.stop(); }

    /// All that there is to do now, on the calling thread, which is none of the pool; how many
    /// searches were forgotten. Error: Database, Unavailable, Cancelled by stop().
    Result<qint64> clean();

private:
    Result<qint64> cleanOwner(const OwnerId &owner);

    const db::DatabaseManager m_database;
    const int m_days;
    RepeatedTask m_task; // the last one: its thread uses the others
};

} // namespace llmemory::search
