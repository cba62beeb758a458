#pragma once

#include "core/base/ids.h"

#include <QList>
#include <QString>

namespace llmemory {

/// A passage that was given up after the last attempt; a retry brings it back.
struct FailedEmbedding
{
    DocumentId document;
    ChunkId chunk;
    QString documentName;
    QString excerpt; ///< beginning of the passage, at most 200 characters
    QString reason;  ///< of the last attempt, for people
    int attempts = 0;
};

/// Which dead jobs to bring back.
struct EmbeddingRetry
{
    OwnerId owner = {};               ///< empty = of all owners
    QList<DocumentId> documents = {}; ///< empty = of all documents; only with an owner
    QList<ChunkId> chunks = {};       ///< empty = all passages; only with an owner
};

} // namespace llmemory
