#pragma once

#include "core/db/database_manager.h"
#include "core/search/history/search_record.h"

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <deque>
#include <functional>
#include <thread>

namespace llmemory::search {

/// Writes searches down while nobody waits for it: a queue, and one thread that empties it in
/// batches, each owner's searches in a transaction. A failure costs the batch and is logged. Any
/// thread.
class HistoryWriter final
{
public:
    struct Options
    {
        int days = 0; ///< searches of the same owner that are older are forgotten, too; 0 = none
        int mostQueued = 1000; ///< 1 at least; of more, the oldest are dropped
        /// Asked before each batch, on the writing thread; an error drops it. May be empty.
        std::function<Result<>()> mayStore = {};
    };

    HistoryWriter(db::DatabaseManager database, Options options);
    /// Writes what is queued; gives up after about 5 s.
    ~HistoryWriter();
    Q_DISABLE_COPY_MOVE(HistoryWriter)

    /// Never blocks.
    void add(SearchRecord record);
    /// Blocks until what was added before is written, or was dropped. Not from a pool thread.
    /// @param isCancelled  asked every 20 ms. Error: Cancelled.
    Result<> wait(const std::function<bool()> &isCancelled);

private:
    void run();
    void write(const QList<SearchRecord> &batch);
    Result<> writeOwner(const OwnerId &owner, const QList<SearchRecord> &searches);
    void report(const Result<> &outcome);
    /// Number of the oldest search that is neither written nor dropped. With m_mutex locked.
    quint64 oldest() const;

    const db::DatabaseManager m_database;
    const Options m_options;
    QMutex m_mutex;
    QWaitCondition m_changed;         // of anything below
    std::deque<SearchRecord> m_queue; // guarded by m_mutex, as what follows
    quint64 m_added = 0;              ///< the searches are numbered from 1; the last one
    quint64 m_writing = 0; ///< number of the first of the batch that is being written; 0 = none
    bool m_stopping = false;
    bool m_toldOfDrops = false;
    std::atomic_bool m_givesUp = false;
    bool m_isFailing = false; // the thread's own
    std::thread m_thread;     // last: it uses the others
};

} // namespace llmemory::search
