#pragma once

#include "core/db/database_manager.h"

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <thread>

namespace llmemory::search {

/// Forgets searches that have been kept long enough, of all owners, in transactions of limited
/// size: at the start and once a day, on a thread of its own. Several programs may do it at once.
class HistoryCleaner final
{
public:
    /// @param days  how long searches are kept, 1 at least.
    HistoryCleaner(db::DatabaseManager database, int days);
    /// Stops.
    ~HistoryCleaner();
    Q_DISABLE_COPY_MOVE(HistoryCleaner)

    /// Nothing when it runs already.
    void start();
    /// Ends after the statement that runs. Idempotent.
    void stop();

    /// All that there is to do now, on the calling thread, which is none of the pool; how many
    /// searches were forgotten. Error: Database, Unavailable, Cancelled by stop().
    Result<qint64> clean();

private:
    void run();
    Result<qint64> cleanOwner(const OwnerId &owner);

    const db::DatabaseManager m_database;
    const int m_days;
    std::thread m_thread;
    QMutex m_mutex;
    QWaitCondition m_changed; // with m_stopping
    std::atomic_bool m_stopping = false;
};

} // namespace llmemory::search
