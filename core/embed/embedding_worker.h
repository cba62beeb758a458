#pragma once

#include "core/db/database_manager.h"
#include "core/embed/embedding_batch.h"
#include "core/embed/embedding_queue.h"
#include "core/embed/pending_embeddings.h"

#include <QMutex>
#include <QWaitCondition>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace llmemory::embed {

/// Works the embedding queue: claims, embeds outside any transaction, stores. One background
/// thread; process() may be called beside it from any thread that is not of the pool.
///
/// A text that the model refuses, or answers with something of no use, fails alone; the others of
/// its batch are stored. A model that asks for a pause or refuses its key gets no calls meanwhile,
/// and its jobs wait without losing an attempt.
class EmbeddingWorker final
{
public:
    struct Callbacks
    {
        // Called on the working thread. Each may be empty; none may stop or destroy the worker.

        /// Vectors of an owner were stored.
        std::function<void(const OwnerId &)> stored = {};
        /// Asked before each batch of the background thread; an error makes it wait.
        std::function<Result<>()> mayStore = {};
        /// Texts of an owner (empty: before one was known) got no vector now; they wait in the
        /// queue, or are listed by failedJobs().
        std::function<void(const OwnerId &, const Error &)> failed = {};
    };

    static constexpr std::chrono::seconds kInterval{5};
    static constexpr int kBatchSize = 64;

    /// @param database  names the embedder's vector table
    EmbeddingWorker(db::DatabaseManager database,
                    std::shared_ptr<const Embedder> embedder,
                    Callbacks callbacks,
                    PassageText text = PassageText::Plain);
    /// Stops.
    ~EmbeddingWorker();
    Q_DISABLE_COPY_MOVE(EmbeddingWorker)

    /// Starts the background thread with kInterval and kBatchSize; as below.
    void start();
    /// Starts the background thread, which looks for due jobs when woken and every @p interval.
    /// When it runs already, it goes on with the new values.
    /// @param interval   1 s to 1 h; leases of programs that died are found within it
    /// @param batchSize  1-1,000; the model gets at most 64 texts at a time
    /// Error: Validation with "interval_seconds" or "batch_size".
    Result<> start(std::chrono::seconds interval, int batchSize);
    /// Ends the background thread; a call of the model is given up, its texts return to the queue.
    /// Idempotent; start() works again.
    void stop();
    bool isRunning() const { return m_running; }
    /// There is new work.
    void wake();

    /// Embeds what is due, of one owner or of all, up to the limits or until nothing is left.
    /// @return vectors stored. Failures of the model are told to Callbacks::failed, and are an
    /// error only when nothing was stored. Error: Validation with "batch_size" or "max_batches",
    /// Embedding, Unavailable, Configuration, Database, Cancelled.
    Result<qint64> process(const PendingEmbeddings &request, const CancelTest &isCancelled);
    /// Embeds what is due for this owner, or this document, until nothing is left.
    /// @return vectors stored. Error: the first failure, even when others were stored; what got no
    /// vector is in the queue.
    Result<qint64> process(const OwnerId &owner,
                           const std::optional<DocumentId> &document,
                           const CancelTest &isCancelled);

private:
    /// What one lease came to.
    struct Round
    {
        OwnerId owner; ///< empty: no job was due
        qsizetype claimed = 0;
        qint64 stored = 0;
        std::optional<Error> error = std::nullopt; ///< of the model
    };

    void run(std::chrono::seconds interval, int batchSize);
    std::chrono::milliseconds step(std::chrono::seconds interval, int batchSize);
    Result<> activate(const CancelTest &isCancelled);
    /// Error: Database, Cancelled.
    Result<Round> processLease(const ClaimRequest &request, const CancelTest &isCancelled);
    BatchOutcome embed(const EmbeddingLease &lease, const CancelTest &isCancelled);
    Result<qint64> settle(const EmbeddingLease &lease, BatchOutcome outcome);
    ClaimRequest claimRequest(const OwnerId &owner, int most) const;

    db::DatabaseManager m_database;
    std::shared_ptr<const Embedder> m_embedder;
    const Callbacks m_callbacks;
    const PassageText m_text;
    QMutex m_control; // one start() or stop() at a time
    std::thread m_thread;
    QMutex m_mutex;
    QWaitCondition m_changed;
    bool m_woken = false; // guarded by m_mutex
    std::atomic_bool m_running = false;
    std::atomic_bool m_stopping = false;
    std::atomic_bool m_active = false; ///< activateModel() has been done
};

} // namespace llmemory::embed
