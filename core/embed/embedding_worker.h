#pragma once

#include "core/db/database_manager.h"
#include "core/embed/embedding_queue.h"

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace llmemory::embed {

/// Works the embedding queue: claims, embeds outside any transaction, stores. One background
/// thread; process() may be called beside it from any thread that is not of the pool.
class EmbeddingWorker final
{
public:
    struct Callbacks
    {
        /// Called on the working thread after vectors of an owner were stored. May be empty.
        std::function<void(const OwnerId &)> stored;
        /// Asked before each batch of the background thread; an error makes it wait. May be empty.
        std::function<Result<>()> mayStore;
    };

    EmbeddingWorker(db::DatabaseManager database,
                    std::shared_ptr<const Embedder> embedder,
                    Callbacks callbacks);
    /// Stops.
    ~EmbeddingWorker();
    Q_DISABLE_COPY_MOVE(EmbeddingWorker)

    /// Starts the background thread, which looks for due jobs when woken and every few seconds.
    void start();
    /// Ends the background thread after the batch it is at. Idempotent.
    void stop();
    /// There is new work.
    void wake();

    /// Embeds what is due for this owner (and document), until nothing is left or @p isCancelled.
    /// @return vectors stored. Error: the first failure; its jobs are back in the queue.
    Result<qint64> process(const OwnerId &owner,
                           const std::optional<DocumentId> &document,
                           const std::function<bool()> &isCancelled);

private:
    void loop();
    Result<qint64> processBatch(const ClaimRequest &request,
                                const std::function<bool()> &isCancelled);

    db::DatabaseManager m_database;
    std::shared_ptr<const Embedder> m_embedder;
    const Callbacks m_callbacks;
    std::thread m_thread;
    QMutex m_mutex;
    QWaitCondition m_changed;
    bool m_woken = false; // guarded by m_mutex
    std::atomic_bool m_stopping = false;
};

} // namespace llmemory::embed
