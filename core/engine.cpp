#include "core/engine.h"

#include "core/base/logging.h"
#include "core/base/program_locator.h"
#include "core/embed/embedder_factory.h"
#include "core/embed/embedding_model_repository.h"
#include "core/migrate/schema_migrations.h"

#include <QCoreApplication>

namespace llmemory {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::Memory", text);
}

db::PoolOptions poolOptions(const Config::Database &database)
{
    using std::chrono::seconds;
    db::PoolOptions options;
    options.minConnections = database.minPoolSize;
    options.maxConnections = database.maxPoolSize;
    options.connectTimeout = seconds(database.connectTimeoutS);
    options.acquireTimeout = seconds(database.acquireTimeoutS);
    options.idleTimeout = seconds(database.idleTimeoutS);
    options.timeouts.statement = seconds(database.statementTimeoutS);
    options.timeouts.lock = seconds(database.lockTimeoutS);
    return options;
}

search::SearchOptions searchOptions(const Config &config)
{
    search::SearchOptions options;
    if (config.chunking.summaries)
        options.summaryMaxTokens = config.chunking.summaryMaxTokens;
    return options;
}

/// Refuses a schema that lacks migrations.
Result<> checkComplete(const Result<migrate::SchemaStatus> &status)
{
    if (!status)
        return status.error();
    if (status->pending == 0)
        return {};
    return Error{.kind = ErrorKind::Configuration,
                 .message = tr("The schema \"%1\" is not up to date; migrations that are missing: "
                               "%2. Apply them first (llmemory migrate apply, or "
                               "Memory::applyMigrations()).")
                                .arg(status->schema)
                                .arg(status->pending),
                 .code = QStringLiteral("schema_outdated")};
}

/// Our own pool: with the rights of who owns the schema, which may be more than those the program
/// works with.
Result<> prepareOwnSchema(const Config &config,
                          const migrate::SchemaTarget &target,
                          const db::SqlNames &names,
                          const embed::Embedder &embedder)
{
    if (config.database.runMigrations) {
        if (auto ok = migrate::migrateSchema(target); !ok)
            return ok.error();
    } else if (auto ok = checkComplete(migrate::schemaStatus(target)); !ok) {
        return ok;
    }
    auto connection = db::Connection::open(target.connection);
    if (!connection)
        return connection.error();
    db::Session session(**connection, names);
    return embed::ensureModel(session, embedder, target.ownerRole, target.appRole);
}

/// The parent's pool: with the rights that its user has.
Result<> prepareSharedSchema(const Config &config,
                             const db::DatabaseManager &database,
                             const embed::Embedder &embedder)
{
    const auto migrations = migrate::SchemaMigrations::ofMemory(database, config.migrations);
    if (config.database.runMigrations) {
        if (auto ok = migrations.apply().result(); !ok)
            return ok.error();
    } else if (auto ok = checkComplete(migrations.status().result()); !ok) {
        return ok;
    }
    return database
        .run(db::Access::Write,
             [&](db::Session &session) { return embed::ensureModel(session, embedder, {}, {}); })
        .result();
}

} // namespace

Result<std::unique_ptr<Engine>> Engine::open(const Config &config,
                                             const std::optional<db::DatabaseManager> &shared,
                                             const Callbacks &callbacks,
                                             const std::atomic_bool *cancelled)
{
    if (auto ok = config.validate(); !ok)
        return ok.error();
    std::unique_ptr<Engine> engine(new Engine);
    if (auto ok = engine->connect(config, shared, callbacks, cancelled); !ok)
        return ok.error();
    engine->startSearches(config);
    engine->startWorkers(config, callbacks);
    return engine;
}

Engine::~Engine()
{
    // Workers first: they give work back through the pool.
    m_ingest.reset();
    m_textIndex.reset();
    m_embeddings.reset();
    m_indexes.reset();
    if (m_administration)
        m_administration->close();
    m_notebook.reset();
    m_searches.reset();
    m_history.reset();
    for (const auto *database : {m_operations.get(), m_database.get()}) {
        if (database)
            database->tasks().close();
    }
    if (m_ownPool)
        m_ownPool->close();
}

void Engine::makeManagers(const std::shared_ptr<db::ConnectionPool> &pool,
                          const db::SqlNames &names)
{
    m_operations = std::make_unique<db::DatabaseManager>(pool, names);
    m_database = std::make_unique<db::DatabaseManager>(pool, names);
}

Result<> Engine::connect(const Config &config,
                         const std::optional<db::DatabaseManager> &shared,
                         const Callbacks &callbacks,
                         const std::atomic_bool *cancelled)
{
    auto embedder = embed::makeEmbedder(config.embedding);
    if (!embedder)
        return embedder.error();
    m_embedder = std::move(*embedder);
    if (!shared) {
        auto access = DatabaseAccess::open(config, callbacks.startupStep, cancelled);
        if (!access)
            return access.error();
        m_access = std::move(*access);
    }
    auto names = shared ? Result<db::SqlNames>(shared->names())
                        : db::SqlNames::forSchema(config.database.schema);
    if (!names)
        return names.error();
    names->setEmbeddingsTable(embed::vectorTableName(m_embedder->modelId()));
    callbacks.startupStep(tr("Preparing the tables…"));
    if (shared) {
        makeManagers(shared->pool(), *names);
        return prepareSharedSchema(config, *m_operations, *m_embedder);
    }
    if (auto ok = prepareOwnSchema(config, m_access->schemaTarget(), *names, *m_embedder); !ok)
        return ok;
    m_ownPool =
        std::make_shared<db::ConnectionPool>(m_access->application(), poolOptions(config.database));
    m_ownPool->setStateCallback(callbacks.databaseUnavailable);
    if (auto *lease = m_access->lease())
        m_ownPool->setBeforeReconnect([lease] { return lease->ensureRunning(); });
    makeManagers(m_ownPool, *names);
    return {};
}

/// Index builds are the work of whoever owns the tables, beside the pool so that they take none of
/// its connections away.
void Engine::startIndexKeeper(const Config &config)
{
    if (!config.embedding.background)
        return;
    std::optional<db::DatabaseManager> owner = *m_database;
    if (m_access) {
        db::PoolOptions options = poolOptions(config.database);
        options.minConnections = 0;
        options.maxConnections = 1;
        options.idleTimeout = std::chrono::seconds(5);
        m_administration =
            std::make_shared<db::ConnectionPool>(m_access->schemaTarget().connection, options);
        owner.emplace(m_administration, m_database->names());
    }
    m_indexes =
        std::make_unique<embed::VectorIndexKeeper>(*owner, m_embedder, config.search.hnswProfile);
}

std::function<Result<>()> Engine::storageTest() const
{
    const auto *lease = m_access ? m_access->lease() : nullptr;
    if (!lease)
        return {};
    return [lease] { return lease->checkRoom(); };
}

void Engine::startSearches(const Config &config)
{
    m_history = std::make_unique<search::SearchHistory>(*m_operations,
                                                        *m_database,
                                                        search::SearchHistory::Options{
                                                            .write = config.search.history,
                                                            .clean = config.embedding.background,
                                                            .days = config.search.historyDays,
                                                            .mayStore = storageTest(),
                                                        });
    search::SearchOptions options = searchOptions(config);
    options.answered = [history = m_history.get()](const SearchAnswer &answer) {
        history->remember(answer);
    };
    m_searches =
        std::make_unique<search::SearchService>(*m_operations, m_embedder, config.search, options);
    m_notebook = std::make_unique<eval::Notebook>(*m_operations, *m_searches, *m_embedder, config);
}

void Engine::startWorkers(const Config &config, const Callbacks &callbacks)
{
    startIndexKeeper(config);
    const std::function<Result<>()> mayStore = storageTest();
    embed::EmbeddingWorker::Callbacks embeddingCallbacks;
    embeddingCallbacks.stored = [this, changed = callbacks.ownerChanged](const OwnerId &owner) {
        if (m_indexes)
            m_indexes->wake();
        changed(owner);
    };
    embeddingCallbacks.mayStore = mayStore;
    m_embeddings = std::make_unique<embed::EmbeddingWorker>(
        *m_database,
        m_embedder,
        std::move(embeddingCallbacks),
        config.chunking.contextual ? embed::PassageText::Contextual : embed::PassageText::Plain);
    if (config.embedding.background) {
        // Both are in range: validate() looked at them.
        if (auto ok = m_embeddings->start(std::chrono::seconds(config.embedding.intervalS),
                                          config.embedding.batchSize);
            !ok)
            logging::error(ok.error().message);
    }
    textindex::TextIndexWorker::Callbacks indexCallbacks;
    indexCallbacks.building = [changed = callbacks.ownerChanged](const OwnerId &owner,
                                                                 qint64 left) {
        logging::info(
            QStringLiteral("text index of %1: %2 passages left").arg(owner.toString()).arg(left));
        if (left == 0)
            changed(owner);
    };
    indexCallbacks.mayStore = mayStore;
    m_textIndex =
        std::make_unique<textindex::TextIndexWorker>(*m_database, std::move(indexCallbacks));
    if (config.embedding.background)
        m_textIndex->start();
    ingest::IngestService::Callbacks ingestCallbacks;
    ingestCallbacks.fileChanged = callbacks.ingestFileChanged;
    ingestCallbacks.progress = callbacks.ingestProgress;
    ingestCallbacks.stored = [this, changed = callbacks.ownerChanged](const OwnerId &owner) {
        m_embeddings->wake();
        changed(owner);
    };
    ingestCallbacks.mayStore = mayStore;
    ingestCallbacks.paused = callbacks.databaseUnavailable;
    // A program without files to read needs no executable; extraction says when it misses it.
    const QString program = locateProgram(config.program).value_or(config.program);
    m_ingest = std::make_unique<ingest::IngestService>(
        *m_database, program, m_embedder->modelId(), config.chunking, std::move(ingestCallbacks));
    m_ingest->start(config.adoptBatches);
}

} // namespace llmemory
