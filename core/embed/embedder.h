#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <vector>

namespace llmemory::embed {

/// A unit-length vector.
using Vector = std::vector<float>;

/// Turns texts into vectors whose inner product says how near they are in meaning.
/// Implementations are safe to call from many threads at once.
class Embedder
{
public:
    Embedder() = default;
    virtual ~Embedder() = default;
    Q_DISABLE_COPY_MOVE(Embedder)

    /// Stable id of model and version, `[a-z0-9_-]{1,40}`; vectors of different ids are never
    /// mixed.
    virtual QString modelId() const = 0;
    /// Length of every vector, 1-4,000 (what pgvector's HNSW takes as halfvec).
    virtual int dimension() const = 0;
    /// One vector a text, in order. Error: Embedding, Unavailable.
    virtual Result<std::vector<Vector>> embedDocuments(const QList<QString> &texts) const = 0;
    /// The vector of a query. Error: Embedding, Unavailable.
    virtual Result<Vector> embedQuery(const QString &text) const = 0;
};

} // namespace llmemory::embed
