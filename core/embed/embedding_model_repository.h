#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"

namespace llmemory::embed {

/// Name of the vector table of a model: "embeddings_" + id with "-" as "_". Pure.
QString vectorTableName(const QString &modelId);

/// Makes the model known and creates its vector table with its row-level security, where missing.
/// Large owners get their vector index later, see vector_index_keeper.h. Run with the
/// administrator's connection, after the migrations; idempotent, safe when two programs start at
/// once. Which model is in use stays as it is, see activateModel().
/// @param ownerRole  role that shall own the table; empty = the connected user
/// @param appRole    role that is granted use of it; empty = nobody
/// Error: Configuration when id or dimension are out of range, or the id is known with another
/// dimension.
Result<> ensureModel(db::Session &session,
                     const Embedder &embedder,
                     const QString &ownerRole,
                     const QString &appRole);

// What activateModel() consists of. On a pool thread; the session's names must be those of the
// model's vector table.

/// Whether every passage of the schema has, or waits for, a vector of this model: the one that was
/// activated last.
Result<bool> isActiveModel(db::Session &session, const QString &modelId);
/// The model becomes the active one of the schema. Error: NotFound before ensureModel().
Result<> setActiveModel(db::Session &session, const QString &modelId);
/// Owners with passages, by id, beginning behind @p after; at most @p most.
Result<QList<OwnerId>> ownersWithPassages(db::Session &session, const OwnerId &after, int most);
/// Queues searched passages of an owner that have neither a vector of the model nor a job for it,
/// and drops the owner's jobs for other models. One transaction; run again until it answers 0.
/// @param most  at most so many in this transaction
/// @return jobs queued.
Result<qint64> queueMissing(db::Session &session,
                            const QString &modelId,
                            const OwnerId &owner,
                            int most);

} // namespace llmemory::embed
