#pragma once

#include <QString>

namespace llmemory {

/// The embedding queue at a glance.
struct EmbeddingStatus
{
    QString model; ///< id of the active model
    int dimension = 0;
    qint64 pending = 0;  ///< waiting or leased
    qint64 failed = 0;   ///< given up after the last attempt; retry brings them back
    qint64 embedded = 0; ///< vectors of the active model
};

} // namespace llmemory
