#pragma once

#include "app/cli/console.h"
#include "core/ingest/ingest_types.h"

#include <QObject>

namespace llmemory::app {

/// Tells on the console how a batch of files goes on: a line a file, and a progress bar on a
/// terminal. Events of other batches are left out; those that come before follow() are kept until
/// then. Main thread.
class IngestReport final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IngestReport)

public:
    IngestReport(Console &console, bool json, QObject *parent = nullptr);

    /// The batch that is meant.
    void follow(const IngestBatchId &batch);

    const IngestProgress &progress() const { return m_progress; }
    bool isFinished() const { return m_progress.finished; }
    qint64 chunksCreated() const { return m_chunksCreated; }

    // Connected to the signals of Memory, which come from worker threads.
    void onFileChanged(const IngestFile &file);
    void onProgress(const IngestProgress &progress);

    /// Prints one file with its state.
    void printFile(const IngestFile &file);

signals:
    /// Every file of the batch has ended.
    void finished();

private:
    void showBar();

    Console &m_console;
    const bool m_json;
    IngestBatchId m_batch;
    QList<IngestFile> m_earlyFiles;
    QList<IngestProgress> m_earlyProgress;
    IngestProgress m_progress;
    qint64 m_chunksCreated = 0;
};

/// `[#####-----]`, @p width characters in all (at least 3). Pure.
QString progressBar(qint64 done, qint64 total, int width);
/// `{"path","status","document_id","chunks_created","error"}` of the contract, and `error_code`.
/// Pure.
Json toReportJson(const IngestFile &file);

} // namespace llmemory::app
