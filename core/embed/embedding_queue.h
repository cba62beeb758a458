#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/embed/embedding_status.h"

#include <QUuid>

#include <optional>

namespace llmemory::embed {

/// What the model gets to see of a passage; the stored text is the same.
enum class PassageText {
    Plain,      ///< the passage
    Contextual, ///< after name and type of its document: "Document: …\nType: …\n\n"
};

/// A passage leased for embedding.
struct EmbeddingJob
{
    OwnerId owner;
    ChunkId chunk;
    QString content; ///< for the model
};

/// Which jobs to claim.
struct ClaimRequest
{
    QString model;                                     ///< id of the embedder
    OwnerId owner;                                     ///< empty = the owner whose job is due first
    std::optional<DocumentId> document = std::nullopt; ///< only with an owner
    int most = 64;
    PassageText text = PassageText::Plain;
};

/// A lease on some jobs of one owner. A part of its jobs is a lease as well.
struct EmbeddingLease
{
    QUuid token;
    OwnerId owner;
    QList<EmbeddingJob> jobs;
};

// The queue: at least once, effect of once. A leased job is not due for kLeaseSeconds; when its
// worker died, it becomes due again by itself. Only the database's clock counts. On a pool thread.

inline constexpr int kLeaseSeconds = 120;
/// Tries before a job is dead, listed with its reason until somebody asks for a retry.
inline constexpr int kMostAttempts = 8;

/// Leases jobs that are due, oldest first, and reads their texts. An empty owner in the answer: no
/// job is due; an owner without jobs: somebody else was faster, ask again. Short transactions of
/// its own, none is left open.
Result<EmbeddingLease> claimJobs(db::Session &session, const ClaimRequest &request);
/// Prolongs the lease: kLeaseSeconds from now.
Result<> renewJobs(db::Session &session, const EmbeddingLease &lease);
/// Stores vectors and ends the jobs, in one transaction. Vectors of chunks that are gone or whose
/// lease was lost are dropped. @param vectors  one a job, in order. @return vectors stored.
Result<qint64> finishJobs(db::Session &session,
                          const EmbeddingLease &lease,
                          const std::vector<Vector> &vectors);
/// Puts the jobs back: due again after a random pause that doubles with each attempt (at most 300
/// s), dead after @p mostAttempts (1 = at once).
Result<> failJobs(db::Session &session,
                  const EmbeddingLease &lease,
                  const QString &reason,
                  int mostAttempts = kMostAttempts);
/// Gives jobs back unused, at once due, costing no attempt.
Result<> returnJobs(db::Session &session, const EmbeddingLease &lease);

/// Figures of one owner, or of all with an empty id (vectors are then not counted per owner).
Result<EmbeddingStatus> embeddingStatus(db::Session &session,
                                        const Embedder &embedder,
                                        const OwnerId &owner);

} // namespace llmemory::embed
