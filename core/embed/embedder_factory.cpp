#include "core/embed/embedder_factory.h"

#include "core/embed/builtin_model.h"
#include "core/embed/openai_embedder.h"
#include "core/embed/static/static_embedder.h"
#include "core/settings/embedding_providers.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::embed {

using settings::EmbeddingProvider;

namespace {

const QLatin1String kBuiltin("builtin");
const QLatin1String kOpenAi("openai");

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

Error wrongSetting(const char *field, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .field = QLatin1String(field)};
}

Result<std::shared_ptr<const Embedder>> makeOpenAi(const Config::Embedding &config,
                                                   const QString &model,
                                                   int dimension)
{
    OpenAiEmbedder::Options options;
    options.url = QUrl(config.openaiUrl.trimmed(), QUrl::StrictMode);
    options.model = model;
    options.key = config.openaiApiKey;
    options.dimension = dimension;
    auto embedder = OpenAiEmbedder::create(options);
    if (!embedder)
        return embedder.error();
    return std::shared_ptr<const Embedder>(std::move(*embedder));
}

Result<std::shared_ptr<const Embedder>> makeModel2Vec(const QString &folder)
{
    auto embedder = StaticEmbedder::load(folder, {});
    if (!embedder) {
        Error error = embedder.error();
        error.field = QStringLiteral("embedding_providers");
        return error;
    }
    return std::shared_ptr<const Embedder>(std::move(*embedder));
}

} // namespace

Result<std::shared_ptr<const Embedder>> makeEmbedder(const Config::Embedding &config)
{
    if (config.embedder)
        return config.embedder;
    const auto providers = settings::parseEmbeddingProviders(config.providers);
    if (!providers)
        return wrongSetting("embedding_providers", providers.error().message);
    if (config.provider == kBuiltin)
        return builtinModel();
    if (config.provider == kOpenAi)
        return makeOpenAi(config, config.openaiModel, 0);
    const auto found =
        std::find_if(providers->begin(), providers->end(), [&](const EmbeddingProvider &provider) {
            return provider.name == config.provider;
        });
    if (found != providers->end()) {
        return found->type == EmbeddingProvider::Type::Model2Vec
                   ? makeModel2Vec(found->model)
                   : makeOpenAi(config, found->model, found->dimension);
    }
    QStringList names{kBuiltin, kOpenAi};
    for (const EmbeddingProvider &provider : *providers)
        names << provider.name;
    return wrongSetting("embedding_provider",
                        tr("embedding_provider is \"%1\", which does not exist. There are: %2.")
                            .arg(config.provider, names.join(QLatin1String(", "))));
}

} // namespace llmemory::embed
