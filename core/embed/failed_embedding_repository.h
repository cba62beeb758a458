#pragma once

#include "core/db/session.h"
#include "core/embed/failed_embedding.h"

namespace llmemory::embed {

// Dead jobs of the embedding queue: listed with their reason until somebody asks for a retry or
// deletes the document. Short transactions of their own; on a pool thread.

/// Dead jobs of an owner for a model, by document name and then in the order of the text.
/// @param limit  1-200. @param offset  0-10,000. Error: Validation.
Result<QList<FailedEmbedding>> failedJobs(
    db::Session &session, const QString &modelId, const OwnerId &owner, int limit, int offset);

/// Makes dead jobs due again, at once and with all their attempts; how many. Ids that do not exist,
/// are another owner's or not dead count as none. Error: Validation for ids without an owner.
Result<qint64> retryFailed(db::Session &session,
                           const QString &modelId,
                           const EmbeddingRetry &request);

} // namespace llmemory::embed
