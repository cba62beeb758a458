#pragma once

#include "core/embed/http_poster.h"
#include "core/embed/provider_gate.h"

#include <QUrl>

namespace llmemory::embed {

/// A model of OpenAI or of a service that speaks as it does (Ollama, LM Studio, llama-server,
/// vLLM): `POST {url}/embeddings`.
///
/// Calls block, at most 60 s each, and end early at destruction; two run at a time, further ones
/// wait. A call carries at most 64 texts or 200 KB; longer lists take several. Texts leave the
/// machine; the key is sent in the Authorization header and gets nowhere else. While the service
/// asks for a pause, refuses the key, or failed 5 times in a row, calls fail at once (see
/// ProviderGate). Any thread. Errors as Embedder says, their codes in provider_errors.h.
class OpenAiEmbedder final : public Embedder
{
public:
    struct Options
    {
        /// http or https, without the "/embeddings".
        QUrl url;
        QString model;
        QString key; ///< empty = none is sent
        /// Asked of the service, for models that offer several; 0 = the model's own.
        int dimension = 0;
        HttpPoster::Limits limits = {};
    };

    /// Asks the service for one vector where the dimension is neither given nor known: then it
    /// blocks. Error: Configuration with field, or as embedQuery().
    static Result<std::shared_ptr<const OpenAiEmbedder>> create(const Options &options);

    QString modelId() const override { return m_modelId; }
    int dimension() const override { return m_dimension; }
    QString providerType() const override { return QStringLiteral("openai"); }
    QString modelName() const override { return m_options.model; }

    Result<std::vector<Vector>> embedDocuments(const QList<QString> &texts) const override;
    Result<Vector> embedQuery(const QString &text) const override;
    Result<std::vector<Vector>> embedDocumentsUnless(const CancelTest &isCancelled,
                                                     const QList<QString> &texts) const override;
    Result<Vector> embedQueryUnless(const CancelTest &isCancelled,
                                    const QString &text) const override;

private:
    explicit OpenAiEmbedder(const Options &options);

    Result<> settleDimension();
    Result<std::vector<Vector>> call(const QList<QString> &texts,
                                     const CancelTest &isCancelled) const;
    Result<std::vector<Vector>> ask(const QList<QString> &texts,
                                    const CancelTest &isCancelled) const;

    const Options m_options;
    const QString m_provider; ///< for messages
    int m_dimension = 0;
    QString m_modelId;
    mutable ProviderGate m_gate;
    mutable HttpPoster m_poster;
};

} // namespace llmemory::embed
