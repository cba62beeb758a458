#pragma once

#include "core/base/json.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QMutex>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>

class QTcpServer;
class QTcpSocket;

namespace llmemory::testing {

/// What the service was asked.
struct ServiceRequest
{
    QByteArray path;
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    Json body;

    /// The texts to embed.
    QList<QString> texts() const;
};

/// What the service answers.
struct ServiceAnswer
{
    int status = 200;
    QList<QPair<QByteArray, QByteArray>> headers = {};
    QByteArray body = {};
    int delayMs = 0;      ///< before the answer
    bool hangs = false;   ///< never answers
    bool cutOff = false;  ///< closes half-way through the body
    bool endless = false; ///< sends body again and again
};

/// An HTTP service on 127.0.0.1 on a thread of its own, with real sockets.
class EmbeddingService
{
public:
    /// Called on the service's thread.
    using Handler = std::function<ServiceAnswer(const ServiceRequest &)>;
    enum class Speaks {
        Http,
        Https, ///< with a certificate that nobody trusts
    };

    explicit EmbeddingService(Handler handler, Speaks speaks = Speaks::Http);
    ~EmbeddingService();
    Q_DISABLE_COPY_MOVE(EmbeddingService)

    /// "http://127.0.0.1:PORT/v1"
    QUrl url() const { return m_url; }
    QList<ServiceRequest> requests() const;
    /// Requests answered at the same time, at most.
    int mostAtOnce() const;

    /// Vectors of so many dimensions, near for texts that share words, and not of unit length.
    static ServiceAnswer vectors(const ServiceRequest &request, int dimension);

private:
    void listen(Speaks speaks);
    void read(QTcpSocket *socket);
    void handle(QTcpSocket *socket, const ServiceRequest &request);
    void answer(QTcpSocket *socket, const ServiceAnswer &answer);

    const Handler m_handler;
    QThread m_thread;
    QObject m_context;                    ///< lives on m_thread
    std::unique_ptr<QTcpServer> m_server; ///< of m_thread
    QUrl m_url;
    mutable QMutex m_mutex; // guards the rest
    QList<ServiceRequest> m_requests;
    int m_atOnce = 0;
    int m_mostAtOnce = 0;
};

} // namespace llmemory::testing
