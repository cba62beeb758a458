#include "tests/core/embed/embedding_service.h"

#include "core/testing/deterministic_embedder.h"

#include <QPointer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace llmemory::testing {

namespace {

// Made for this test, signed by nobody.
constexpr const char *kKey = R"pem(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJoMdx4VClyypYrjd
09bWv/zAUXN4OJzggmlQQDOE8eehRANCAATKhkOIVnGfZKmkgBB/e7ekqnSwWwAB
guVjoyulBj2E0GdNRuOQXL/TJQfsCcxkpZFwp5mhM6Obc1nufedV3F2h
-----END PRIVATE KEY-----
)pem";
constexpr const char *kCertificate = R"pem(-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIURssymawOqSe2b8s6jW8+fVz9k/owCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNTAxNDgzM1oYDzIxMjYxMTAx
MDE0ODMzWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATKhkOIVnGfZKmkgBB/e7ekqnSwWwABguVjoyulBj2E0GdNRuOQXL/T
JQfsCcxkpZFwp5mhM6Obc1nufedV3F2ho2QwYjAdBgNVHQ4EFgQUU1jW73uzihB5
rV+slzsrA92bhyAwHwYDVR0jBBgwFoAUU1jW73uzihB5rV+slzsrA92bhyAwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQDJqm+30264bam+zh/kRsxocvl1iPam9bD8qr6ikm3bWgIgSxGXp63c0c8FuGP0
LCfeAw2rDlIN+1ispyOzxQ59JTg=
-----END CERTIFICATE-----
)pem";

std::unique_ptr<QTcpServer> makeServer(EmbeddingService::Speaks speaks)
{
    if (speaks == EmbeddingService::Speaks::Http)
        return std::make_unique<QTcpServer>();
    auto server = std::make_unique<QSslServer>();
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(QByteArray(kCertificate)));
    tls.setPrivateKey(QSslKey(QByteArray(kKey), QSsl::Ec));
    server->setSslConfiguration(tls);
    return server;
}

/// The request at the beginning of @p buffer, which is cut off; nothing while it is incomplete.
bool takeRequest(QByteArray &buffer, ServiceRequest &request)
{
    const qsizetype end = buffer.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QList<QByteArray> lines = buffer.left(end).split('\n');
    request.path = lines.first().split(' ').value(1);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        request.headers[lines.at(i).left(colon).toLower()] = lines.at(i).mid(colon + 1).trimmed();
    }
    const qsizetype begin = end + 4;
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (buffer.size() < begin + length)
        return false;
    request.body = Json::parse(buffer.mid(begin, length).toStdString(), nullptr, false);
    buffer.remove(0, begin + length);
    return true;
}

} // namespace

QList<QString> ServiceRequest::texts() const
{
    QList<QString> texts;
    for (const Json &text : body.value("input", Json::array()))
        texts << toQString(text);
    return texts;
}

EmbeddingService::EmbeddingService(Handler handler, Speaks speaks) : m_handler(std::move(handler))
{
    m_context.moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        &m_context, [this, speaks] { listen(speaks); }, Qt::BlockingQueuedConnection);
}

EmbeddingService::~EmbeddingService()
{
    QMetaObject::invokeMethod(
        &m_context, [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QList<ServiceRequest> EmbeddingService::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

int EmbeddingService::mostAtOnce() const
{
    const QMutexLocker lock(&m_mutex);
    return m_mostAtOnce;
}

ServiceAnswer EmbeddingService::vectors(const ServiceRequest &request, int dimension)
{
    const testing::DeterministicEmbedder model;
    Json data = Json::array();
    const QList<QString> texts = request.texts();
    // Last first: the order is that of the indexes.
    for (qsizetype i = texts.size() - 1; i >= 0; --i) {
        embed::Vector vector = model.embedQuery(texts.at(i)).value();
        vector.resize(size_t(dimension));
        for (float &value : vector)
            value *= 3;
        data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", vector}});
    }
    return {.body = toUtf8(Json{{"object", "list"}, {"data", data}})};
}

void EmbeddingService::listen(Speaks speaks)
{
    m_server = makeServer(speaks);
    QObject::connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, &m_context, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection()) {
            QObject::connect(
                socket, &QTcpSocket::readyRead, socket, [this, socket] { read(socket); });
            read(socket);
        }
    });
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("the embedding service cannot listen");
    m_url = QUrl(QStringLiteral("%1://127.0.0.1:%2/v1")
                     .arg(speaks == Speaks::Http ? QLatin1String("http") : QLatin1String("https"))
                     .arg(m_server->serverPort()));
}

void EmbeddingService::read(QTcpSocket *socket)
{
    QByteArray buffer = socket->property("buffer").toByteArray() + socket->readAll();
    ServiceRequest request;
    const bool complete = takeRequest(buffer, request);
    socket->setProperty("buffer", buffer);
    if (complete)
        handle(socket, request);
}

void EmbeddingService::handle(QTcpSocket *socket, const ServiceRequest &request)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_requests << request;
        m_mostAtOnce = std::max(m_mostAtOnce, ++m_atOnce);
    }
    const ServiceAnswer reply = m_handler(request);
    if (reply.hangs)
        return;
    QTimer::singleShot(reply.delayMs, &m_context, [this, reply, guard = QPointer(socket)] {
        {
            const QMutexLocker lock(&m_mutex);
            --m_atOnce;
        }
        if (guard)
            answer(guard, reply);
    });
}

void EmbeddingService::answer(QTcpSocket *socket, const ServiceAnswer &answer)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Status\r\n";
    for (const auto &[name, value] : answer.headers)
        head += name + ": " + value + "\r\n";
    if (answer.endless) {
        socket->write(head + "\r\n");
        QObject::connect(socket, &QTcpSocket::bytesWritten, socket, [socket, part = answer.body] {
            if (socket->bytesToWrite() == 0)
                socket->write(part);
        });
        socket->write(answer.body);
        return;
    }
    head += "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n";
    if (answer.cutOff) {
        socket->write(head + answer.body.left(answer.body.size() / 2));
        socket->disconnectFromHost();
        return;
    }
    socket->write(head + answer.body);
}

} // namespace llmemory::testing
