#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"

#include <QDateTime>
#include <QMap>
#include <QString>

namespace llmemory {

/// A tenant.
struct Owner
{
    OwnerId id;
    QString displayName; ///< what people see; the id's text until renamed
    qint64 documentCount = 0;
    qint64 chunkCount = 0; ///< searchable passages (children; parents not counted)
    QDateTime createdAt;   ///< UTC
    QDateTime updatedAt;   ///< UTC
};

/// Figures of one tenant.
struct OwnerStatistics
{
    OwnerId owner;
    qint64 documentCount = 0;
    qint64 chunkCount = 0;     ///< searchable passages
    qint64 totalSizeBytes = 0; ///< UTF-8 bytes of the stored texts, each document once
    qint64 embeddingsPending = 0;
    qint64 embeddingsFailed = 0;
    QMap<QString, qint64> documentsByType; ///< empty unless asked for
    QDateTime firstCreatedAt;              ///< UTC; invalid without documents
    QDateTime lastCreatedAt;               ///< UTC; invalid without documents
};

} // namespace llmemory
