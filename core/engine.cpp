#include "core/engine.h"

#include "core/embed/embedding_model_repository.h"
#include "core/embed/hashed_ngram_embedder.h"

#include <QCoreApplication>

namespace llmemory {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::Memory", text);
}

Result<> checkOptions(const MemoryOptions &options)
{
    constexpr int kLeastPool = 2;
    constexpr int kMostPool = 64;
    if (options.poolSize < kLeastPool || options.poolSize > kMostPool) {
        return Error{
            .kind = ErrorKind::Configuration,
            .message = tr("The connection pool must have %1 to %2 connections; %3 were asked for.")
                           .arg(kLeastPool)
                           .arg(kMostPool)
                           .arg(options.poolSize),
            .field = QStringLiteral("pool_size")};
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Engine>> Engine::open(const MemoryOptions &options,
                                             const Callbacks &callbacks,
                                             const std::atomic_bool *cancelled)
{
    if (auto ok = checkOptions(options); !ok)
        return ok.error();
    std::unique_ptr<Engine> engine(new Engine);
    if (auto ok = engine->connect(options, callbacks, cancelled); !ok)
        return ok.error();
    engine->startWorkers(options, callbacks);
    return engine;
}

Engine::~Engine()
{
    // Workers first: they give work back through the pool.
    m_ingest.reset();
    m_embeddings.reset();
    if (m_pool)
        m_pool->close();
}

Result<> Engine::connect(const MemoryOptions &options,
                         const Callbacks &callbacks,
                         const std::atomic_bool *cancelled)
{
    auto access = DatabaseAccess::open(options, callbacks.startupStep, cancelled);
    if (!access)
        return access.error();
    m_access = std::move(*access);
    m_embedder = std::make_shared<embed::HashedNgramEmbedder>();
    auto names = db::SqlNames::forSchema(options.schema);
    if (!names)
        return names.error();
    names->setEmbeddingsTable(embed::vectorTableName(m_embedder->modelId()));
    callbacks.startupStep(tr("Preparing the tables…"));
    if (auto ok = prepareSchema(options, *names); !ok)
        return ok;
    m_pool = std::make_shared<db::ConnectionPool>(
        m_access->application(), db::PoolOptions{.maxConnections = options.poolSize});
    m_pool->setStateCallback(callbacks.databaseUnavailable);
    if (auto *lease = m_access->lease())
        m_pool->setBeforeReconnect([lease] { return lease->ensureRunning(); });
    m_database = std::make_unique<db::DatabaseManager>(m_pool, *names);
    return {};
}

Result<> Engine::prepareSchema(const MemoryOptions &options, const db::SqlNames &names)
{
    const migrate::SchemaTarget target = m_access->schemaTarget();
    if (options.runMigrations) {
        if (auto ok = migrate::migrateSchema(target); !ok)
            return ok.error();
    } else {
        auto status = migrate::schemaStatus(target);
        if (!status)
            return status.error();
        if (status->pending > 0)
            return Error{.kind = ErrorKind::Configuration,
                         .message =
                             tr("The schema \"%1\" is not up to date (%n migration(s) missing). "
                                "Run: llmemory "
                                "migrate apply")
                                 .replace(QLatin1String("%n"), QString::number(status->pending))
                                 .arg(options.schema),
                         .code = QStringLiteral("schema_outdated")};
    }
    auto connection = db::Connection::open(target.connection);
    if (!connection)
        return connection.error();
    db::Session session(**connection, names);
    return embed::ensureModel(session, *m_embedder, target.ownerRole, target.appRole);
}

void Engine::startWorkers(const MemoryOptions &options, const Callbacks &callbacks)
{
    std::function<Result<>()> mayStore;
    if (const auto *lease = m_access->lease())
        mayStore = [lease] { return lease->checkRoom(); };
    m_embeddings = std::make_unique<embed::EmbeddingWorker>(
        *m_database,
        m_embedder,
        embed::EmbeddingWorker::Callbacks{callbacks.ownerChanged, mayStore});
    if (options.runWorkers)
        m_embeddings->start();
    const QString program =
        options.program.isEmpty() ? QCoreApplication::applicationFilePath() : options.program;
    ingest::IngestService::Callbacks ingestCallbacks;
    ingestCallbacks.fileChanged = callbacks.ingestFileChanged;
    ingestCallbacks.progress = callbacks.ingestProgress;
    ingestCallbacks.stored = [this, changed = callbacks.ownerChanged](const OwnerId &owner) {
        m_embeddings->wake();
        changed(owner);
    };
    ingestCallbacks.mayStore = mayStore;
    ingestCallbacks.paused = callbacks.databaseUnavailable;
    m_ingest = std::make_unique<ingest::IngestService>(
        *m_database, program, m_embedder->modelId(), std::move(ingestCallbacks));
    m_ingest->start(options.runWorkers);
}

} // namespace llmemory
