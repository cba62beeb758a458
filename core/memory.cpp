#include "core/memory.h"

#include "core/base/limits.h"
#include "core/base/logging.h"
#include "core/documents/chunk_repository.h"
#include "core/documents/document_preparer.h"
#include "core/documents/document_repository.h"
#include "core/documents/document_writer.h"
#include "core/engine.h"
#include "core/search/hybrid_search.h"
#include "core/tenants/owner_repository.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMutex>
#include <QPromise>
#include <QThreadPool>

#include <optional>

namespace llmemory {

using db::Access;
using db::Scope;
using db::Session;

namespace {

/// Text around a passage in a preview, each side.
constexpr qsizetype kContextCharacters = 2000;

template <typename T>
QFuture<Result<T>> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

Result<> checkOwner(const OwnerId &id)
{
    return id.isEmpty() ? Result<>(OwnerId::parse({}).error()) : Result<>();
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

} // namespace

struct Memory::Private
{
    explicit Private(MemoryOptions given) : options(std::move(given))
    {
        control.setMaxThreadCount(1);
    }

    const MemoryOptions options;
    QMutex mutex;
    std::shared_ptr<Engine> engine; // guarded by mutex
    std::atomic_bool closing = false;
    QThreadPool control; ///< opening, one at a time
    QThreadPool workers; ///< operations that wait for the database between computing

    std::shared_ptr<Engine> current()
    {
        const QMutexLocker lock(&mutex);
        return engine;
    }

    static Error notOpen()
    {
        return {.kind = ErrorKind::Unavailable,
                .message = QCoreApplication::translate("llmemory::Memory",
                                                       "The database is not open yet."),
                .code = QStringLiteral("not_open")};
    }

    /// One transaction in @p scope on a pool thread.
    template <typename Task, typename Answer = std::invoke_result_t<Task, Session &>>
    QFuture<Answer> transaction(Access access, const char *name, const Scope &scope, Task task)
    {
        const auto open = current();
        if (!open)
            return ready(Answer(notOpen()));
        return open->database().runInTransaction(access, name, scope, std::move(task));
    }

    /// The same for an owner's rows; an empty id is refused.
    template <typename Task, typename Answer = std::invoke_result_t<Task, Session &>>
    QFuture<Answer> forOwner(Access access, const char *name, const OwnerId &owner, Task task)
    {
        if (auto ok = checkOwner(owner); !ok)
            return ready(Answer(ok.error()));
        return transaction(access, name, Scope::owner(owner), std::move(task));
    }

    /// Runs @p work (Engine &, isCancelled → Result<T>) on a worker thread, where it may wait for
    /// the pool.
    template <typename T>
    QFuture<Result<T>> onWorker(
        std::function<Result<T>(Engine &, const std::function<bool()> &)> work)
    {
        const auto open = current();
        if (!open)
            return ready(Result<T>(notOpen()));
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        workers.start([open, promise, work = std::move(work), this] {
            promise->addResult(
                work(*open, [promise, this] { return closing || promise->isCanceled(); }));
            promise->finish();
        });
        return promise->future();
    }
};

Memory::Memory(MemoryOptions options, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(std::move(options)))
{
    qRegisterMetaType<llmemory::IngestFile>();
    qRegisterMetaType<llmemory::IngestProgress>();
    qRegisterMetaType<llmemory::OwnerId>();
}

Memory::~Memory()
{
    close();
}

const MemoryOptions &Memory::options() const
{
    return d->options;
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

    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    d->control.start([this, promise, callbacks] {
        Result<> outcome;
        if (d->closing) {
            outcome = Error::cancelled();
        } else if (!d->current()) {
            auto opened = Engine::open(d->options, callbacks, &d->closing);
            if (opened) {
                const QMutexLocker lock(&d->mutex);
                d->engine = std::move(*opened);
            } else {
                outcome = opened.error();
                logging::error(QStringLiteral("open: %1 %2")
                                   .arg(outcome.error().message, outcome.error().detail));
            }
        }
        promise->addResult(outcome);
        promise->finish();
    });
    return promise->future();
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
    if (engine)
        engine->ingest().stop();
    d->workers.waitForDone();
    engine.reset();
    d->closing = false;
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
    return d->forOwner(Access::Write, "add_owner", id, [this, id, displayName](Session &session) {
        auto owner = tenants::insertOwner(session, id, displayName);
        if (owner)
            emit ownerChanged({});
        return owner;
    });
}

QFuture<Result<Owner>> Memory::renameOwner(const OwnerId &id, const QString &displayName)
{
    if (auto ok = limits::checkDisplayName(displayName); !ok)
        return ready(Result<Owner>(ok.error()));
    return d->forOwner(Access::Write, "rename_owner", id, [id, displayName](Session &session) {
        return tenants::renameOwner(session, id, displayName);
    });
}

QFuture<Result<qint64>> Memory::deleteOwner(const OwnerId &id)
{
    return d->forOwner(Access::Write, "delete_owner", id, [id](Session &session) -> Result<qint64> {
        const QString patience = QStringLiteral("SET LOCAL statement_timeout = '10min'");
        if (auto ok = session.runScript(QStringLiteral("delete_patience"), patience); !ok)
            return ok.error();
        return tenants::deleteOwner(session, id);
    });
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
    return d->onWorker<AddedDocument>([this, input](Engine &engine,
                                                    const std::function<bool()> &isCancelled)
                                          -> Result<AddedDocument> {
        QElapsedTimer timer;
        timer.start();
        const OwnerId owner = input.owner;
        auto prepared = documents::prepareDocument(input);
        if (!prepared)
            return prepared.error();
        auto added = engine.database()
                         .runInTransaction(Access::Write,
                                           "add_document",
                                           Scope::owner(owner),
                                           [&](Session &session) {
                                               return documents::writeDocument(
                                                   session, *prepared, engine.embedder().modelId());
                                           })
                         .result();
        if (!added)
            return added;
        if (input.generateEmbeddings && added->chunksCreated > 0) {
            auto embedded = engine.embeddings().process(owner, added->document.id, isCancelled);
            if (!embedded)
                logging::warning(
                    QStringLiteral("embedding stays pending: %1").arg(embedded.error().message));
            else
                added->document.embeddingsPending -= int(*embedded);
        } else {
            engine.embeddings().wake();
        }
        added->embeddingsPending = std::max(0, added->document.embeddingsPending);
        added->embeddingsCreated = std::max(0, added->chunksCreated - added->embeddingsPending);
        added->processingTimeMs = double(timer.nsecsElapsed()) / 1e6;
        if (added->status != AddStatus::Unchanged)
            emit ownerChanged(owner);
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
                                                  bool includeContent,
                                                  bool includeChunks)
{
    return d->forOwner(
        Access::Read,
        "get_document",
        owner,
        [owner, id, includeContent, includeChunks](Session &session) -> Result<DocumentDetails> {
            DocumentDetails details;
            auto document = documents::findDocument(session, owner, id);
            if (!document)
                return document.error();
            details.document = *document;
            if (includeContent) {
                auto content = documents::documentContent(session, owner, id);
                if (!content)
                    return content.error();
                details.content = *content;
            }
            if (includeChunks) {
                auto chunks = documents::chunksOfDocument(session, owner, id);
                if (!chunks)
                    return chunks.error();
                details.chunks = *chunks;
            }
            return details;
        });
}

QFuture<Result<qint64>> Memory::deleteDocuments(const OwnerId &owner, const QList<DocumentId> &ids)
{
    return d->forOwner(Access::Write, "delete_documents", owner, [owner, ids](Session &session) {
        return documents::deleteDocuments(session, owner, ids);
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
    if (auto ok = query.validate(); !ok)
        return ready(Result<SearchAnswer>(ok.error()));
    const auto open = d->current();
    if (!open)
        return ready(Result<SearchAnswer>(Private::notOpen()));
    SearchQuery clean = query;
    clean.text.remove(QChar(u'\0'));
    return open->database().run(Access::Read, [open = open.get(), clean](Session &session) {
        return search::search(session, open->embedder(), clean);
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
    return open->database().run(Access::Read, [open = open.get(), owner](Session &session) {
        return embed::embeddingStatus(session, open->embedder(), owner);
    });
}

QFuture<Result<qint64>> Memory::processPendingEmbeddings(const OwnerId &owner)
{
    if (auto ok = checkOwner(owner); !ok)
        return ready(Result<qint64>(ok.error()));
    return d->onWorker<qint64>([owner](Engine &engine, const std::function<bool()> &isCancelled) {
        return engine.embeddings().process(owner, std::nullopt, isCancelled);
    });
}

} // namespace llmemory
