#include "tests/core/http/http_client.h"

#include <QNetworkReply>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QUrl>

#include <algorithm>
#include <memory>

namespace llmemory::testing {

namespace {

/// Only a hanging test waits so long.
constexpr int kPatienceMs = 20'000;

} // namespace

QString HttpReply::text(const char *name) const
{
    const Json object = json();
    return object.is_object() && object.contains(name) ? toQString(object[name]) : QString();
}

HttpClient::HttpClient(quint16 port, QByteArray token) : m_port(port), m_token(std::move(token)) {}

HttpReply HttpClient::send(const QByteArray &method,
                           const QByteArray &target,
                           const QByteArray &body,
                           const HttpHeaders &headers)
{
    QNetworkRequest request(QUrl::fromEncoded(
        "http://127.0.0.1:" + QByteArray::number(m_port) + target, QUrl::StrictMode));
    const auto given = [&headers](const QByteArray &name) {
        return std::any_of(headers.begin(), headers.end(), [&](const auto &header) {
            return header.first == name;
        });
    };
    if (!given("Authorization"))
        request.setRawHeader("Authorization", "Bearer " + m_token);
    if (!given("Content-Type") && !body.isEmpty())
        request.setRawHeader("Content-Type", "application/json");
    for (const auto &[name, value] : headers) {
        if (!value.isNull())
            request.setRawHeader(name, value);
    }
    const std::unique_ptr<QNetworkReply> reply(m_manager.sendCustomRequest(request, method, body));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished())
        finished.wait(kPatienceMs);
    HttpReply answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    answer.body = reply->readAll();
    const auto pairs = reply->rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        answer.headers.insert(name.toLower(), value);
    return answer;
}

QByteArray HttpClient::sendRaw(const QByteArray &bytes) const
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
    socket.waitForConnected(kPatienceMs);
    socket.write(bytes);
    QByteArray answer;
    while (socket.state() != QAbstractSocket::UnconnectedState &&
           socket.waitForReadyRead(kPatienceMs))
        answer += socket.readAll();
    return answer + socket.readAll();
}

QByteArray HttpClient::healthRequest(const QByteArray &more) const
{
    return "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_port) + "\r\n" +
           more + "\r\n";
}

int statusOf(const QByteArray &answer)
{
    return answer.startsWith("HTTP/1.1 ") ? answer.mid(9, 3).toInt() : 0;
}

} // namespace llmemory::testing
