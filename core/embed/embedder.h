#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <functional>
#include <vector>

namespace llmemory::embed {

/// A unit-length vector.
using Vector = std::vector<float>;

/// Whether the caller has lost interest. Asked several times a second by the thread that waits.
using CancelTest = std::function<bool()>;

/// Turns texts into vectors whose inner product says how near they are in meaning.
/// Implementations are safe to call from many threads at once.
///
/// What the errors mean to the queue:
/// - Unavailable: later may work. With Error::retryAfterS the model is left alone for so long and
///   no job is the worse for it; without, the jobs are tried again, a limited number of times.
/// - Configuration, or Embedding with code "provider_auth": nothing works until somebody acts; the
///   jobs wait, as above.
/// - Embedding with code "text_refused": one of the texts cannot be embedded, ever.
/// - Embedding otherwise: the answer was of no use.
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
    /// Where the model runs, for people: "builtin", "openai" or, of a program's own, "custom".
    virtual QString providerType() const { return QStringLiteral("custom"); }
    /// The model's own name, for people.
    virtual QString modelName() const { return modelId(); }
    /// How much the vector leg weighs in a hybrid search of balance, between 0 (words alone) and 1
    /// (meaning alone): what measuring found best for the model.
    virtual double hybridBalance() const { return 0.5; }
    /// Whether a query's vector is there sooner than any answer of the database: a search then
    /// makes it before it looks for words, else meanwhile.
    virtual bool isImmediate() const { return false; }
    /// One vector a text, in order.
    virtual Result<std::vector<Vector>> embedDocuments(const QList<QString> &texts) const = 0;
    /// The vector of a query.
    virtual Result<Vector> embedQuery(const QString &text) const = 0;

    // The same, given up within a moment when @p isCancelled says so (Error: Cancelled). A model
    // that answers at once need not override them.

    virtual Result<std::vector<Vector>> embedDocumentsUnless(const CancelTest &isCancelled,
                                                             const QList<QString> &texts) const
    {
        Q_UNUSED(isCancelled)
        return embedDocuments(texts);
    }
    virtual Result<Vector> embedQueryUnless(const CancelTest &isCancelled,
                                            const QString &text) const
    {
        Q_UNUSED(isCancelled)
        return embedQuery(text);
    }
};

} // namespace llmemory::embed
