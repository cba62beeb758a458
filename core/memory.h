#pragma once

#include "core/base/result.h"
#include "core/documents/document.h"
#include "core/embed/embedding_status.h"
#include "core/ingest/ingest_types.h"
#include "core/memory_options.h"
#include "core/search/search_hit.h"
#include "core/search/search_query.h"
#include "core/tenants/owner.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace llmemory {

/// The front door of the library: every operation of window, command line and endpoint.
///
/// Calls return at once; the future is completed on a worker thread. Use ui::onFinished() or
/// QFuture::result() (never on a GUI thread) to get at it. Cancelling a future cancels the
/// statement that runs for it. Methods may be called from any thread after initialize() has
/// succeeded; before, and after close(), they answer ErrorKind::Unavailable. Signals are emitted
/// from worker threads, so connect them with a context object.
class Memory final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Memory)

public:
    explicit Memory(MemoryOptions options, QObject *parent = nullptr);
    /// Closes.
    ~Memory() override;

    const MemoryOptions &options() const;

    /// Starts the embedded server where one is used, connects, migrates, starts the workers.
    /// Idempotent. Error: Configuration, Unavailable, Database.
    QFuture<Result<>> initialize();
    /// Stops workers (a running file is put back into its batch), waits for running operations and
    /// lets the embedded server go. Blocks, at most about 10 s. Idempotent.
    void close();

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
    /// passages are embedded before the answer; a failure there leaves them pending, never lost.
    /// Error: Validation, Database, Unavailable.
    QFuture<Result<AddedDocument>> addDocument(const DocumentInput &input);
    QFuture<Result<DocumentPage>> listDocuments(const DocumentListQuery &query);
    /// Error: NotFound, also for another owner's document.
    QFuture<Result<DocumentDetails>> document(const OwnerId &owner,
                                              const DocumentId &id,
                                              bool includeContent = false,
                                              bool includeChunks = false);
    /// Deletes these documents of the owner in one transaction; how many there were.
    /// Ids that do not exist, or are another owner's, count as none.
    QFuture<Result<qint64>> deleteDocuments(const OwnerId &owner, const QList<DocumentId> &ids);
    /// A passage with the text around it. Error: NotFound.
    QFuture<Result<Passage>> passage(const OwnerId &owner, const ChunkId &id);

    // Search -------------------------------------------------------------------------------------

    /// Error: Validation, Database, Unavailable, Cancelled. An owner without documents finds
    /// nothing.
    QFuture<Result<SearchAnswer>> search(const SearchQuery &query);

    // Files --------------------------------------------------------------------------------------

    /// Writes a batch down and reads its files in the background; completes once the batch is
    /// known. ingestProgress() and ingestFileChanged() tell how it goes on. Error: Validation,
    /// Unavailable.
    QFuture<Result<IngestBatchId>> ingest(const IngestRequest &request);
    /// The files that ingest() would read, and those it would refuse (Failed, with the reason).
    QFuture<Result<QList<IngestFile>>> planIngest(const IngestRequest &request);
    /// Stops a batch: waiting files become Cancelled, running ones are stopped; stored ones stay.
    QFuture<Result<>> cancelIngest(const OwnerId &owner, const IngestBatchId &batch);
    /// Puts failed or cancelled files back; how many.
    QFuture<Result<qint64>> retryIngest(const OwnerId &owner, const QList<IngestFileId> &files);
    /// Files of batches that are not finished, and the failed ones of finished batches, newest
    /// first.
    QFuture<Result<QList<IngestFile>>> recentIngestFiles(const OwnerId &owner, int limit = 200);
    /// Forgets the owner's finished files; how many rows.
    QFuture<Result<qint64>> clearIngestHistory(const OwnerId &owner);

    // Embeddings ---------------------------------------------------------------------------------

    /// Of one owner, or of all with an empty id (administration: figures only, no text).
    QFuture<Result<EmbeddingStatus>> embeddingStatus(const OwnerId &owner = {});
    /// Embeds what waits for the owner, until nothing is left; how many vectors were written.
    QFuture<Result<qint64>> processPendingEmbeddings(const OwnerId &owner);

signals:
    /// initialize() goes on to another step: "Creating the database (first start)…".
    void startupStep(const QString &message);
    /// A file of a batch of this process changed its state.
    void ingestFileChanged(const llmemory::IngestFile &file);
    /// At most every 100 ms per batch, and once more when it has finished.
    void ingestProgress(const llmemory::IngestProgress &progress);
    /// Documents or counts of an owner changed; an empty id: the list of owners itself.
    void ownerChanged(const llmemory::OwnerId &owner);
    /// The database stopped answering, or answers again (empty @p reason).
    void databaseUnavailable(const QString &reason);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory

Q_DECLARE_METATYPE(llmemory::OwnerId)
