#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"
#include "core/embed/embedder.h"

#include <QString>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace llmemory::embed {

/// Owners with at most this many passages are searched exactly, without an index: full recall in
/// about 0.45 ms per 1,000 passages of 512 dimensions (measured, halfvec, warm).
inline constexpr qint64 kExactPassages = 10'000;

/// Which owners get an HNSW index of their own.
struct VectorIndexLimits
{
    qint64 buildAbove = kExactPassages;    ///< passages; more than that: an index is built
    qint64 dropBelow = kExactPassages / 2; ///< passages; fewer: it is dropped
    /// An owner whose passages still wait for vectors is left alone up to this many passages, and
    /// above while these are more than a quarter of all: an index built at the end of a large
    /// import costs a third of one that grows with it.
    qint64 waitBelow = 10 * kExactPassages;
    /// Nor is one built while the owner's documents of the last minute have more than this share of
    /// its passages: what comes during a build goes into the index one by one (measured: 120,000
    /// passages in 5 minutes, with 50,000 more coming meanwhile in 14).
    double growingShare = 0.02;
};

/// What a pass over the vector indexes did.
struct VectorIndexChanges
{
    int built = 0;
    int dropped = 0;
    int measured = 0; ///< see measureVectorIndex()
    int waiting = 0;  ///< owners that get an index when their imports are through
};

/// Name of the HNSW index of an owner's vectors: the table's and a hash of the owner, at most 63
/// bytes.
QString vectorIndexName(const QString &table, const OwnerId &owner);
/// The same with its schema, quoted: as to_regclass() and statements take it.
QString vectorIndexIdentifier(const db::SqlNames &names, const OwnerId &owner);

/// Gives each large owner an HNSW index over its own vectors, and takes it away where it is not
/// needed: one index over all owners loses rows of those who are few among the others (measured on
/// 200,000 vectors: an owner of 20 % has recall@10 0.96 in 16 ms through it, 0.99 in 4 ms through
/// its own). A shared index of older versions goes once the large owners have theirs. Nobody is
/// locked out meanwhile; until an index is there the owner is searched exactly.
/// The session names the model's vector table; its user owns the table. Outside a transaction;
/// blocks for as long as the indexes take (about 0.5 to 1 ms a vector). Several programs may do it
/// at once. A cancelled session stops between indexes; an unfinished one is made anew by the next
/// pass. Error: Database, Unavailable, Cancelled.
/// @param embedder  to measure how far indexes have to be searched, which is kept in their
///        comments; once, and again when the owner has half as many passages more or less. Null:
///        nothing is measured. Where it fails, the next pass tries again.
Result<VectorIndexChanges> keepVectorIndexes(db::Session &session,
                                             HnswProfile profile,
                                             const VectorIndexLimits &limits = {},
                                             const Embedder *embedder = nullptr);

/// Does keepVectorIndexes() in the background, on a thread of its own: at the start and some time
/// after wake().
class VectorIndexKeeper final
{
public:
    /// @param database  on the model's vector table, as the tables' owner; a build occupies one of
    ///        its connections.
    VectorIndexKeeper(db::DatabaseManager database,
                      std::shared_ptr<const Embedder> embedder,
                      HnswProfile profile,
                      const VectorIndexLimits &limits = {});
    /// Stops: a build that runs is given up.
    ~VectorIndexKeeper();
    Q_DISABLE_COPY_MOVE(VectorIndexKeeper)

    /// Vectors were stored or deleted. Any thread.
    void wake();

private:
    void run();
    Result<VectorIndexChanges> pass();

    const db::DatabaseManager m_database;
    const std::shared_ptr<const Embedder> m_embedder;
    const HnswProfile m_profile;
    const VectorIndexLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_woken = true; // guarded by m_mutex
    std::atomic_bool m_stopping = false;
    std::thread m_thread;
};

} // namespace llmemory::embed
