#include "core/config.h"

#include "core/base/logging.h"
#include "core/config_fields.h"
#include "core/db/connection_params.h"
#include "core/settings/embedding_providers.h"
#include "core/settings/setting_value.h"
#include "core/settings/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QUrl>

#include <algorithm>

namespace llmemory {

namespace {

using settings::Definition;
using settings::Key;
using settings::Type;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

QString nameOf(Key key)
{
    return settings::definition(key).name;
}

Error refusal(Key key, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .field = nameOf(key)};
}

/// A path that only counts when it is given.
Result<> checkPath(const Definition &definition, const QString &path)
{
    if (!path.isEmpty() && !QDir::isAbsolutePath(path))
        return refusal(definition.key,
                       tr("%1 must be an absolute path; it is \"%2\".").arg(definition.name, path));
    return {};
}

Result<> checkField(const Definition &definition, const QString &text)
{
    if (definition.type == Type::Directory || definition.type == Type::File)
        return checkPath(definition, text);
    const auto checked = settings::checkedValue(definition, text);
    if (!checked)
        return checked.error();
    // Programs compare it with the words of the table: another spelling would mean nothing to them.
    if (definition.type == Type::Choice && *checked != text)
        return settings::wrongValue(definition, text);
    return {};
}

Result<> checkConnectionString(const Config::Database &database)
{
    if (database.connectionString.isEmpty())
        return {};
    const auto params = db::ConnectionParams::parse(database.connectionString);
    if (!params)
        return refusal(Key::DatabaseUrl,
                       tr("%1: %2").arg(nameOf(Key::DatabaseUrl), params.error().message));
    return {};
}

Result<> checkPool(const Config::Database &database)
{
    if (database.minPoolSize > database.maxPoolSize)
        return refusal(Key::MinPoolSize,
                       tr("%1 must not be above %2, which is %3; it is %4.")
                           .arg(nameOf(Key::MinPoolSize), nameOf(Key::MaxPoolSize))
                           .arg(database.maxPoolSize)
                           .arg(database.minPoolSize));
    return {};
}

Result<> checkChunking(const Config::Chunking &chunking)
{
    if (chunking.chunkSize > 0 && chunking.chunkOverlap > chunking.chunkSize / 2)
        return refusal(Key::ChunkOverlap,
                       tr("%1 must be at most half of %2, which is %3; it is %4.")
                           .arg(nameOf(Key::ChunkOverlap), nameOf(Key::ChunkSize))
                           .arg(chunking.chunkSize)
                           .arg(chunking.chunkOverlap));
    if (chunking.maxChunkSize > 0 && chunking.chunkSize > chunking.maxChunkSize)
        return refusal(Key::ChunkSize,
                       tr("%1 must not be above %2, which is %3; it is %4.")
                           .arg(nameOf(Key::ChunkSize), nameOf(Key::MaxChunkSize))
                           .arg(chunking.maxChunkSize)
                           .arg(chunking.chunkSize));
    return {};
}

Error unknownProvider(const QString &provider, const QStringList &known)
{
    return refusal(Key::EmbeddingProvider,
                   tr("%1 must be one of %2; it is \"%3\". %4 names further models; local "
                      "transformer models are not in this version.")
                       .arg(nameOf(Key::EmbeddingProvider),
                            known.join(QLatin1String(", ")),
                            provider,
                            nameOf(Key::EmbeddingProviders)));
}

Result<> checkEmbedding(const Config::Embedding &embedding)
{
    if (embedding.embedder || embedding.provider == QLatin1String("builtin"))
        return {};
    const auto providers = settings::parseEmbeddingProviders(embedding.providers);
    if (!providers)
        return providers.error();
    QStringList known{QStringLiteral("builtin"), QStringLiteral("openai")};
    for (const settings::EmbeddingProvider &provider : *providers)
        known += provider.name;
    if (!known.contains(embedding.provider))
        return unknownProvider(embedding.provider, known);
    const bool inFolder = std::any_of(
        providers->begin(), providers->end(), [&](const settings::EmbeddingProvider &provider) {
            return provider.name == embedding.provider &&
                   provider.type == settings::EmbeddingProvider::Type::Model2Vec;
        });
    if (inFolder)
        return {};
    const QString host = QUrl(embedding.openaiUrl).host();
    if (embedding.openaiApiKey.isEmpty() && host == QLatin1String("api.openai.com"))
        return refusal(
            Key::OpenAiApiKey,
            tr("%1 is missing: the provider \"%2\" at %3 asks for it. Set OPENAI_API_KEY "
               "or OPENAI_API_KEY_FILE.")
                .arg(nameOf(Key::OpenAiApiKey), embedding.provider, host));
    return {};
}

} // namespace

Result<> Config::validate() const
{
    Config copy = *this; // fields are found in a Config that may be changed
    for (const Definition &row : settings::definitions()) {
        if (row.key == Key::RerankProvider && search.reranker)
            continue;
        const ConfigField field = configField(copy, row.key);
        if (std::holds_alternative<std::monostate>(field))
            continue;
        if (auto ok = checkField(row, fieldText(field)); !ok)
            return ok;
    }
    if (auto ok = checkConnectionString(database); !ok)
        return ok;
    if (auto ok = checkPool(database); !ok)
        return ok;
    if (auto ok = checkChunking(chunking); !ok)
        return ok;
    return checkEmbedding(embedding);
}

Result<Config> Config::fromEnvironment()
{
    const auto settings = settings::Settings::load({}, QProcessEnvironment::systemEnvironment());
    if (!settings)
        return settings.error();
    for (const QString &warning : settings->warnings())
        logging::warning(warning);
    return configFrom(*settings);
}

Result<Config> configFrom(const settings::Settings &settings)
{
    Config config;
    for (const Definition &row : settings::definitions())
        setField(configField(config, row.key), settings.text(row.key));
    if (auto ok = config.validate(); !ok)
        return ok.error();
    return config;
}

} // namespace llmemory
