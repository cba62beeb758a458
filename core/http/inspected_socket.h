#pragma once

#include "core/http/interrupt.h"
#include "core/http/message_gate.h"

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <unordered_set>

namespace llmemory::http {

class InspectedSocket;

/// What a connection has besides its socket. Lives in the thread of the io_context.
struct ConnectionState
{
    ConnectionState(InspectedSocket &itsSocket, const MessageLimits &limits);
    ~ConnectionState();
    Q_DISABLE_COPY_MOVE(ConnectionState)

    InspectedSocket &socket;
    asio::ip::tcp::endpoint peer;
    MessageGate gate;
    asio::steady_timer idleTimer;
    std::array<char, 16 * 1024> received{};
    /// Of the request that is being handled.
    std::weak_ptr<Interrupt> interrupt;
    /// Counts reads, so that a watch for the client's leaving knows when it is out of date.
    quint64 reads = 0;
};

/// The connections of an io_context, by which a request finds the connection it came on: RESTinio
/// hands out the peer's address and no more. Used in the thread of the io_context only.
class ConnectionRegistry final : public asio::execution_context::service
{
public:
    static asio::execution_context::id id;
    explicit ConnectionRegistry(asio::execution_context &context);

    void setLimits(const MessageLimits &limits, std::chrono::milliseconds idleTime);
    const MessageLimits &limits() const { return m_limits; }
    std::chrono::milliseconds idleTime() const { return m_idleTime; }

    void add(ConnectionState *state);
    void remove(ConnectionState *state);
    /// Null where there is none.
    ConnectionState *find(const asio::ip::tcp::endpoint &peer) const;
    /// Ends every connection, whatever it does.
    void closeAll();

private:
    void shutdown() override {}

    MessageLimits m_limits;
    std::chrono::milliseconds m_idleTime{0};
    std::unordered_set<ConnectionState *> m_states;
};

/// The socket that RESTinio reads from: what it reads has passed a MessageGate, a connection
/// without requests ends after the idle time, and a client that leaves while its request is being
/// handled raises the request's interrupt. RESTinio must be told to take one request at a time.
class InspectedSocket final : public asio::ip::tcp::socket
{
public:
    using ReadHandler = std::function<void(const asio::error_code &, std::size_t)>;

    explicit InspectedSocket(asio::io_context &context);

    /// Hides the base's, so that RESTinio gets at the functions below.
    InspectedSocket &lowest_layer() { return *this; }
    /// Unlike the base's it does not throw when the peer has gone already: RESTinio would lose one
    /// of its places for connections with each of those.
    asio::ip::tcp::endpoint remote_endpoint() const;
    /// @p handler is called in the thread of the io_context and keeps the socket alive.
    void async_read_some(asio::mutable_buffer buffer, ReadHandler handler);

private:
    void deliver(asio::mutable_buffer buffer, ReadHandler handler);
    void readMore(asio::mutable_buffer buffer, ReadHandler handler);
    void sendContinue(asio::mutable_buffer buffer, ReadHandler handler);
    void watchForLeaving();
    void startIdleTimer();

    ConnectionRegistry *m_registry;
    std::shared_ptr<ConnectionState> m_state; ///< made with the first read, after the last move
};

} // namespace llmemory::http
