#pragma once

#include "core/testing/deterministic_embedder.h"

#include <functional>

namespace llmemory::testing {

/// A model that answers as it is told to; by default it is taken for the built-in one.
class ScriptedEmbedder final : public embed::Embedder
{
public:
    using Answer = std::function<Result<std::vector<embed::Vector>>(const QList<QString> &texts,
                                                                    const embed::CancelTest &)>;

    explicit ScriptedEmbedder(Answer answer,
                              QString modelId = DeterministicEmbedder().modelId(),
                              int dimension = DeterministicEmbedder::kDimension)
        : m_answer(std::move(answer)), m_modelId(std::move(modelId)), m_dimension(dimension)
    {
    }

    QString modelId() const override { return m_modelId; }
    int dimension() const override { return m_dimension; }
    Result<std::vector<embed::Vector>> embedDocuments(const QList<QString> &texts) const override
    {
        return m_answer(texts, [] { return false; });
    }
    Result<embed::Vector> embedQuery(const QString &text) const override
    {
        auto vectors = embedDocuments({text});
        return vectors ? Result<embed::Vector>(vectors->front())
                       : Result<embed::Vector>(vectors.error());
    }
    Result<std::vector<embed::Vector>> embedDocumentsUnless(
        const embed::CancelTest &isCancelled, const QList<QString> &texts) const override
    {
        return m_answer(texts, isCancelled);
    }

private:
    const Answer m_answer;
    const QString m_modelId;
    const int m_dimension;
};

} // namespace llmemory::testing
