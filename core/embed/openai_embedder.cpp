#include "core/embed/openai_embedder.h"

#include "core/embed/openai_protocol.h"
#include "core/embed/provider_errors.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::embed {

namespace {

constexpr qsizetype kMostTexts = 64;
constexpr qsizetype kMostBytes = 200 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

Error wrongSetting(const char *field, const QString &message)
{
    return {.kind = ErrorKind::Configuration,
            .message = message,
            .field = QLatin1String(field),
            .code = QLatin1String(kProviderConfig)};
}

/// Nothing of the values may get into a message: they may hold secrets.
Result<> check(const OpenAiEmbedder::Options &options)
{
    const QString scheme = options.url.scheme();
    const bool http = scheme == QLatin1String("http") || scheme == QLatin1String("https");
    if (!options.url.isValid() || !http || options.url.host().isEmpty() ||
        !options.url.userInfo().isEmpty()) {
        return wrongSetting("openai_url",
                            tr("openai_url must be an http or https address without user and "
                               "password, such as https://api.openai.com/v1."));
    }
    if (options.model.trimmed().isEmpty())
        return wrongSetting("openai_model", tr("openai_model must name a model."));
    const bool sendable = std::all_of(options.key.begin(), options.key.end(), [](QChar c) {
        return c > u' ' && c.unicode() < 0x7F;
    });
    if (!sendable)
        return wrongSetting("openai_api_key",
                            tr("openai_api_key holds characters that no key has."));
    return {};
}

QNetworkRequest requestFor(const OpenAiEmbedder::Options &options)
{
    QUrl url = options.url;
    QString path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    url.setPath(path + QLatin1String("/embeddings"));
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setRawHeader("Accept", "application/json");
    if (!options.key.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + options.key.toLatin1());
    return request;
}

/// The length of the first call's share of the texts.
qsizetype callSize(const QList<QString> &texts, qsizetype begin)
{
    qsizetype bytes = 0;
    qsizetype size = 0;
    while (begin + size < texts.size() && size < kMostTexts) {
        bytes += texts.at(begin + size).toUtf8().size();
        if (size > 0 && bytes > kMostBytes)
            break;
        ++size;
    }
    return size;
}

/// What is asked of the service: models with only one number of dimensions refuse the question.
int askedDimension(const OpenAiEmbedder::Options &options)
{
    return options.dimension == knownDimension(options.model) ? 0 : options.dimension;
}

bool never()
{
    return false;
}

} // namespace

OpenAiEmbedder::OpenAiEmbedder(const Options &options)
    : m_options(options)
    , m_provider(hostName(options.url))
    , m_gate(m_provider)
    , m_poster(m_provider, options.limits)
{
}

Result<std::shared_ptr<const OpenAiEmbedder>> OpenAiEmbedder::create(const Options &options)
{
    Options checked = options;
    checked.key = checked.key.trimmed(); // keys from files end with a new line
    if (auto ok = check(checked); !ok)
        return ok.error();
    std::shared_ptr<OpenAiEmbedder> embedder(new OpenAiEmbedder(checked));
    if (auto ok = embedder->settleDimension(); !ok)
        return ok.error();
    return std::shared_ptr<const OpenAiEmbedder>(embedder);
}

Result<> OpenAiEmbedder::settleDimension()
{
    m_dimension = m_options.dimension > 0 ? m_options.dimension : knownDimension(m_options.model);
    if (m_dimension == 0) {
        auto probe = ask({QStringLiteral("dimension")}, never);
        if (!probe)
            return probe.error();
        m_dimension = int(probe->front().size());
    }
    m_modelId = openAiModelId(m_options.url, m_options.model, m_dimension);
    return {};
}

Result<std::vector<Vector>> OpenAiEmbedder::embedDocuments(const QList<QString> &texts) const
{
    return embedDocumentsUnless(never, texts);
}

Result<Vector> OpenAiEmbedder::embedQuery(const QString &text) const
{
    return embedQueryUnless(never, text);
}

Result<std::vector<Vector>> OpenAiEmbedder::embedDocumentsUnless(const CancelTest &isCancelled,
                                                                 const QList<QString> &texts) const
{
    std::vector<Vector> all;
    all.reserve(size_t(texts.size()));
    for (qsizetype begin = 0; begin < texts.size();) {
        const qsizetype size = callSize(texts, begin);
        auto vectors = call(texts.mid(begin, size), isCancelled);
        if (!vectors)
            return vectors;
        std::move(vectors->begin(), vectors->end(), std::back_inserter(all));
        begin += size;
    }
    return all;
}

Result<Vector> OpenAiEmbedder::embedQueryUnless(const CancelTest &isCancelled,
                                                const QString &text) const
{
    auto vectors = call({text}, isCancelled);
    return vectors ? Result<Vector>(std::move(vectors->front())) : Result<Vector>(vectors.error());
}

Result<std::vector<Vector>> OpenAiEmbedder::call(const QList<QString> &texts,
                                                 const CancelTest &isCancelled) const
{
    if (auto open = m_gate.enter(ProviderGate::Clock::now()); !open)
        return open.error();
    auto vectors = ask(texts, isCancelled);
    if (vectors || vectors.error().code == QLatin1String(kTextRefused) ||
        vectors.error().code == QLatin1String(kProviderAnswer)) {
        m_gate.succeeded();
        return vectors;
    }
    if (vectors.error().kind == ErrorKind::Cancelled) {
        m_gate.withdrawn();
        return vectors;
    }
    return m_gate.failed(vectors.error(), ProviderGate::Clock::now());
}

Result<std::vector<Vector>> OpenAiEmbedder::ask(const QList<QString> &texts,
                                                const CancelTest &isCancelled) const
{
    auto answer = m_poster.post(requestFor(m_options),
                                embeddingRequest(m_options.model, askedDimension(m_options), texts),
                                isCancelled);
    if (!answer)
        return answer.error();
    constexpr int kOk = 200;
    if (answer->status != kOk) {
        return errorForStatus(
            m_provider,
            answer->status,
            retryAfterSeconds(answer->retryAfter, QDateTime::currentDateTimeUtc()));
    }
    return vectorsFrom(answer->body, texts.size(), m_dimension, m_provider);
}

} // namespace llmemory::embed
