#include "core/memory.h"

#include "core/base/elapsed.h"
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "core/documents/chunk_repository.h"
#include "core/documents/document_preparer.h"
#include "core/documents/document_repository.h"
#include "core/documents/document_writer.h"
#include "core/embed/failed_embedding_repository.h"
#include "core/eval/owner_recall.h"
#include "core/memory_private.h"
#include "core/search/running_tasks.h"
#include "core/tenants/owner_repository.h"

namespace llmemory {

using db::Access;
using db::Scope;
using db::Session;

namespace {

/// Text around a passage in a preview, each side.
constexpr qsizetype kContextCharacters = 2000;

void registerTypes()
{
    qRegisterMetaType<llmemory::IngestFile>();
    qRegisterMetaType<llmemory::IngestProgress>();
    qRegisterMetaType<llmemory::OwnerId>();
}

Result<Passage> loadPassage(Session &session, const OwnerId &owner, const ChunkId &id)
{
    auto chunk = documents::findChunk(session, owner, id);
    if (!chunk)
        return chunk.error();
    auto document = documents::findDocument(session, owner, chunk->document);
    if (!document)
        return document.error();
    auto content = documents::documentContent(session, owner, chunk->document);
    if (!content)
        return content.error();
    Passage passage{*document, *chunk, {}, {}};
    const qsizetype from = std::max<qsizetype>(0, chunk->locator.charStart - kContextCharacters);
    passage.before = content->mid(from, chunk->locator.charStart - from);
    passage.after = content->mid(chunk->locator.charEnd, kContextCharacters);
    return passage;
}

Result<DocumentDetails> loadDetails(Session &session,
                                    const OwnerId &owner,
                                    const DocumentId &id,
                                    const DocumentParts &parts)
{
    auto document = documents::findDocument(session, owner, id);
    if (!document)
        return document.error();
    DocumentDetails details;
    details.document = std::move(*document);
    if (parts.content) {
        auto content = documents::documentContent(session, owner, id);
        if (!content)
            return content.error();
        details.content = std::move(*content);
    }
    if (parts.chunks || parts.embeddings) {
        auto page = documents::chunksOfDocument(
            session, {.owner = owner, .document = id, .embeddings = parts.embeddings});
        if (!page)
            return page.error();
        details.chunks = std::move(page->chunks);
    }
    return details;
}

Result<AddedDocument> store(Engine &engine,
                            const DocumentInput &input,
                            const Config::Chunking &chunking,
                            const std::function<bool()> &isCancelled)
{
    auto prepared = documents::prepareDocument(input, chunking);
    if (!prepared)
        return prepared.error();
    const auto write = [&](Session &session) {
        return documents::writeDocument(session, *prepared, engine.embedder().modelId());
    };
    return engine.operations()
        .runInTransaction(
            Access::Write, "add_document", Scope::owner(input.owner), write, isCancelled)
        .result();
}

/// The document is stored whatever comes of this.
void embedAdded(Engine &engine, AddedDocument &added, const std::function<bool()> &isCancelled)
{
    if (added.document.embeddingsPending == 0)
        return;
    auto embedded =
        engine.embeddings().process(added.document.owner, added.document.id, isCancelled);
    if (embedded)
        added.document.embeddingsPending -= int(*embedded);
    else
        added.embeddingError = embedded.error();
}

} // namespace

Memory::Memory(Config config, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(config), std::nullopt))
{
    registerTypes();
}

Memory::Memory(const db::DatabaseManager &database, Config config, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(config), database))
{
    registerTypes();
}

Memory::~Memory()
{
    close();
}

Result<std::unique_ptr<Memory>> Memory::open(Config config)
{
    auto memory = std::make_unique<Memory>(std::move(config));
    if (auto ok = memory->initialize().result(); !ok)
        return ok.error();
    return memory;
}

const Config &Memory::config() const
{
    return d->config;
}

Result<db::DatabaseManager> Memory::databaseManager() const
{
    const auto open = d->current();
    if (!open)
        return Private::notOpen();
    return db::DatabaseManager(open->operations().pool(), open->operations().names());
}

QFuture<Result<>> Memory::initialize()
{
    Engine::Callbacks callbacks;
    callbacks.startupStep = [this](const QString &step) { emit startupStep(step); };
    callbacks.databaseUnavailable = [this](const QString &reason) {
        emit databaseUnavailable(reason);
    };
    callbacks.ownerChanged = [this](const OwnerId &owner) { emit ownerChanged(owner); };
    callbacks.ingestFileChanged = [this](const IngestFile &file) { emit ingestFileChanged(file); };
    callbacks.ingestProgress = [this](const IngestProgress &progress) {
        emit ingestProgress(progress);
    };
    return d->on<void>(d->control, [this, callbacks](const std::function<bool()> &) -> Result<> {
        if (d->current())
            return {};
        auto opened = Engine::open(d->config, d->shared, callbacks, &d->closing);
        if (!opened) {
            const Error &error = opened.error();
            logging::error(QStringLiteral("open: %1 %2").arg(error.message, error.detail));
            return error;
        }
        const QMutexLocker lock(&d->mutex);
        d->engine = std::move(*opened);
        return {};
    });
}

void Memory::close()
{
    d->closing = true;
    d->control.waitForDone();
    std::shared_ptr<Engine> engine;
    {
        const QMutexLocker lock(&d->mutex);
        engine = std::move(d->engine);
    }
    if (engine) {
        engine->operations().tasks().close();
        engine->ingest().stop();
    }
    d->searchers.waitForDone();
    d->workers.waitForDone();
    engine.reset();
    d->closing = false;
}

// Migrations -------------------------------------------------------------------------------------

QFuture<Result<migrate::SchemaStatus>> Memory::migrationStatus()
{
    return d->onSchema<migrate::SchemaStatus>(
        [](const migrate::SchemaTarget &target) { return migrate::schemaStatus(target); },
        [](const migrate::SchemaMigrations &migrations) { return migrations.status(); });
}

QFuture<Result<migrate::MigrationPlan>> Memory::planMigrations()
{
    return d->onSchema<migrate::MigrationPlan>(
        [](const migrate::SchemaTarget &target) { return migrate::schemaPlan(target); },
        [](const migrate::SchemaMigrations &migrations) { return migrations.plan(); });
}

QFuture<Result<int>> Memory::applyMigrations()
{
    return d->onSchema<int>(
        [](const migrate::SchemaTarget &target) { return migrate::migrateSchema(target); },
        [](const migrate::SchemaMigrations &migrations) { return migrations.apply(); });
}

// Tenants ----------------------------------------------------------------------------------------

QFuture<Result<QList<Owner>>> Memory::listOwners()
{
    return d->transaction(Access::Read, "list_owners", Scope::registry(), [](Session &session) {
        return tenants::listOwners(session);
    });
}

QFuture<Result<Owner>> Memory::owner(const OwnerId &id)
{
    return d->forOwner(Access::Read, "find_owner", id, [id](Session &session) {
        return tenants::findOwner(session, id);
    });
}

QFuture<Result<Owner>> Memory::addOwner(const OwnerId &id, const QString &displayName)
{
    if (!displayName.isEmpty()) {
        if (auto ok = limits::checkDisplayName(displayName); !ok)
            return ready(Result<Owner>(ok.error()));
    }
    constexpr bool kInRegistry = true;
    return d->change(
        "add_owner",
        id,
        [id, displayName](Session &session) {
            return tenants::insertOwner(session, id, displayName);
        },
        kInRegistry);
}

QFuture<Result<Owner>> Memory::renameOwner(const OwnerId &id, const QString &displayName)
{
    if (auto ok = limits::checkDisplayName(displayName); !ok)
        return ready(Result<Owner>(ok.error()));
    return d->change("rename_owner", id, [id, displayName](Session &session) {
        return tenants::renameOwner(session, id, displayName);
    });
}

QFuture<Result<qint64>> Memory::deleteOwner(const OwnerId &id)
{
    constexpr bool kInRegistry = true;
    return d->change(
        "delete_owner",
        id,
        [id](Session &session) -> Result<qint64> {
            const QString patience = QStringLiteral("SET LOCAL statement_timeout = '10min'");
            if (auto ok = session.runScript(QStringLiteral("delete_patience"), patience); !ok)
                return ok.error();
            return tenants::deleteOwner(session, id);
        },
        kInRegistry);
}

QFuture<Result<OwnerStatistics>> Memory::statistics(const OwnerId &id, bool includeBreakdown)
{
    return d->forOwner(
        Access::Read, "owner_statistics", id, [id, includeBreakdown](Session &session) {
            return tenants::statistics(session, id, includeBreakdown);
        });
}

// Documents --------------------------------------------------------------------------------------

QFuture<Result<AddedDocument>> Memory::addDocument(const DocumentInput &input)
{
    return d->withEngine<AddedDocument>(
        d->workers, [this, input](Engine &engine, const std::function<bool()> &isCancelled) {
            QElapsedTimer timer;
            timer.start();
            auto added = store(engine, input, d->config.chunking, isCancelled);
            if (!added)
                return added;
            if (input.generateEmbeddings)
                embedAdded(engine, *added, isCancelled);
            else
                engine.embeddings().wake();
            added->embeddingsPending = std::max(0, added->document.embeddingsPending);
            added->embeddingsCreated = std::max(0, added->chunksCreated - added->embeddingsPending);
            added->processingTimeMs = milliseconds(timer);
            if (added->status != AddStatus::Unchanged)
                emit ownerChanged(input.owner);
            return added;
        });
}

QFuture<Result<DocumentPage>> Memory::listDocuments(const DocumentListQuery &query)
{
    return d->forOwner(Access::Read, "list_documents", query.owner, [query](Session &session) {
        return documents::listDocuments(session, query);
    });
}

QFuture<Result<DocumentDetails>> Memory::document(const OwnerId &owner,
                                                  const DocumentId &id,
                                                  const DocumentParts &parts)
{
    return d->forOwner(Access::Read, "get_document", owner, [owner, id, parts](Session &session) {
        return loadDetails(session, owner, id, parts);
    });
}

QFuture<Result<Document>> Memory::updateDocument(const OwnerId &owner,
                                                 const DocumentId &id,
                                                 const DocumentChange &change)
{
    return d->change("update_document", owner, [owner, id, change](Session &session) {
        return documents::updateDocument(session, owner, id, change);
    });
}

QFuture<Result<>> Memory::deleteDocument(const OwnerId &owner, const DocumentId &id)
{
    return d->change("delete_document", owner, [owner, id](Session &session) -> Result<> {
        auto deleted =
            documents::deleteDocuments(session, owner, {.ids = {id}, .metadataFilter = {}});
        if (!deleted)
            return deleted.error();
        return deleted->isEmpty() ? Result<>(documents::noSuchDocument()) : Result<>();
    });
}

QFuture<Result<QList<DocumentId>>> Memory::deleteDocuments(const OwnerId &owner,
                                                           const DocumentSelection &selection)
{
    return d->change("delete_documents", owner, [owner, selection](Session &session) {
        return documents::deleteDocuments(session, owner, selection);
    });
}

QFuture<Result<ChunkPage>> Memory::documentChunks(const ChunkListQuery &query)
{
    return d->forOwner(Access::Read, "document_chunks", query.owner, [query](Session &session) {
        return documents::chunksOfDocument(session, query);
    });
}

QFuture<Result<qint64>> Memory::chunkCount(const OwnerId &owner, const DocumentId &id)
{
    return d->forOwner(Access::Read, "chunk_count", owner, [owner, id](Session &session) {
        return documents::chunkCount(session, owner, id);
    });
}

QFuture<Result<Passage>> Memory::passage(const OwnerId &owner, const ChunkId &id)
{
    return d->forOwner(Access::Read, "passage", owner, [owner, id](Session &session) {
        return loadPassage(session, owner, id);
    });
}

// Search -----------------------------------------------------------------------------------------

QFuture<Result<SearchAnswer>> Memory::search(const SearchQuery &query)
{
    return d->withEngine<SearchAnswer>(
        d->searchers, [query](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.searches().search(query, isCancelled);
        });
}

QFuture<Result<DocumentSearchAnswer>> Memory::searchWithDocuments(const SearchQuery &query,
                                                                  bool includeMetadata)
{
    return d->withEngine<DocumentSearchAnswer>(
        d->searchers,
        [query, includeMetadata](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.searches().searchWithDocuments(query, includeMetadata, isCancelled);
        });
}

QFuture<Result<RoutedAnswer>> Memory::searchWithRouting(const RoutedQuery &query)
{
    return d->withEngine<RoutedAnswer>(
        d->searchers, [query](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.searches().searchWithRouting(query, isCancelled);
        });
}

QFuture<Result<SearchAnswer>> Memory::similarPassages(const OwnerId &owner,
                                                      const ChunkId &chunk,
                                                      int limit,
                                                      bool sameDocument)
{
    return d->withEngine<SearchAnswer>(
        d->searchers, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.searches().similarPassages(
                owner, chunk, limit, sameDocument, isCancelled);
        });
}

QFuture<Result<SearchAnswer>> Memory::similarDocuments(const OwnerId &owner,
                                                       const DocumentId &document,
                                                       int limit)
{
    return d->withEngine<SearchAnswer>(
        d->searchers, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.searches().similarDocuments(owner, document, limit, isCancelled);
        });
}

QFuture<Result<RecallCheck>> Memory::measureRecall(const OwnerId &owner)
{
    return d->forOwnerWithEngine<RecallCheck>(
        d->searchers,
        owner,
        [owner, profile = d->config.search.hnswProfile](Engine &engine,
                                                        const std::function<bool()> &isCancelled) {
            const auto inTransaction = [&](const eval::RecallWork &work) {
                return search::readOnPool(
                    engine.operations(), "measure_recall", owner, isCancelled, work);
            };
            return eval::measureOwnerRecall(
                inTransaction, engine.embedder(), owner, profile, isCancelled);
        });
}

// Files ------------------------------------------------------------------------------------------

QFuture<Result<IngestBatchId>> Memory::ingest(const IngestRequest &request)
{
    const auto open = d->current();
    return open ? open->ingest().enqueue(request)
                : ready(Result<IngestBatchId>(Private::notOpen()));
}

QFuture<Result<QList<IngestFile>>> Memory::planIngest(const IngestRequest &request)
{
    const auto open = d->current();
    return open ? open->ingest().plan(request)
                : ready(Result<QList<IngestFile>>(Private::notOpen()));
}

QFuture<Result<>> Memory::cancelIngest(const OwnerId &owner, const IngestBatchId &batch)
{
    const auto open = d->current();
    return open ? open->ingest().cancel(owner, batch) : ready(Result<>(Private::notOpen()));
}

QFuture<Result<qint64>> Memory::retryIngest(const OwnerId &owner, const QList<IngestFileId> &files)
{
    const auto open = d->current();
    return open ? open->ingest().retry(owner, files) : ready(Result<qint64>(Private::notOpen()));
}

QFuture<Result<QList<IngestFile>>> Memory::recentIngestFiles(const OwnerId &owner, int limit)
{
    if (auto ok = limits::checkLimit(limit, limits::kPageLimit); !ok)
        return ready(Result<QList<IngestFile>>(ok.error()));
    return d->forOwner(Access::Read, "recent_files", owner, [owner, limit](Session &session) {
        return ingest::recentFiles(session, owner, limit);
    });
}

QFuture<Result<qint64>> Memory::clearIngestHistory(const OwnerId &owner)
{
    return d->forOwner(Access::Write, "clear_files", owner, [owner](Session &session) {
        return ingest::clearFinished(session, owner);
    });
}

// Embeddings -------------------------------------------------------------------------------------

QFuture<Result<EmbeddingStatus>> Memory::embeddingStatus(const OwnerId &owner)
{
    const auto open = d->current();
    if (!open)
        return ready(Result<EmbeddingStatus>(Private::notOpen()));
    return open->operations().run(Access::Read, [open = open.get(), owner](Session &session) {
        return embed::embeddingStatus(session, open->embedder(), owner);
    });
}

QFuture<Result<qint64>> Memory::processPendingEmbeddings(const PendingEmbeddings &request)
{
    return d->withEngine<qint64>(
        d->workers, [request](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.embeddings().process(request, isCancelled);
        });
}

QFuture<Result<qint64>> Memory::retryEmbeddings(const EmbeddingRetry &request)
{
    const auto open = d->current();
    if (!open)
        return ready(Result<qint64>(Private::notOpen()));
    return open->operations().run(
        Access::Write, [open = open.get(), request](Session &session) -> Result<qint64> {
            auto retried = embed::retryFailed(session, open->embedder().modelId(), request);
            if (retried && *retried > 0)
                open->embeddings().wake();
            return retried;
        });
}

QFuture<Result<QList<FailedEmbedding>>> Memory::failedEmbeddings(const OwnerId &owner,
                                                                 int limit,
                                                                 int offset)
{
    if (auto ok = checkOwner(owner); !ok)
        return ready(Result<QList<FailedEmbedding>>(ok.error()));
    const auto open = d->current();
    if (!open)
        return ready(Result<QList<FailedEmbedding>>(Private::notOpen()));
    return open->operations().run(
        Access::Read, [open = open.get(), owner, limit, offset](Session &session) {
            return embed::failedJobs(session, open->embedder().modelId(), owner, limit, offset);
        });
}

Result<> Memory::startBackgroundProcessing(int intervalSeconds, int batchSize)
{
    const auto open = d->current();
    if (!open)
        return Private::notOpen();
    return open->embeddings().start(std::chrono::seconds(intervalSeconds), batchSize);
}

void Memory::stopBackgroundProcessing()
{
    if (const auto open = d->current())
        open->embeddings().stop();
}

} // namespace llmemory
