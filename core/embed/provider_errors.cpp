#include "core/embed/provider_errors.h"

#include <QCoreApplication>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

// HTTP statuses, RFC 9110.
constexpr int kRedirections = 300;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kRequestTimeout = 408;
constexpr int kConflict = 409;
constexpr int kContentTooLarge = 413;
constexpr int kUnprocessable = 422;
constexpr int kTooManyRequests = 429;
constexpr int kServerErrors = 500;

} // namespace

Error errorForStatus(const QString &provider, int status, int retryAfterS)
{
    switch (status) {
    case kUnauthorized:
    case kForbidden:
        return {.kind = ErrorKind::Embedding,
                .message = tr("%1 refused the key (%2). Embedding is paused; text search works. "
                              "Check the key in Settings.")
                               .arg(provider)
                               .arg(status),
                .code = QLatin1String(kProviderAuth)};
    case kBadRequest:
    case kContentTooLarge:
    case kUnprocessable:
        return {.kind = ErrorKind::Embedding,
                .message = tr("%1 refused the text (%2).").arg(provider).arg(status),
                .code = QLatin1String(kTextRefused)};
    case kTooManyRequests:
        if (retryAfterS > 0)
            return limitedError(provider, retryAfterS);
        return {.kind = ErrorKind::Unavailable,
                .message = tr("%1 takes no more requests for now (%2). Trying again.")
                               .arg(provider)
                               .arg(status),
                .code = QLatin1String(kProviderLimited)};
    default:
        break;
    }
    if (status >= kServerErrors || status == kRequestTimeout || status == kConflict) {
        Error error = offlineError(provider, tr("it answered with status %1").arg(status));
        error.retryAfterS = retryAfterS;
        return error;
    }
    if (status >= kRedirections && status < kBadRequest) {
        return {.kind = ErrorKind::Configuration,
                .message = tr("%1 sends its callers to another address (%2), which is not "
                              "followed. Check openai_url.")
                               .arg(provider)
                               .arg(status),
                .code = QLatin1String(kProviderConfig)};
    }
    return {.kind = ErrorKind::Configuration,
            .message = tr("%1 does not offer embeddings at this address, or not of this model "
                          "(%2). Check openai_url and openai_model.")
                           .arg(provider)
                           .arg(status),
            .code = QLatin1String(kProviderConfig)};
}

Error limitedError(const QString &provider, int seconds)
{
    return {.kind = ErrorKind::Unavailable,
            .message = tr("%1 asks to wait %2 s.").arg(provider).arg(seconds),
            .code = QLatin1String(kProviderLimited),
            .retryAfterS = seconds};
}

Error offlineError(const QString &provider, const QString &reason, const QString &detail)
{
    return {.kind = ErrorKind::Unavailable,
            .message = tr("%1 made no embeddings (%2). Trying again; text search works meanwhile.")
                           .arg(provider, reason),
            .detail = detail,
            .code = QLatin1String(kProviderOffline)};
}

Error answerError(const QString &provider, const QString &what)
{
    return {.kind = ErrorKind::Embedding,
            .message = tr("The answer of %1 is of no use: %2.").arg(provider, what),
            .code = QLatin1String(kProviderAnswer)};
}

} // namespace llmemory::embed
