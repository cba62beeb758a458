#pragma once

#include "core/db/session.h"
#include "core/embed/embedder.h"

namespace llmemory::embed {

/// Name of the vector table of a model: "embeddings_" + id with "-" as "_". Pure.
QString vectorTableName(const QString &modelId);

/// Makes the model known and creates its vector table with its index and its row-level security,
/// where missing. Run with the administrator's connection, after the migrations; idempotent, safe
/// when two programs start at once.
/// @param ownerRole  role that shall own the table; empty = the connected user
/// @param appRole    role that is granted use of it; empty = nobody
/// Error: Configuration when the id is known with another dimension.
Result<> ensureModel(db::Session &session,
                     const Embedder &embedder,
                     const QString &ownerRole,
                     const QString &appRole);

} // namespace llmemory::embed
