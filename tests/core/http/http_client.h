#pragma once

#include "core/base/json.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QNetworkAccessManager>
#include <QPair>
#include <QString>

namespace llmemory::testing {

/// An answer of the endpoint as a client sees it.
struct HttpReply
{
    int status = 0;                       ///< 0: none came
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    Json json() const { return Json::parse(body.toStdString(), nullptr, false); }
    /// A string of the JSON object; empty where there is none.
    QString text(const char *name) const;
};

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

/// Speaks to an endpoint on 127.0.0.1 as ordinary programs and as odd ones do.
class HttpClient
{
public:
    HttpClient(quint16 port, QByteArray token);

    /// With the token and, for a body, the type application/json, unless @p headers say otherwise;
    /// a header with a null value is left out.
    HttpReply send(const QByteArray &method,
                   const QByteArray &target,
                   const QByteArray &body = {},
                   const HttpHeaders &headers = {});
    HttpReply get(const QByteArray &target) { return send("GET", target); }
    HttpReply post(const QByteArray &target, const Json &body)
    {
        return send("POST", target, toUtf8(body));
    }

    /// Sends bytes as they are and reads until the connection ends.
    QByteArray sendRaw(const QByteArray &bytes) const;
    /// `GET /healthz` with the right Host and @p more header lines, to be sent raw; the connection
    /// stays.
    QByteArray healthRequest(const QByteArray &more = {}) const;

private:
    quint16 m_port;
    QByteArray m_token;
    QNetworkAccessManager m_manager;
};

/// The status of a raw answer; 0 where there is none.
int statusOf(const QByteArray &answer);

} // namespace llmemory::testing
