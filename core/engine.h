#pragma once

#include "core/config.h"
#include "core/database_access.h"
#include "core/db/database_manager.h"
#include "core/embed/embedding_worker.h"
#include "core/embed/vector_index_keeper.h"
#include "core/eval/notebook.h"
#include "core/ingest/ingest_service.h"
#include "core/search/history/search_history.h"
#include "core/search/search_service.h"
#include "core/textindex/text_index_worker.h"

#include <optional>

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
    /// @param shared     the parent program's pool and schema; nothing = a pool of our own from the
    /// configuration.
    /// @param cancelled  looked at while waiting for the server.
    static Result<std::unique_ptr<Engine>> open(const Config &config,
                                                const std::optional<db::DatabaseManager> &shared,
                                                const Callbacks &callbacks,
                                                const std::atomic_bool *cancelled);
    /// Stops workers, waits for running operations, lets the server go. Blocks.
    ~Engine();
    Q_DISABLE_COPY_MOVE(Engine)

    /// For the operations of the Memory's users; closing its tasks() cancels them.
    const db::DatabaseManager &operations() const { return *m_operations; }
    const embed::Embedder &embedder() const { return *m_embedder; }
    search::SearchService &searches() { return *m_searches; }
    search::SearchHistory &history() { return *m_history; }
    const eval::Notebook &notebook() const { return *m_notebook; }
    embed::EmbeddingWorker &embeddings() { return *m_embeddings; }
    ingest::IngestService &ingest() { return *m_ingest; }

private:
    Engine() = default;

    Result<> connect(const Config &config,
                     const std::optional<db::DatabaseManager> &shared,
                     const Callbacks &callbacks,
                     const std::atomic_bool *cancelled);
    void makeManagers(const std::shared_ptr<db::ConnectionPool> &pool, const db::SqlNames &names);
    Result<> openPool(const Config &config, const Callbacks &callbacks);
    /// Says whether there is room to store more; empty where nobody knows.
    std::function<Result<>()> storageTest() const;
    void startSearches(const Config &config);
    void startWorkers(const Config &config, const Callbacks &callbacks);
    void startIndexKeeper(const Config &config);

    std::shared_ptr<DatabaseAccess>
        m_access; ///< keeps the embedded server running; null with a shared pool
    std::shared_ptr<db::ConnectionPool> m_ownPool; ///< null with a shared pool
    std::unique_ptr<db::DatabaseManager> m_operations;
    std::unique_ptr<db::DatabaseManager> m_database; ///< for the workers
    std::shared_ptr<const embed::Embedder> m_embedder;
    std::unique_ptr<search::SearchHistory> m_history; ///< before m_searches, which tells it
    std::unique_ptr<search::SearchService> m_searches;
    std::unique_ptr<eval::Notebook> m_notebook;           ///< works with m_searches
    std::shared_ptr<db::ConnectionPool> m_administration; ///< to build indexes; null as above
    std::unique_ptr<embed::VectorIndexKeeper> m_indexes;
    std::unique_ptr<embed::EmbeddingWorker> m_embeddings;
    std::unique_ptr<textindex::TextIndexWorker> m_textIndex;
    std::unique_ptr<ingest::IngestService> m_ingest;
};

} // namespace llmemory
