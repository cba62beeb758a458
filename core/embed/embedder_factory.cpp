#include "core/embed/embedder_factory.h"

#include "core/embed/hashed_ngram_embedder.h"
#include "core/embed/openai_embedder.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::embed {

namespace {

const QLatin1String kBuiltin("builtin");
const QLatin1String kOpenAi("openai");

/// One of Config::Embedding::providers.
struct NamedProvider
{
    QString name;
    QString model;
    int dimension = 0; ///< 0 = not given
};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

Error wrongSetting(const char *field, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .field = QLatin1String(field)};
}

/// "name:openai:model[:dimension]"; the model may have colons in it, as Ollama's have.
Result<NamedProvider> parseProvider(const QString &entry)
{
    static const QRegularExpression pattern(
        QStringLiteral("^\\s*([A-Za-z0-9_.-]{1,64}):openai:([^\\s,]+?)(?::([0-9]{1,4}))?\\s*\\z"));
    constexpr int kMostDimensions = 4000;
    const auto match = pattern.match(entry);
    const QString dimension = match.captured(3);
    const bool fits =
        dimension.isEmpty() || (dimension.toInt() >= 1 && dimension.toInt() <= kMostDimensions);
    const QString name = match.captured(1);
    if (!match.hasMatch() || !fits || name == kBuiltin || name == kOpenAi) {
        return wrongSetting(
            "embedding_providers",
            tr("\"%1\" in embedding_providers is not understood. Write name:openai:model or "
               "name:openai:model:dimension, with a name of your own and a dimension of 1 to %2.")
                .arg(entry.trimmed())
                .arg(kMostDimensions));
    }
    return NamedProvider{name, match.captured(2), dimension.toInt()};
}

Result<QList<NamedProvider>> parseProviders(const QString &text)
{
    QList<NamedProvider> providers;
    for (const QString &entry : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (entry.trimmed().isEmpty())
            continue;
        auto provider = parseProvider(entry);
        if (!provider)
            return provider.error();
        providers.append(*provider);
    }
    return providers;
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

} // namespace

Result<std::shared_ptr<const Embedder>> makeEmbedder(const Config::Embedding &config)
{
    if (config.embedder)
        return config.embedder;
    auto providers = parseProviders(config.providers);
    if (!providers)
        return providers.error();
    if (config.provider == kBuiltin)
        return std::shared_ptr<const Embedder>(std::make_shared<HashedNgramEmbedder>());
    if (config.provider == kOpenAi)
        return makeOpenAi(config, config.openaiModel, 0);
    const auto found =
        std::find_if(providers->begin(), providers->end(), [&](const NamedProvider &provider) {
            return provider.name == config.provider;
        });
    if (found != providers->end())
        return makeOpenAi(config, found->model, found->dimension);
    QStringList names{kBuiltin, kOpenAi};
    for (const NamedProvider &provider : *providers)
        names << provider.name;
    return wrongSetting("embedding_provider",
                        tr("embedding_provider is \"%1\", which does not exist. There are: %2.")
                            .arg(config.provider, names.join(QLatin1String(", "))));
}

} // namespace llmemory::embed
