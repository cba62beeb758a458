#pragma once

#include "core/db/session.h"
#include "core/ingest/ingest_options.h"

#include <QUuid>

#include <optional>

namespace llmemory::ingest {

// The tables ingest_batches and ingest_files. Unless said otherwise, functions run in a transaction
// of the owner's scope; all on a pool thread.

/// A batch belongs to a program for this long unless it is renewed; then another may take it over.
inline constexpr int kBatchLeaseSeconds = 20;
/// A file that was being read this often when its program died is not tried again.
inline constexpr int kMostDeaths = 3;

/// A batch that a program works on.
struct LeasedBatch
{
    OwnerId owner;
    IngestBatchId batch;
    IngestOptions options;
};

/// Writes a batch with its files, in bulk.
Result<> insertBatch(db::Session &session,
                     const LeasedBatch &batch,
                     const QString &host,
                     const QUuid &lease,
                     const QList<IngestFile> &files);
/// Counts of the files by state.
Result<IngestProgress> batchProgress(db::Session &session,
                                     const OwnerId &owner,
                                     const IngestBatchId &batch);
/// The next waiting file, now running; nothing when none waits.
Result<std::optional<IngestFile>> claimFile(db::Session &session,
                                            const OwnerId &owner,
                                            const IngestBatchId &batch);
/// Stores a file's state, document, chunks and error.
Result<> updateFile(db::Session &session, const IngestFile &file);
/// Puts a running file back, costing no attempt.
Result<> returnFile(db::Session &session, const IngestFile &file);
/// Waiting files become cancelled; how many.
Result<qint64> cancelWaiting(db::Session &session,
                             const OwnerId &owner,
                             const IngestBatchId &batch);
/// Marks a batch as done when no file waits or runs.
Result<> finishBatch(db::Session &session, const OwnerId &owner, const IngestBatchId &batch);
/// Puts failed and cancelled files back and leases their batches; the batches.
Result<QList<LeasedBatch>> retryFiles(db::Session &session,
                                      const OwnerId &owner,
                                      const QList<IngestFileId> &files,
                                      const QString &host,
                                      const QUuid &lease,
                                      qint64 *count);
/// Unfinished files and failed ones, unfinished first, then newest.
Result<QList<IngestFile>> recentFiles(db::Session &session, const OwnerId &owner, int limit);
/// Deletes batches that are finished; files forgotten.
Result<qint64> clearFinished(db::Session &session, const OwnerId &owner);

/// Renews all batches of a lease. In a transaction of the queue's scope.
Result<> renewLease(db::Session &session, const QUuid &lease);
/// Gives all batches of a lease up at once. In a transaction of the queue's scope.
Result<> releaseLease(db::Session &session, const QUuid &lease);
/// Takes over batches of this host whose lease has run out. In a transaction of the queue's scope.
Result<QList<LeasedBatch>> adoptBatches(db::Session &session,
                                        const QString &host,
                                        const QUuid &lease);
/// After adopting: running files wait again, or fail after kMostDeaths.
Result<> resetRunning(db::Session &session, const OwnerId &owner, const IngestBatchId &batch);

} // namespace llmemory::ingest
