#include "core/ingest/ingest_batch.h"

namespace llmemory::ingest {

namespace {

constexpr int kReportEveryMs = 100;

} // namespace

IngestBatch::IngestBatch(LeasedBatch leased, const IngestProgress &progress)
    : m_leased(std::move(leased)), m_progress(progress)
{
    m_progress.finished = false;
}

void IngestBatch::begin()
{
    const QMutexLocker lock(&m_mutex);
    ++m_reading;
}

void IngestBatch::ended(IngestState state)
{
    const QMutexLocker lock(&m_mutex);
    --m_reading;
    switch (state) {
    case IngestState::Added:
        ++m_progress.added;
        break;
    case IngestState::Updated:
        ++m_progress.updated;
        break;
    case IngestState::Unchanged:
        ++m_progress.unchanged;
        break;
    case IngestState::Cancelled:
        ++m_progress.cancelled;
        break;
    default:
        ++m_progress.failed;
    }
}

void IngestBatch::returned()
{
    const QMutexLocker lock(&m_mutex);
    --m_reading;
    m_exhausted = false; // what was put back waits again
}

void IngestBatch::exhausted()
{
    const QMutexLocker lock(&m_mutex);
    --m_reading;
    m_exhausted = true;
}

void IngestBatch::cancelledWaiting(qint64 count)
{
    const QMutexLocker lock(&m_mutex);
    m_progress.cancelled += count;
}

bool IngestBatch::mayHaveWork() const
{
    const QMutexLocker lock(&m_mutex);
    return !m_exhausted;
}

std::optional<IngestProgress> IngestBatch::report(bool now)
{
    const QMutexLocker lock(&m_mutex);
    if (!now && m_lastReport.isValid() && m_lastReport.elapsed() < kReportEveryMs)
        return std::nullopt;
    m_lastReport.start();
    IngestProgress progress = m_progress;
    progress.finished = m_exhausted && m_reading == 0;
    return progress;
}

bool IngestBatch::takeFinished()
{
    const QMutexLocker lock(&m_mutex);
    if (!m_exhausted || m_reading > 0 || m_finishedTaken)
        return false;
    m_finishedTaken = true;
    return true;
}

} // namespace llmemory::ingest
