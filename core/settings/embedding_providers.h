#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace llmemory::settings {

/// An entry of the setting embedding.providers.
struct EmbeddingProvider
{
    enum class Type {
        OpenAi,    ///< a model of an OpenAI-compatible service
        Model2Vec, ///< a static model in a folder
    };

    /// 1-40 of `[A-Za-z0-9_.-]`, not "builtin" and not "openai".
    QString name;
    Type type = Type::OpenAi;
    /// What the service calls it, or the absolute path of the folder.
    QString model;
    /// Length of the vectors, 1-4,000; 0 = not given, the model's own. Always 0 for Model2Vec.
    int dimension = 0;

    friend bool operator==(const EmbeddingProvider &, const EmbeddingProvider &) = default;
};

/// Reads `name:openai:model[:dimension],name:model2vec:folder,…`. A model's name and a folder may
/// hold colons, a last part of digits is the dimension. Empty text = no providers. Pure.
/// Error: Configuration with the entry and what is wrong with it.
Result<QList<EmbeddingProvider>> parseEmbeddingProviders(const QString &text);

} // namespace llmemory::settings
