#include "core/settings/embedding_providers.h"

#include <QCoreApplication>
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

Result<> checkType(const QString &entry, const QString &type)
{
    if (type == QLatin1String("local"))
        return wrongEntry(
            entry,
            tr("local transformer models are not in this version; the type must be openai."));
    if (type != QLatin1String("openai"))
        return wrongEntry(entry, tr("the type must be openai."));
    return {};
}

Result<EmbeddingProvider> parseEntry(const QString &entry)
{
    static const QRegularExpression digits(QStringLiteral("\\A[0-9]+\\z"));
    QStringList parts = entry.split(u':');
    if (parts.size() < 3)
        return wrongEntry(entry,
                          tr("it must be name:openai:model or name:openai:model:dimension."));
    EmbeddingProvider provider{.name = parts.takeFirst(), .model = {}};
    if (auto ok = checkName(entry, provider.name); !ok)
        return ok.error();
    if (auto ok = checkType(entry, parts.takeFirst()); !ok)
        return ok.error();
    if (parts.size() > 1 && digits.match(parts.constLast()).hasMatch()) {
        provider.dimension = parts.takeLast().toInt(); // 0 when it is too large
        if (provider.dimension < 1 || provider.dimension > kMostDimension)
            return wrongEntry(entry, tr("the dimension must be 1 to 4,000."));
    }
    provider.model = parts.join(u':');
    if (provider.model.trimmed().isEmpty())
        return wrongEntry(entry, tr("the model is missing."));
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
