#pragma once

#include "core/database_access.h"
#include "core/db/database_manager.h"
#include "core/embed/embedding_worker.h"
#include "core/ingest/ingest_service.h"
#include "core/memory_options.h"

namespace llmemory {

/// What an open Memory consists of, in the order in which it depends on each other.
class Engine final
{
public:
    struct Callbacks
    {
        std::function<void(const QString &)> startupStep;
        std::function<void(const QString &)> databaseUnavailable;
        std::function<void(const OwnerId &)> ownerChanged;
        std::function<void(const IngestFile &)> ingestFileChanged;
        std::function<void(const IngestProgress &)> ingestProgress;
    };

    /// Starts the embedded server where one is used, connects, migrates, starts the workers.
    /// Blocks.
    /// @param cancelled  looked at while waiting for the server.
    static Result<std::unique_ptr<Engine>> open(const MemoryOptions &options,
                                                const Callbacks &callbacks,
                                                const std::atomic_bool *cancelled);
    /// Stops workers, waits for running operations, lets the server go. Blocks.
    ~Engine();
    Q_DISABLE_COPY_MOVE(Engine)

    const db::DatabaseManager &database() const { return *m_database; }
    const embed::Embedder &embedder() const { return *m_embedder; }
    embed::EmbeddingWorker &embeddings() { return *m_embeddings; }
    ingest::IngestService &ingest() { return *m_ingest; }

private:
    Engine() = default;

    Result<> connect(const MemoryOptions &options,
                     const Callbacks &callbacks,
                     const std::atomic_bool *cancelled);
    Result<> prepareSchema(const MemoryOptions &options, const db::SqlNames &names);
    void startWorkers(const MemoryOptions &options, const Callbacks &callbacks);

    std::shared_ptr<DatabaseAccess> m_access; ///< keeps the embedded server running
    std::shared_ptr<db::ConnectionPool> m_pool;
    std::unique_ptr<db::DatabaseManager> m_database;
    std::shared_ptr<const embed::Embedder> m_embedder;
    std::unique_ptr<embed::EmbeddingWorker> m_embeddings;
    std::unique_ptr<ingest::IngestService> m_ingest;
};

} // namespace llmemory
