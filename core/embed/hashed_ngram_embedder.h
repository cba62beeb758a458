#pragma once

#include "core/embed/embedder.h"

namespace llmemory::embed {

/// A stand-in without a model: texts are near when they share words, or parts of words, in any
/// script. It knows no synonyms; a trained model behind the same interface replaces it.
///
/// Text is folded (compatibility forms, case, accents of Latin, Greek and Cyrillic, Hebrew and
/// Arabic points) and split into words; Han, kana, Thai and the like into characters and pairs of
/// them. Each distinct word adds, times 1 + ln(occurrences) and damped when it is as short as
/// function words are, its own features and those of its 3- to 5-grams with marks at both ends.
/// Features are hashed with a sign into 384 dimensions (Weinberger and others, Feature Hashing for
/// Large Scale Multitask Learning, ICML 2009) and the sum is brought to length 1. A text without
/// letters or digits is embedded by its other characters, an empty one gives a fixed vector.
/// Deterministic. Without state: any thread. Never fails.
class HashedNgramEmbedder final : public Embedder
{
public:
    static constexpr int kDimension = 384;

    /// "hashed-ngram-v1"
    QString modelId() const override;
    int dimension() const override { return kDimension; }
    QString providerType() const override { return QStringLiteral("builtin"); }
    Result<std::vector<Vector>> embedDocuments(const QList<QString> &texts) const override;
    Result<Vector> embedQuery(const QString &text) const override;
};

} // namespace llmemory::embed
