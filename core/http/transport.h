#pragma once

#include "core/http/exchange.h"
#include "core/http/message_head.h"

#include <QString>

#include <chrono>
#include <functional>
#include <memory>

namespace llmemory::http {

/// Numbers of the connections; the defaults are those of the specification.
struct TransportLimits
{
    MessageLimits message;
    int connections = 32;                        ///< more wait to be accepted
    std::chrono::milliseconds readTime{30'000};  ///< until a message has come whole
    std::chrono::milliseconds writeTime{30'000}; ///< until an answer, or a piece of one, has gone
    std::chrono::milliseconds idleTime{15'000};  ///< between messages
};

/// Receives requests and sends answers: the only place that knows RESTinio. It runs one thread of
/// its own, in which the handler is called and which must never block.
class Transport
{
public:
    using RequestHandler = std::function<void(std::shared_ptr<Exchange>)>;

    /// Takes @p address, and with 127.0.0.1 also ::1 where that is there, with an eighth of the
    /// connections. Nobody is answered before serve(). @param port  0 picks a free one
    /// Error: Configuration for an address that is none; Unavailable when it cannot be had.
    static Result<std::unique_ptr<Transport>> open(const QString &address,
                                                   quint16 port,
                                                   const TransportLimits &limits);
    /// Closes everything at once; stop listening and wait for answers before.
    ~Transport();
    Q_DISABLE_COPY_MOVE(Transport)

    quint16 port() const;
    /// Starts the thread; @p handler is called in it. Once.
    void serve(RequestHandler handler);
    /// No new connections; those that are there end with their next answer. Does not block.
    void stopListening();
    /// Blocks until every answer has gone to its client, at most @p timeout. @return whether it is
    /// so
    bool waitForAnswers(std::chrono::milliseconds timeout);

private:
    Transport();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory::http
