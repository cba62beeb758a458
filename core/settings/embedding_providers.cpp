#include "core/settings/embedding_providers.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QStringList>

namespace llmemory::settings {

namespace {

constexpr int kMostDimension = 4000; // as embed::Embedder::dimension()

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error wrongEntry(const QString &entry, const QString &why)
{
    return {.kind = ErrorKind::Configuration, .message = tr("\"%1\": %2").arg(entry, why)};
}

Result<> checkName(const QString &entry, const QString &name)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9_.-]{1,40}\\z"));
    if (!pattern.match(name).hasMatch())
        return wrongEntry(entry,
                          tr("the name must be 1 to 40 of the characters A-Z a-z 0-9 _ . -."));
    if (name == QLatin1String("builtin") || name == QLatin1String("openai"))
        return wrongEntry(entry, tr("the name %1 stands for a provider already.").arg(name));
    return {};
}

Result<EmbeddingProvider::Type> parseType(const QString &entry, const QString &type)
{
    if (type == QLatin1String("openai"))
        return EmbeddingProvider::Type::OpenAi;
    if (type == QLatin1String("model2vec"))
        return EmbeddingProvider::Type::Model2Vec;
    if (type == QLatin1String("local"))
        return wrongEntry(entry,
                          tr("local transformer models are not in this version; the type must be "
                             "openai or model2vec."));
    return wrongEntry(entry, tr("the type must be openai or model2vec."));
}

Result<> checkFolder(const QString &entry, const QString &folder)
{
    if (!QDir::isAbsolutePath(folder))
        return wrongEntry(entry, tr("the folder of the model must be an absolute path."));
    return {};
}

/// The dimension at the end of what follows the type; taken off. 0 = none there.
Result<int> takeDimension(const QString &entry, QStringList &parts)
{
    static const QRegularExpression digits(QStringLiteral("\\A[0-9]+\\z"));
    if (parts.size() < 2 || !digits.match(parts.constLast()).hasMatch())
        return 0;
    const int dimension = parts.takeLast().toInt(); // 0 when it is too large
    if (dimension < 1 || dimension > kMostDimension)
        return wrongEntry(entry, tr("the dimension must be 1 to 4,000."));
    return dimension;
}

Result<EmbeddingProvider> parseEntry(const QString &entry)
{
    QStringList parts = entry.split(u':');
    if (parts.size() < 3)
        return wrongEntry(entry,
                          tr("it must be name:openai:model, name:openai:model:dimension or "
                             "name:model2vec:folder."));
    EmbeddingProvider provider{.name = parts.takeFirst(), .model = {}};
    if (auto ok = checkName(entry, provider.name); !ok)
        return ok.error();
    const auto type = parseType(entry, parts.takeFirst());
    if (!type)
        return type.error();
    provider.type = *type;
    if (provider.type == EmbeddingProvider::Type::OpenAi) {
        const auto dimension = takeDimension(entry, parts);
        if (!dimension)
            return dimension.error();
        provider.dimension = *dimension;
    }
    provider.model = parts.join(u':').trimmed();
    if (provider.model.isEmpty())
        return wrongEntry(entry, tr("the model is missing."));
    if (provider.type == EmbeddingProvider::Type::Model2Vec) {
        if (auto ok = checkFolder(entry, provider.model); !ok)
            return ok.error();
    }
    return provider;
}

} // namespace

Result<QList<EmbeddingProvider>> parseEmbeddingProviders(const QString &text)
{
    QList<EmbeddingProvider> providers;
    QStringList names;
    for (const QString &part : text.split(u',')) {
        const QString entry = part.trimmed();
        if (entry.isEmpty())
            continue;
        const auto provider = parseEntry(entry);
        if (!provider)
            return provider.error();
        if (names.contains(provider->name))
            return wrongEntry(entry, tr("the name %1 is given twice.").arg(provider->name));
        names += provider->name;
        providers += *provider;
    }
    return providers;
}

} // namespace llmemory::settings
