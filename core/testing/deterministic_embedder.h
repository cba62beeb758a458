#pragma once

#include "core/embed/embedder.h"

#include <condition_variable>
#include <mutex>

namespace llmemory::testing {

/// A model for tests, quick and with nothing to install: every word, whatever its case, has a fixed
/// random direction, and a text is the sum of its words' at length 1. So equal texts have equal
/// vectors, texts that share words are near (the cosine is about the share of common words), others
/// are nearly at right angles, more so the larger the dimension. Vectors are the same in every run.
///
/// It can fail and wait on demand, and counts what it is asked for. All methods: any thread.
///
///     auto embedder = std::make_shared<DeterministicEmbedder>();
///     config.embedding.embedder = embedder;
///     embedder->failNext(1);
class DeterministicEmbedder final : public embed::Embedder
{
public:
    static constexpr int kDimension = 64;

    /// @param dimension  of the vectors, 1-4,000.
    explicit DeterministicEmbedder(int dimension = kDimension);

    /// "deterministic-64": models of different dimensions are different models.
    QString modelId() const override;
    int dimension() const override { return m_dimension; }
    Result<std::vector<embed::Vector>> embedDocuments(const QList<QString> &texts) const override;
    Result<embed::Vector> embedQuery(const QString &text) const override;
    Result<std::vector<embed::Vector>> embedDocumentsUnless(
        const embed::CancelTest &isCancelled, const QList<QString> &texts) const override;
    Result<embed::Vector> embedQueryUnless(const embed::CancelTest &isCancelled,
                                           const QString &text) const override;

    /// The next @p calls calls, of either kind, answer ErrorKind::Embedding. Replaces what was left
    /// of an earlier number; 0 = no call fails any more.
    void failNext(int calls);
    /// From now on calls wait until release(), or until they are cancelled.
    void block();
    /// Lets waiting calls and all later ones through.
    void release();

    /// Calls begun so far of both kinds, the failed and the waiting ones included.
    int calls() const;
    /// Texts in those calls.
    int texts() const;
    /// Calls that wait for release() now.
    int waitingCalls() const;

private:
    /// Counts, waits and fails as told.
    Result<> enter(int texts, const embed::CancelTest &isCancelled) const;
    embed::Vector vectorOf(const QString &text) const;

    const int m_dimension;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_released;
    bool m_blocked = false;     // guarded by m_mutex
    mutable int m_failures = 0; // guarded by m_mutex
    mutable int m_calls = 0;    // guarded by m_mutex
    mutable int m_texts = 0;    // guarded by m_mutex
    mutable int m_waiting = 0;  // guarded by m_mutex
};

} // namespace llmemory::testing
