#pragma once

#include "core/db/database_manager.h"
#include "core/ingest/ingest_batch.h"
#include "core/ingest/ingest_pipeline.h"

#include <QMutex>
#include <QThreadPool>
#include <QUuid>
#include <QWaitCondition>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace llmemory::ingest {

/// Reads batches of files in the background, several files at once, and keeps their state in the
/// database, so that nothing is forgotten when the program dies. Any thread may call; callbacks
/// come from its threads.
class IngestService final
{
public:
    struct Callbacks
    {
        std::function<void(const IngestFile &)> fileChanged;
        std::function<void(const IngestProgress &)> progress;
        /// Documents of the owner changed.
        std::function<void(const OwnerId &)> stored;
        /// Asked before each file; an error pauses reading until it answers otherwise. May be
        /// empty.
        std::function<Result<>()> mayStore;
        /// Reading is paused for this reason, or goes on (empty).
        std::function<void(const QString &)> paused;
    };

    /// @param program  the llmemory executable, for the extraction worker
    IngestService(db::DatabaseManager database,
                  const QString &program,
                  const QString &provider,
                  const Config::Chunking &chunking,
                  Callbacks callbacks);
    /// Stops.
    ~IngestService();
    Q_DISABLE_COPY_MOVE(IngestService)

    /// Begins to work. @param adopt  also takes over batches whose program died.
    void start(bool adopt);
    /// Files being read are put back, leases are given up; another program, or the next start, goes
    /// on. Blocks until the threads have ended. Idempotent.
    void stop();

    /// Walks the folders and writes the batch down; completes when it is stored.
    QFuture<Result<IngestBatchId>> enqueue(const IngestRequest &request);
    QFuture<Result<QList<IngestFile>>> plan(const IngestRequest &request);
    QFuture<Result<>> cancel(const OwnerId &owner, const IngestBatchId &batch);
    QFuture<Result<qint64>> retry(const OwnerId &owner, const QList<IngestFileId> &files);

private:
    using BatchPointer = std::shared_ptr<IngestBatch>;

    Result<IngestBatchId> store(const IngestRequest &request,
                                const std::function<bool()> &isCancelled);
    Result<> takeOver(const LeasedBatch &leased, bool resetFirst);
    void insert(const BatchPointer &batch);
    BatchPointer find(const IngestBatchId &id);
    BatchPointer nextBatch();
    void finishIfIdle(const BatchPointer &batch);
    void report(const BatchPointer &batch, bool now);

    void readLoop();
    bool hasRoom();
    bool readOne(const BatchPointer &batch);
    void readFile(const BatchPointer &batch, IngestFile file);
    void putBack(const BatchPointer &batch, const IngestFile &file);
    void leaseLoop(bool adopt);
    void pause(int milliseconds);

    db::DatabaseManager m_database;
    IngestPipeline m_pipeline;
    Callbacks m_callbacks;
    const QString m_host;
    const QUuid m_lease = QUuid::createUuid();
    QThreadPool m_scanners;
    std::vector<std::thread> m_threads;
    std::atomic_bool m_stopping = false;
    std::atomic_bool m_paused = false;
    QMutex m_mutex;
    QWaitCondition m_changed;
    QList<BatchPointer> m_batches; // guarded by m_mutex
};

} // namespace llmemory::ingest
