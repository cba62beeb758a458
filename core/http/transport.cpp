#include "core/http/transport.h"

#include "core/base/logging.h"
#include "core/http/inspected_socket.h"

#include <QCoreApplication>

#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <restinio/all.hpp>
#include <thread>

namespace llmemory::http {

// RESTinio finds these two by argument-dependent lookup; its own are for its own sockets.

template <typename Connection, typename Start, typename Failed>
void prepare_connection_and_start_read(InspectedSocket &, Connection &, Start start, Failed)
{
    start();
}

inline restinio::tls_socket_t *make_tls_socket_pointer_for_state_listener(
    InspectedSocket &) noexcept
{
    return nullptr;
}

namespace {

struct Traits : restinio::traits_t<restinio::asio_timer_manager_t,
                                   restinio::null_logger_t,
                                   restinio::default_request_handler_t,
                                   restinio::noop_strand_t,
                                   InspectedSocket>
{
    static constexpr bool use_connection_count_limiter = true;
};

using HttpServer = restinio::http_server_t<Traits>;
using Builder = restinio::response_builder_t<restinio::user_controlled_output_t>;
using ChunkedBuilder = restinio::response_builder_t<restinio::chunked_output_t>;

/// Longer than any work: how long it may take is decided by the routes.
constexpr std::chrono::hours kHandlingTime{24};
/// How often RESTinio looks at its deadlines.
constexpr std::chrono::milliseconds kTimerPeriod{250};
/// Part of the connections that ::1 gets beside 127.0.0.1.
constexpr int kSecondListenerShare = 8;

/// Counts answers that have not gone yet. Any thread.
class OpenAnswers
{
public:
    void add()
    {
        const std::lock_guard lock(m_mutex);
        ++m_count;
    }
    void remove()
    {
        {
            const std::lock_guard lock(m_mutex);
            --m_count;
        }
        m_changed.notify_all();
    }
    bool waitForNone(std::chrono::milliseconds timeout)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, timeout, [this] { return m_count == 0; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_count = 0; // guarded by m_mutex
};

QByteArray methodName(const restinio::http_method_id_t &method)
{
    return QByteArray(method.c_str()).toUpper();
}

Request requestFrom(const restinio::request_t &received, bool http10)
{
    const auto &header = received.header();
    const std::string &target = header.request_target();
    const QByteArray whole = QByteArray::fromStdString(target);
    const qsizetype mark = whole.indexOf('?');
    Request request;
    request.method = methodName(header.method());
    request.path = mark < 0 ? whole : whole.left(mark);
    request.queryText = mark < 0 ? QByteArray() : whole.mid(mark + 1);
    header.for_each_field([&](const restinio::http_header_field_t &field) {
        request.headers.append(Header{QByteArray::fromStdString(field.name()).toLower(),
                                      QByteArray::fromStdString(field.value()).trimmed()});
    });
    request.body =
        QByteArray::fromRawData(received.body().data(), qsizetype(received.body().size()));
    request.http10 = http10;
    return request;
}

/// An Exchange over RESTinio.
class ServedExchange final : public Exchange
{
public:
    ServedExchange(restinio::request_handle_t received,
                   ConnectionState *connection,
                   std::shared_ptr<OpenAnswers> open,
                   const std::atomic_bool &closing)
        : m_received(std::move(received)), m_open(std::move(open)), m_closing(closing)
    {
        m_request = requestFrom(*m_received, connection && connection->gate.isHttp10());
        if (connection) {
            m_refusal = connection->gate.refusal();
            connection->interrupt = m_interrupt;
        }
        m_open->add();
    }
    ~ServedExchange() override { m_open->remove(); }
    Q_DISABLE_COPY_MOVE(ServedExchange)

    void answer(const Response &response) override
    {
        Builder builder =
            m_received->create_response<restinio::user_controlled_output_t>(status(response));
        addHeaders(builder, response);
        builder.set_content_length(size_t(response.body.size()));
        if (m_request.method != "HEAD" && !response.body.isEmpty())
            builder.append_body(response.body.toStdString());
        builder.done(keepOpen());
    }

    void begin(const Response &head) override
    {
        m_head = head;
        if (m_request.http10)
            return; // knows no chunks: everything goes at once, at the end
        m_chunks.emplace(m_received->create_response<restinio::chunked_output_t>(status(head)));
        addHeaders(*m_chunks, head);
        m_chunks->flush();
    }

    bool write(const QByteArray &piece) override
    {
        if (!m_chunks) {
            m_head.body.append(piece);
            return m_interrupt->reason() != Interrupt::Reason::ClientGone;
        }
        const auto handled = std::make_shared<std::atomic_bool>(false);
        const auto failed = std::make_shared<std::atomic_bool>(false);
        m_chunks->append_chunk(piece.toStdString());
        m_chunks->flush([handled, failed, interrupt = m_interrupt](const asio::error_code &error) {
            *failed = bool(error);
            *handled = true;
            interrupt->wake();
        });
        m_interrupt->waitFor(*handled, Interrupt::Clock::time_point::max());
        return !*failed && m_interrupt->reason() != Interrupt::Reason::ClientGone;
    }

    void end() override
    {
        if (m_chunks)
            m_chunks->done(keepOpen());
        else
            answer(m_head);
    }

private:
    static restinio::http_status_line_t status(const Response &response)
    {
        return {restinio::http_status_code_t(quint16(response.status)),
                reasonPhrase(response.status).toStdString()};
    }

    template <typename AnyBuilder>
    void addHeaders(AnyBuilder &builder, const Response &response)
    {
        const QList<Header> common = securityHeaders();
        for (const QList<Header> &list : {common, response.headers}) {
            for (const Header &header : list)
                builder.append_header(header.name.toStdString(), header.value.toStdString());
        }
        if (response.status != 204)
            builder.append_header("Content-Type", response.contentType.toStdString());
        builder.append_header_date_field();
        if (response.close || m_closing || m_refusal)
            builder.connection_close();
    }

    /// Counts as an open answer until it has gone, also when this object has gone before.
    restinio::write_status_cb_t keepOpen()
    {
        m_open->add();
        return [open = m_open](const asio::error_code &) { open->remove(); };
    }

    restinio::request_handle_t m_received;
    std::shared_ptr<OpenAnswers> m_open;
    const std::atomic_bool &m_closing;
    std::optional<ChunkedBuilder> m_chunks;
    Response m_head;
};

Error cannotListen(const QString &address, quint16 port, const QString &reason)
{
    return {.kind = ErrorKind::Unavailable,
            .message =
                QCoreApplication::translate(
                    "llmemory::http",
                    "Cannot listen on %1, port %2: %3. Choose another port, or end the program "
                    "that uses it.")
                    .arg(address)
                    .arg(port)
                    .arg(reason),
            .code = QStringLiteral("cannot_listen")};
}

} // namespace

struct Transport::Private
{
    TransportLimits limits;
    RequestHandler handler;
    asio::io_context context{1};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
    std::unique_ptr<HttpServer> server;
    std::unique_ptr<HttpServer> secondServer;
    std::shared_ptr<OpenAnswers> open = std::make_shared<OpenAnswers>();
    std::atomic_bool closing = false;
    std::thread thread;
    quint16 port = 0;

    ConnectionRegistry &registry() { return asio::use_service<ConnectionRegistry>(context); }

    std::unique_ptr<HttpServer> listenOn(const asio::ip::address &address,
                                         quint16 wanted,
                                         int connections)
    {
        restinio::server_settings_t<Traits> settings;
        settings.address(address)
            .port(wanted)
            .protocol(address.is_v6() ? asio::ip::tcp::v6() : asio::ip::tcp::v4())
            .buffer_size(16 * 1024)
            .max_pipelined_requests(1)
            .max_parallel_connections(size_t(connections))
            .read_next_http_message_timelimit(limits.readTime)
            .write_http_response_timelimit(limits.writeTime)
            .handle_request_timeout(kHandlingTime)
            .incoming_http_msg_limits(
                restinio::incoming_http_msg_limits_t{}.max_body_size(quint64(limits.message.body)))
            .timer_manager(kTimerPeriod)
            .acceptor_options_setter([address](restinio::acceptor_options_t &options) {
                options.set_option(asio::ip::tcp::acceptor::reuse_address(true));
                if (address.is_v6())
                    options.set_option(asio::ip::v6_only(true));
            })
            .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor &acceptor) {
                // asio opens without O_CLOEXEC; the programs that we start must not hold the port.
                ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
                port = acceptor.local_endpoint().port();
            })
            .request_handler(
                [this](const restinio::request_handle_t &request) { return take(request); });
        auto listener = std::make_unique<HttpServer>(restinio::external_io_context(context),
                                                     std::move(settings));
        listener->open_sync();
        return listener;
    }

    restinio::request_handling_status_t take(const restinio::request_handle_t &request)
    {
        handler(std::make_shared<ServedExchange>(
            request, registry().find(request->remote_endpoint()), open, closing));
        return restinio::request_accepted();
    }

    void listenOnSecondLoopback(int connections)
    {
        try {
            secondServer = listenOn(asio::ip::address_v6::loopback(), port, connections);
        } catch (const std::exception &e) {
            logging::info(
                QStringLiteral("http: not listening on ::1: %1").arg(QString::fromUtf8(e.what())));
        }
    }
};

Transport::Transport() : d(std::make_unique<Private>()) {}

Result<std::unique_ptr<Transport>> Transport::open(const QString &address,
                                                   quint16 port,
                                                   const TransportLimits &limits)
{
    const QString name =
        address == QLatin1String("localhost") ? QStringLiteral("127.0.0.1") : address;
    asio::error_code notAnAddress;
    const auto parsed = asio::ip::make_address(name.toStdString(), notAnAddress);
    if (notAnAddress) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = QCoreApplication::translate("llmemory::http",
                                                            "\"%1\" is no address to listen on.")
                                    .arg(address)};
    }
    std::unique_ptr<Transport> transport(new Transport);
    Private &d = *transport->d;
    d.limits = limits;
    d.registry().setLimits(limits.message, limits.idleTime);
    const bool second =
        parsed == asio::ip::address_v4::loopback() && limits.connections >= kSecondListenerShare;
    const int share = second ? limits.connections / kSecondListenerShare : 0;
    try {
        d.server = d.listenOn(parsed, port, limits.connections - share);
    } catch (const std::exception &e) {
        return cannotListen(address, port, QString::fromLocal8Bit(e.what()));
    }
    if (second)
        d.listenOnSecondLoopback(share);
    return transport;
}

void Transport::serve(RequestHandler handler)
{
    d->handler = std::move(handler);
    d->work.emplace(d->context.get_executor());
    d->thread = std::thread([this] { d->context.run(); });
}

Transport::~Transport()
{
    if (!d->thread.joinable())
        return;
    stopListening();
    // Connections must end before the listeners that count them: run() returns when the last one
    // has.
    asio::post(d->context, [this] {
        d->registry().closeAll();
        d->work.reset();
    });
    d->thread.join();
}

quint16 Transport::port() const
{
    return d->port;
}

void Transport::stopListening()
{
    if (d->closing.exchange(true))
        return;
    asio::post(d->context, [this] {
        d->server->close_sync();
        if (d->secondServer)
            d->secondServer->close_sync();
    });
}

bool Transport::waitForAnswers(std::chrono::milliseconds timeout)
{
    return d->open->waitForNone(timeout);
}

} // namespace llmemory::http
