#pragma once

#include "core/ingest/ingest_repository.h"

#include <QElapsedTimer>
#include <QMutex>

#include <atomic>
#include <optional>

namespace llmemory::ingest {

/// What this process knows of a batch that it works on. Shared by the reading threads.
class IngestBatch
{
public:
    explicit IngestBatch(LeasedBatch leased, const IngestProgress &progress);
    Q_DISABLE_COPY_MOVE(IngestBatch)

    const OwnerId &owner() const { return m_leased.owner; }
    const IngestBatchId &id() const { return m_leased.batch; }
    const IngestOptions &options() const { return m_leased.options; }

    /// Turns true to stop files that are being read.
    std::atomic_bool &stopFlag() { return m_stop; }

    // Reading threads take turns: begin(), then either ended() with a file's final state, or
    // exhausted() when no file waits any more, or returned() when the file was put back.
    void begin();
    void ended(IngestState state);
    void returned();
    void exhausted();
    /// Files became cancelled without having been read.
    void cancelledWaiting(qint64 count);

    /// True while a thread may still find a file.
    bool mayHaveWork() const;
    /// The figures, when it is time to tell them: at most every 100 ms, and always when @p now.
    std::optional<IngestProgress> report(bool now);
    /// True exactly once, when everything has ended.
    bool takeFinished();

private:
    const LeasedBatch m_leased;
    std::atomic_bool m_stop = false;
    mutable QMutex m_mutex;
    IngestProgress m_progress;    // guarded by m_mutex
    QElapsedTimer m_lastReport;   // guarded by m_mutex
    int m_reading = 0;            // guarded by m_mutex
    bool m_exhausted = false;     // guarded by m_mutex
    bool m_finishedTaken = false; // guarded by m_mutex
};

} // namespace llmemory::ingest
