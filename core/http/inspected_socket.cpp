#include "core/http/inspected_socket.h"

#include <asio/post.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>

namespace llmemory::http {

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

ConnectionState::ConnectionState(InspectedSocket &itsSocket, const MessageLimits &limits)
    : socket(itsSocket)
    , peer(itsSocket.remote_endpoint())
    , gate(limits)
    , idleTimer(itsSocket.get_executor())
{
}

ConnectionState::~ConnectionState() = default;

asio::execution_context::id ConnectionRegistry::id;

ConnectionRegistry::ConnectionRegistry(asio::execution_context &context)
    : asio::execution_context::service(context)
{
}

void ConnectionRegistry::setLimits(const MessageLimits &limits, std::chrono::milliseconds idleTime)
{
    m_limits = limits;
    m_idleTime = idleTime;
}

void ConnectionRegistry::add(ConnectionState *state)
{
    m_states.insert(state);
}

void ConnectionRegistry::remove(ConnectionState *state)
{
    m_states.erase(state);
}

ConnectionState *ConnectionRegistry::find(const asio::ip::tcp::endpoint &peer) const
{
    for (ConnectionState *state : m_states) {
        if (state->peer == peer)
            return state;
    }
    return nullptr;
}

void ConnectionRegistry::closeAll()
{
    for (ConnectionState *state : m_states) {
        asio::error_code ignored;
        state->socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    }
}

InspectedSocket::InspectedSocket(asio::io_context &context)
    : asio::ip::tcp::socket(context), m_registry(&asio::use_service<ConnectionRegistry>(context))
{
}

asio::ip::tcp::endpoint InspectedSocket::remote_endpoint() const
{
    asio::error_code ignored;
    return asio::ip::tcp::socket::remote_endpoint(ignored);
}

void InspectedSocket::async_read_some(asio::mutable_buffer buffer, ReadHandler handler)
{
    if (!m_state) {
        ConnectionRegistry *registry = m_registry;
        m_state = {new ConnectionState(*this, registry->limits()),
                   [registry](ConnectionState *state) {
                       registry->remove(state);
                       delete state;
                   }};
        registry->add(m_state.get());
        // asio accepts without O_CLOEXEC; the programs that we start must not hold connections.
        ::fcntl(native_handle(), F_SETFD, FD_CLOEXEC);
    }
    ++m_state->reads;
    if (m_state->gate.isComplete())
        m_state->gate.nextMessage();
    if (m_state->gate.isIdle())
        startIdleTimer();
    deliver(buffer, std::move(handler));
}

void InspectedSocket::deliver(asio::mutable_buffer buffer, ReadHandler handler)
{
    MessageGate &gate = m_state->gate;
    const auto count = gate.take(static_cast<char *>(buffer.data()), qsizetype(buffer.size()));
    if (count > 0) {
        if (gate.isComplete())
            watchForLeaving();
        asio::post(get_executor(),
                   [handler = std::move(handler), count] { handler({}, std::size_t(count)); });
    } else if (gate.isBroken()) {
        asio::post(get_executor(),
                   [handler = std::move(handler)] { handler(asio::error::connection_aborted, 0); });
    } else if (gate.takeContinue()) {
        sendContinue(buffer, std::move(handler));
    } else {
        readMore(buffer, std::move(handler));
    }
}

void InspectedSocket::readMore(asio::mutable_buffer buffer, ReadHandler handler)
{
    asio::ip::tcp::socket::async_read_some(
        asio::buffer(m_state->received),
        [this, buffer, handler = std::move(handler)](const asio::error_code &error,
                                                     std::size_t count) {
            m_state->idleTimer.cancel();
            if (error) {
                handler(error, 0);
                return;
            }
            m_state->gate.feed(QByteArrayView(m_state->received.data(), qsizetype(count)));
            deliver(buffer, handler);
        });
}

void InspectedSocket::sendContinue(asio::mutable_buffer buffer, ReadHandler handler)
{
    asio::async_write(
        static_cast<asio::ip::tcp::socket &>(*this),
        asio::buffer(kContinue),
        [this, buffer, handler = std::move(handler)](const asio::error_code &error, std::size_t) {
            if (error)
                handler(error, 0);
            else
                readMore(buffer, handler);
        });
}

void InspectedSocket::watchForLeaving()
{
    async_wait(
        wait_read,
        [weak = std::weak_ptr(m_state), reads = m_state->reads](const asio::error_code &error) {
            const auto state = weak.lock();
            if (error || !state || state->reads != reads)
                return;
            char next = 0;
            const auto count =
                ::recv(state->socket.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
            if (count > 0 || (count < 0 && errno == EAGAIN))
                return; // the next request is there already: this client waits
            if (const auto interrupt = state->interrupt.lock())
                interrupt->raise(Interrupt::Reason::ClientGone);
        });
}

void InspectedSocket::startIdleTimer()
{
    m_state->idleTimer.expires_after(m_registry->idleTime());
    m_state->idleTimer.async_wait([weak = std::weak_ptr(m_state)](const asio::error_code &error) {
        const auto state = weak.lock();
        const auto now = asio::steady_timer::clock_type::now();
        if (error || !state || !state->gate.isIdle() || state->idleTimer.expiry() > now)
            return;
        asio::error_code ignored;
        state->socket.shutdown(shutdown_both,
                               ignored); // the read that is waiting ends, and with it all
    });
}

} // namespace llmemory::http
