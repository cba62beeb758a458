#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace llmemory::settings {

/// An entry of the setting embedding.providers: a model of an OpenAI-compatible service.
struct EmbeddingProvider
{
    /// 1-40 of `[A-Za-z0-9_.-]`, not "builtin" and not "openai".
    QString name;
    QString model;
    /// Length of the vectors, 1-4,000; 0 = not given, the model's own.
    int dimension = 0;

    friend bool operator==(const EmbeddingProvider &, const EmbeddingProvider &) = default;
};

/// Reads `name:type:model[:dimension],…`. The only type is "openai"; a model's name may hold
/// colons, a last part of digits is the dimension. Empty text = no providers. Pure.
/// Error: Configuration with the entry and what is wrong with it.
Result<QList<EmbeddingProvider>> parseEmbeddingProviders(const QString &text);

} // namespace llmemory::settings
