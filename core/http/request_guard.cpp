#include "core/http/request_guard.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QHostAddress>

#include <chrono>

namespace llmemory::http {

namespace {

Problem refusal(int status, const char *code, const char *detail)
{
    return {.status = status,
            .code = QString::fromLatin1(code),
            .detail = QCoreApplication::translate("llmemory::http", detail),
            .field = {}};
}

/// Takes the same time wherever the first difference is.
bool equalInConstantTime(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a.at(i)) ^ quint8(b.at(i)));
    return difference == 0;
}

/// The token of `Authorization: Bearer TOKEN`; empty for anything else.
QByteArray bearerToken(const QByteArray &authorization)
{
    constexpr QByteArrayView scheme = "bearer ";
    if (authorization.left(scheme.size()).toLower() != scheme)
        return {};
    return authorization.mid(scheme.size()).trimmed();
}

} // namespace

RequestGuard::RequestGuard(Options options)
    : m_options(std::move(options))
    , m_badTokens(m_options.badTokensPerMinute, std::chrono::minutes(1))
{
}

std::optional<Problem> RequestGuard::checkSource(const Request &request) const
{
    const QList<QByteArray> hosts = request.values("host");
    if (hosts.isEmpty())
        return refusal(400,
                       "host_missing",
                       QT_TRANSLATE_NOOP("llmemory::http", "The request has no Host header."));
    if (hosts.size() > 1)
        return refusal(
            400,
            "host_repeated",
            QT_TRANSLATE_NOOP("llmemory::http", "The request has more than one Host header."));
    if (!m_options.hosts.contains(hosts.first().toLower()))
        return refusal(403,
                       "forbidden_host",
                       QT_TRANSLATE_NOOP("llmemory::http",
                                         "Requests for this host name are refused. Add the name in "
                                         "Settings if you trust it."));
    const bool foreign = !request.values("origin").isEmpty() || [&] {
        const QByteArray site = request.value("sec-fetch-site").toLower();
        return site == "cross-site" || site == "same-site";
    }();
    if (foreign && !isListed(request))
        return refusal(403,
                       "forbidden_origin",
                       QT_TRANSLATE_NOOP("llmemory::http",
                                         "Requests from web pages are refused. Add the origin in "
                                         "Settings if you trust it."));
    return std::nullopt;
}

std::optional<Problem> RequestGuard::checkToken(const Request &request)
{
    if (!m_options.requireToken)
        return std::nullopt;
    const QList<QByteArray> values = request.values("authorization");
    const QByteArray token = values.size() == 1 ? bearerToken(values.first()) : QByteArray();
    if (token.isEmpty())
        return refusal(401,
                       "unauthorized",
                       QT_TRANSLATE_NOOP("llmemory::http",
                                         "Send the header \"Authorization: Bearer TOKEN\" with the "
                                         "token from the token file."));
    const QByteArray hash = QCryptographicHash::hash(token, QCryptographicHash::Sha256);
    if (equalInConstantTime(hash, m_options.tokenSha256))
        return std::nullopt;
    if (!m_badTokens.allow())
        return refusal(
            429,
            "too_many_bad_tokens",
            QT_TRANSLATE_NOOP("llmemory::http",
                              "Too many wrong tokens. Wait a minute, and take the token from "
                              "the token file."));
    return refusal(
        401,
        "unauthorized",
        QT_TRANSLATE_NOOP("llmemory::http", "The token is wrong. Take it from the token file."));
}

bool RequestGuard::isListed(const Request &request) const
{
    const QList<QByteArray> origins = request.values("origin");
    return origins.size() == 1 && m_options.origins.contains(origins.first().toLower());
}

QList<Header> RequestGuard::corsHeaders(const Request &request) const
{
    if (m_options.origins.isEmpty())
        return {};
    QList<Header> headers{{"Vary", "Origin"}};
    if (isListed(request))
        headers.append(Header{"Access-Control-Allow-Origin", request.value("origin")});
    return headers;
}

bool RequestGuard::isPreflight(const Request &request) const
{
    return request.method == "OPTIONS" && isListed(request) &&
           !request.value("access-control-request-method").isEmpty();
}

QList<QByteArray> RequestGuard::hostsFor(const QString &listen,
                                         quint16 port,
                                         const QStringList &names)
{
    QStringList all = names;
    const QHostAddress address(listen);
    if (address.isLoopback() || listen == QLatin1String("localhost"))
        all << QStringLiteral("127.0.0.1") << QStringLiteral("localhost")
            << QStringLiteral("[::1]");
    if (address.protocol() == QAbstractSocket::IPv6Protocol)
        all << QStringLiteral("[%1]").arg(address.toString());
    else
        all << listen;
    QList<QByteArray> hosts;
    for (const QString &name : std::as_const(all)) {
        const QByteArray host = name.toLower().toUtf8();
        const bool hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
        hosts << (hasPort ? host : host + ':' + QByteArray::number(port));
        if (!hasPort && port == 80) // the default port is left out by clients
            hosts << host;
    }
    hosts.removeAll({});
    return hosts;
}

} // namespace llmemory::http
