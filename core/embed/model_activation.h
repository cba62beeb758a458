#pragma once

#include "core/db/database_manager.h"
#include "core/embed/embedder.h"

namespace llmemory::embed {

/// Puts a model into use: when it is not the schema's active one, every owner's passages without a
/// vector of it are queued, each owner in transactions of its own, and then it becomes active. What
/// an interrupted run has done stays done, and the next one goes on. Documents are found by their
/// words meanwhile, and by meaning as their vectors are made. The old model's vectors stay, so that
/// going back costs little. Almost free when the model is active already.
/// Blocks; on any thread that is not of the pool. @p database is one on the model's vector table.
/// @return jobs queued. Error: Database, Unavailable, Cancelled.
Result<qint64> activateModel(const db::DatabaseManager &database,
                             const QString &modelId,
                             const CancelTest &isCancelled);

} // namespace llmemory::embed
