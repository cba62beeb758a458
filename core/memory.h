#pragma once

#include "core/base/result.h"
#include "core/config.h"
#include "core/db/database_manager.h"
#include "core/documents/document.h"
#include "core/embed/embedding_status.h"
#include "core/embed/failed_embedding.h"
#include "core/embed/pending_embeddings.h"
#include "core/eval/notebook_report.h"
#include "core/eval/recall_check.h"
#include "core/ingest/ingest_types.h"
#include "core/migrate/schema_status.h"
#include "core/search/history/search_record.h"
#include "core/search/query_router.h"
#include "core/search/saved/saved_search.h"
#include "core/search/search_hit.h"
#include "core/search/search_query.h"
#include "core/tenants/owner.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace llmemory {

/// The front door of the library: every operation of window, command line, endpoint and of programs
/// that embed it.
///
/// Calls return at once; the future is completed on a worker thread. Use a QFutureWatcher or
/// QFuture::result() (never on a GUI thread) to get at it; no QFuture::then() where the future may
/// be cancelled: Qt 6.4 follows pointers to continuations that are gone. Cancelling a future
/// cancels the statement that runs for it; a cancelled future has no result. Methods may be called
/// from any thread after initialize() has succeeded; before, and after close(), they answer
/// ErrorKind::Unavailable with code "not_open". Signals are emitted from worker threads, so connect
/// them with a context object.
///
/// Errors of every operation, besides those it names: Validation with the field for input out of
/// its limits (an owner that is empty, too), Database with the SQLSTATE, Conflict after a
/// transaction lost against others several times, Unavailable, Cancelled. An id of another owner
/// answers exactly as one that does not exist.
class Memory final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Memory)

public:
    /// Standalone: connects by itself, to the database of the configuration or to the embedded one,
    /// with a pool of its own, and closes that.
    explicit Memory(Config config, QObject *parent = nullptr);
    /// In a parent program's pool: uses the manager's pool and schema, closes nothing but its own
    /// work. Several of them with schemas of their own may share a pool. Config::database counts
    /// only in runMigrations.
    explicit Memory(const db::DatabaseManager &database,
                    Config config = {},
                    QObject *parent = nullptr);
    /// Closes.
    ~Memory() override;

    /// Makes a standalone Memory and initializes it. Blocks: not on a GUI thread. Errors as
    /// initialize().
    static Result<std::unique_ptr<Memory>> open(Config config);

    /// As given; a data directory that was empty is filled in.
    const Config &config() const;
    /// The pool and the schema that this Memory works with, for health checks and for tables of the
    /// program's own (Config::migrations). Its tasks end with the pool. Error: Unavailable
    /// "not_open".
    Result<db::DatabaseManager> databaseManager() const;

    /// Starts the embedded server where one is used, connects, migrates, starts the workers.
    /// Idempotent. Cancelling its future does not stop it; close() does. Error: Configuration,
    /// Unavailable, Permission, Database; Configuration with code "schema_outdated" when migrations
    /// are missing and are not to be run.
    QFuture<Result<>> initialize();
    /// Cancels running operations, stops workers (a running file is put back into its batch) and
    /// lets the embedded server go. Blocks, at most about 10 s. Not from a continuation of one of
    /// its futures. Idempotent; initialize() opens again.
    void close();

    // Migrations by hand; these three need no initialize() ----------------------------------------

    /// Which migrations the schema has, ours and those of Config::migrations. Changes nothing.
    QFuture<Result<migrate::SchemaStatus>> migrationStatus();
    /// What applyMigrations() would run, in order and with its SQL. Changes nothing.
    QFuture<Result<migrate::MigrationPlan>> planMigrations();
    /// Applies what is missing; how many. A failure keeps what was applied before it.
    QFuture<Result<int>> applyMigrations();

    // Tenants ------------------------------------------------------------------------------------

    /// All tenants by display name.
    QFuture<Result<QList<Owner>>> listOwners();
    /// Error: NotFound.
    QFuture<Result<Owner>> owner(const OwnerId &id);
    /// @param displayName  empty = the id. Error: Conflict when it exists.
    QFuture<Result<Owner>> addOwner(const OwnerId &id, const QString &displayName = {});
    /// Changes what people see; the id stays. Error: NotFound, Validation.
    QFuture<Result<Owner>> renameOwner(const OwnerId &id, const QString &displayName);
    /// Deletes the tenant with everything it has; the number of documents deleted. Error: NotFound.
    QFuture<Result<qint64>> deleteOwner(const OwnerId &id);
    /// Error: NotFound.
    QFuture<Result<OwnerStatistics>> statistics(const OwnerId &id, bool includeBreakdown = true);

    // Documents ----------------------------------------------------------------------------------

    /// Adds or replaces a document in one transaction; creates the owner when it is new. Does
    /// nothing when text, name, type, date and metadata are the same. With generateEmbeddings its
    /// passages are embedded before the answer; a failure there leaves them pending, never lost,
    /// and stands in AddedDocument::embeddingError.
    QFuture<Result<AddedDocument>> addDocument(const DocumentInput &input);
    QFuture<Result<DocumentPage>> listDocuments(const DocumentListQuery &query);
    /// Error: NotFound.
    QFuture<Result<DocumentDetails>> document(const OwnerId &owner,
                                              const DocumentId &id,
                                              const DocumentParts &parts = {});
    /// Changes name, date or metadata without touching text, passages and vectors. Error: NotFound.
    QFuture<Result<Document>> updateDocument(const OwnerId &owner,
                                             const DocumentId &id,
                                             const DocumentChange &change);
    /// Error: NotFound.
    QFuture<Result<>> deleteDocument(const OwnerId &owner, const DocumentId &id);
    /// Deletes documents of the owner in one transaction; the ids that were deleted.
    /// Ids that do not exist, or are another owner's, are left out of the answer.
    QFuture<Result<QList<DocumentId>>> deleteDocuments(const OwnerId &owner,
                                                       const DocumentSelection &selection);
    /// Error: NotFound.
    QFuture<Result<ChunkPage>> documentChunks(const ChunkListQuery &query);
    /// Chunks of both levels. Error: NotFound.
    QFuture<Result<qint64>> chunkCount(const OwnerId &owner, const DocumentId &id);
    /// A passage with the text around it. Error: NotFound.
    QFuture<Result<Passage>> passage(const OwnerId &owner, const ChunkId &id);

    // Search -------------------------------------------------------------------------------------

    /// An owner without documents finds nothing.
    QFuture<Result<SearchAnswer>> search(const SearchQuery &query);
    /// The same with the documents of the hits, each once.
    /// @param includeMetadata  false leaves the documents' metadata out.
    QFuture<Result<DocumentSearchAnswer>> searchWithDocuments(const SearchQuery &query,
                                                              bool includeMetadata = true);
    /// Judges first whether the owner's documents can answer the query at all.
    QFuture<Result<RoutedAnswer>> searchWithRouting(const RoutedQuery &query);
    /// Passages near this one in meaning, or, as long as it has no vector, in its words; the note
    /// says so.
    /// @param limit  1-200. @param sameDocument  whether others of its own document count.
    /// Error: NotFound.
    QFuture<Result<SearchAnswer>> similarPassages(const OwnerId &owner,
                                                  const ChunkId &chunk,
                                                  int limit = 10,
                                                  bool sameDocument = false);
    /// The same of documents: each by its nearest passage, SearchHit::morePassages says how many
    /// others of it are near.
    QFuture<Result<SearchAnswer>> similarDocuments(const OwnerId &owner,
                                                   const DocumentId &document,
                                                   int limit = 10);
    /// Tries searches by meaning with vectors of the owner's own passages, and compares what they
    /// find with all passages: seconds for an owner with many. Error: NotFound.
    QFuture<Result<RecallCheck>> measureRecall(const OwnerId &owner);

    // What is kept of searches
    // ---------------------------------------------------------------------

    /// What the owner searched for, newest first. @param limit  1-200. @param offset  not negative.
    QFuture<Result<SearchHistoryPage>> searchHistory(const OwnerId &owner,
                                                     int limit = 20,
                                                     int offset = 0);
    /// Forgets the owner's searches; how many.
    QFuture<Result<qint64>> clearSearchHistory(const OwnerId &owner);
    /// May come right after the search. Good and bad also make the search a test query of the
    /// owner's notebook. Error: NotFound where the owner has no such search in the history, or the
    /// passage is none of its first 20 results.
    QFuture<Result<>> giveFeedback(const SearchFeedback &feedback);
    /// The owner's test queries, newest first. Clearing the history keeps them. @param limit
    /// 1-200. @param offset  not negative.
    QFuture<Result<NotebookPage>> notebook(const OwnerId &owner, int limit = 20, int offset = 0);
    /// Takes a test query out, with its judgements. Error: NotFound.
    QFuture<Result<>> removeFromNotebook(const OwnerId &owner, const NotebookQueryId &query);
    /// Searches for every test query in each mode and compares with the report before. Error:
    /// Conflict with code "notebook_empty" where no result was judged good.
    QFuture<Result<NotebookComparison>> notebookReport(const OwnerId &owner);

    /// By name. @param limit  1-200. @param offset  not negative.
    QFuture<Result<SavedSearchPage>> savedSearches(const OwnerId &owner,
                                                   int limit = 20,
                                                   int offset = 0);
    /// Error: NotFound.
    QFuture<Result<SavedSearch>> savedSearch(const OwnerId &owner, const SavedSearchId &id);
    /// The one of this name. Error: NotFound.
    QFuture<Result<SavedSearch>> savedSearch(const OwnerId &owner, const QString &name);
    /// Keeps a search. Error: Validation; NotFound where there is no such owner; Conflict with code
    /// "name_taken".
    QFuture<Result<SavedSearch>> saveSearch(const SavedSearchInput &input);
    /// Gives a saved search another name and request. Error: as saveSearch(); NotFound.
    QFuture<Result<SavedSearch>> replaceSavedSearch(const SavedSearchId &id,
                                                    const SavedSearchInput &input);
    /// Error: NotFound.
    QFuture<Result<>> deleteSavedSearch(const OwnerId &owner, const SavedSearchId &id);
    /// Searches. Error: NotFound; else as search().
    QFuture<Result<SearchAnswer>> runSavedSearch(const SavedSearchRun &run);

    // Files --------------------------------------------------------------------------------------

    /// Writes a batch down and reads its files in the background; completes once the batch is
    /// known. ingestProgress() and ingestFileChanged() tell how it goes on.
    QFuture<Result<IngestBatchId>> ingest(const IngestRequest &request);
    /// The files that ingest() would read, and those it would refuse (Failed, with the reason).
    QFuture<Result<QList<IngestFile>>> planIngest(const IngestRequest &request);
    /// Stops a batch: waiting files become Cancelled, running ones are stopped; stored ones stay.
    QFuture<Result<>> cancelIngest(const OwnerId &owner, const IngestBatchId &batch);
    /// Puts failed or cancelled files back; how many.
    QFuture<Result<qint64>> retryIngest(const OwnerId &owner, const QList<IngestFileId> &files);
    /// Files of batches that are not finished, and the failed ones of finished batches, newest
    /// first. @param limit  1-200.
    QFuture<Result<QList<IngestFile>>> recentIngestFiles(const OwnerId &owner, int limit = 200);
    /// Forgets the owner's finished files; how many rows.
    QFuture<Result<qint64>> clearIngestHistory(const OwnerId &owner);

    // Embeddings ---------------------------------------------------------------------------------

    /// Of one owner, or of all with an empty id (administration: figures only, no text).
    QFuture<Result<EmbeddingStatus>> embeddingStatus(const OwnerId &owner = {});
    /// Embeds what waits, as far as the request goes; how many vectors were written. Error: the
    /// first failure of the model; what it could not embed is back in the queue.
    QFuture<Result<qint64>> processPendingEmbeddings(const PendingEmbeddings &request);
    /// Puts embeddings that were given up back into the queue; how many.
    QFuture<Result<qint64>> retryEmbeddings(const EmbeddingRetry &request = {});
    /// Embeddings that were given up, with the reason of each. @param limit  1-200. @param offset
    /// 0-10,000.
    QFuture<Result<QList<FailedEmbedding>>> failedEmbeddings(const OwnerId &owner,
                                                             int limit = 20,
                                                             int offset = 0);
    /// Lets a background thread embed what is queued; initialize() does so where
    /// Config::Embedding::background says so. Nothing when it runs already. Error: Validation.
    Result<> startBackgroundProcessing(int intervalSeconds = 60, int batchSize = 64);
    /// Ends the thread after the batch it is at. Blocks until then. Nothing when it does not run.
    void stopBackgroundProcessing();

Q_SIGNALS: // programs may have switched the keyword off
    /// initialize() goes on to another step: "Creating the database (first start)…".
    void startupStep(const QString &message);
    /// A file of a batch of this process changed its state.
    void ingestFileChanged(const llmemory::IngestFile &file);
    /// At most every 100 ms per batch, and once more when it has finished.
    void ingestProgress(const llmemory::IngestProgress &progress);
    /// Documents or counts of an owner changed; an empty id: the list of owners itself.
    void ownerChanged(const llmemory::OwnerId &owner);
    /// The database stopped answering, or answers again (empty @p reason). Not with a shared pool,
    /// which tells its parent.
    void databaseUnavailable(const QString &reason);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory

Q_DECLARE_METATYPE(llmemory::OwnerId)
