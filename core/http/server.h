#pragma once

#include "core/base/result.h"
#include "core/http/api/file_reader.h"
#include "core/http/router.h"
#include "core/http/transport.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <chrono>
#include <memory>

namespace llmemory {
class Memory;
}

namespace llmemory::http {

/// Numbers of the endpoint; the defaults are those of the specification.
struct ServerLimits
{
    TransportLimits transport;
    BodyLimits bodies;
    int atWork = 8;                               ///< requests handled at a time
    int waiting = 32;                             ///< requests beyond them; then 503
    int badTokensPerMinute = 20;                  ///< answered 401; then 429
    std::chrono::milliseconds searchTime{30'000}; ///< from the request's arrival; then 504
    std::chrono::milliseconds stopTime{10'000};   ///< for running work when the server stops
};

struct ServerOptions
{
    QString listen = QStringLiteral("127.0.0.1"); ///< an address, or "localhost"
    quint16 port = 8765;                          ///< 0: a free one
    QByteArray tokenSha256;                       ///< 32 bytes; see TokenStore::sha256()
    bool requireToken = true;                     ///< false only on loopback
    QStringList allowedHosts;                     ///< further values of Host, with or without port
    QStringList allowedOrigins;                   ///< web origins that may call; empty: none
    FileReader readFile; ///< for uploads; empty: a child of the Memory's program
    ServerLimits limits;
};

/// The local HTTP endpoint over a Memory. start(), url(), port() and stop() in one thread; requests
/// are handled in threads of its own.
class Server
{
public:
    /// Listens. @p memory must outlive the server.
    /// Error: Configuration for options that do not fit together; Unavailable when the address is
    /// taken.
    static Result<std::unique_ptr<Server>> start(Memory &memory, ServerOptions options);
    /// Stops.
    ~Server();
    Q_DISABLE_COPY_MOVE(Server)

    /// "http://127.0.0.1:8765", with the port that was picked.
    QString url() const;
    quint16 port() const;
    /// Stops listening, answers 503 on connections that are there, gives running requests 10 s,
    /// then stops them and closes everything. Blocks, at most about 12 s. Idempotent.
    void stop();

private:
    Server();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory::http
