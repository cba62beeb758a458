#pragma once

#include "core/embed/embedder.h"

#include <memory>

namespace llmemory::embed {

/// A static embedding model in the format of Model2Vec, run in this process: a text's vector is the
/// weighted mean of its tokens' vectors, brought to length 1. The whole text counts, however long;
/// unknown tokens do not, as in Model2Vec. Since a text's vector does not depend on where the text
/// came from, queries and documents are embedded alike. A text without known tokens gives the
/// first unit vector.
///
/// Beyond Model2Vec, config.json may have "term_frequency_power", above 0 and at most 1: a token
/// that occurs n times then counts n to this power instead of n.
///
/// And "hybrid_balance", above 0 and below 1, is hybridBalance(); without it 0.3, the best for
/// potion-base-4m of what was tried.
///
/// Models whose config.json asks for vectors that are not normalised are normalised all the same,
/// which Embedder promises. Safe from many threads, which do not wait for each other.
class StaticEmbedder final : public Embedder
{
public:
    struct Options
    {
        /// modelId(). Empty = made of the model's name and a hash of its files' content, so that
        /// another model in the same folder is another model.
        QString id;
        /// modelName(). Empty = what config.json or the front matter of README.md says, else the
        /// folder's name.
        QString name;
        QString providerType = QStringLiteral("model2vec"); ///< providerType()
    };

    /// Loads model.safetensors and tokenizer.json; config.json and README.md are read for the name,
    /// when they are there. Takes some 10 ms for 40,000 tokens. The model's file is mapped into
    /// memory and must not be changed meanwhile.
    /// @param directory  a folder, also of resources (":/…")
    /// Error: Configuration, naming the file, what is wrong with it and what to do; or the id that
    /// does not fit
    static Result<std::shared_ptr<const StaticEmbedder>> load(const QString &directory,
                                                              const Options &options);
    ~StaticEmbedder() override;

    QString modelId() const override;
    int dimension() const override;
    QString providerType() const override;
    QString modelName() const override;
    double hybridBalance() const override;
    bool isImmediate() const override { return true; }
    /// Error: Embedding when the table has numbers that are not finite
    Result<std::vector<Vector>> embedDocuments(const QList<QString> &texts) const override;
    Result<Vector> embedQuery(const QString &text) const override;
    Result<std::vector<Vector>> embedDocumentsUnless(const CancelTest &isCancelled,
                                                     const QList<QString> &texts) const override;

private:
    class Work;
    struct Data;

    explicit StaticEmbedder(std::unique_ptr<Data> data);

    Result<Vector> embed(const QString &text, Work &work) const;

    const std::unique_ptr<Data> m_data;
};

} // namespace llmemory::embed
