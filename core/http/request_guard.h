#pragma once

#include "core/http/problem_details.h"
#include "core/http/rate_limit.h"
#include "core/http/request.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <optional>

namespace llmemory::http {

/// The doors of the endpoint, in this order: one Host, the right one; no foreign web page; the
/// token. Knows nothing of routes, bodies and sockets. Any thread.
class RequestGuard
{
public:
    struct Options
    {
        /// Whole values of Host that are let in, lower case, with port: "127.0.0.1:8765".
        QList<QByteArray> hosts;
        /// Web origins that may call: "https://example.org". Empty: none.
        QList<QByteArray> origins;
        /// SHA-256 of the bearer token, 32 bytes.
        QByteArray tokenSha256;
        bool requireToken = true;
        /// Wrong tokens a minute that are answered 401; further ones 429. Good ones are never held
        /// up.
        int badTokensPerMinute = 20;
    };

    explicit RequestGuard(Options options);

    /// Host, Origin and Sec-Fetch-Site.
    /// Refusals: 400 host_missing, host_repeated; 403 forbidden_host, forbidden_origin.
    std::optional<Problem> checkSource(const Request &request) const;
    /// The bearer token. Refusals: 401 unauthorized, 429 too_many_bad_tokens.
    std::optional<Problem> checkToken(const Request &request);

    /// The headers that let a listed origin read the answer; empty for others.
    QList<Header> corsHeaders(const Request &request) const;
    /// Whether this is a listed origin's question before its real request.
    bool isPreflight(const Request &request) const;

    /// `HOST:PORT` for the names by which a server on @p listen is called: its address, on loopback
    /// also the other loopback names, and @p names (with or without port).
    static QList<QByteArray> hostsFor(const QString &listen,
                                      quint16 port,
                                      const QStringList &names);

private:
    bool isListed(const Request &request) const;

    const Options m_options;
    RateLimit m_badTokens;
};

} // namespace llmemory::http
