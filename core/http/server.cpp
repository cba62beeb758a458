#include "core/http/server.h"

#include "core/base/logging.h"
#include "core/base/program_locator.h"
#include "core/extract/extraction_process.h"
#include "core/http/api/documents_api.h"
#include "core/http/api/embeddings_api.h"
#include "core/http/api/notebook_api.h"
#include "core/http/api/owners_api.h"
#include "core/http/api/saved_searches_api.h"
#include "core/http/api/search_api.h"
#include "core/http/api/searches_api.h"
#include "core/http/api/similar_api.h"
#include "core/http/api/stored_documents_api.h"
#include "core/http/request_guard.h"
#include "core/http/work_queue.h"
#include "core/memory.h"

#include <QCoreApplication>
#include <QHostAddress>

#include <mutex>
#include <set>

namespace llmemory::http {

namespace {

/// For answers that are written already to reach their clients after the work has ended.
constexpr std::chrono::milliseconds kFlushTime{2'000};
/// SHA-256.
constexpr qsizetype kHashBytes = 32;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http::Server", text);
}

Problem stopping()
{
    return {.status = 503,
            .code = QStringLiteral("stopping"),
            .detail = tr("The program is stopping."),
            .field = {}};
}

Problem busy()
{
    return {.status = 503,
            .code = QStringLiteral("busy"),
            .detail = tr("Too many requests are waiting. Try again in a moment."),
            .field = {}};
}

Problem timeUp()
{
    return {.status = 504,
            .code = QStringLiteral("timeout"),
            .detail = tr("The request took too long and was stopped."),
            .field = {}};
}

bool isLoopback(const QString &listen)
{
    return listen == QLatin1String("localhost") || QHostAddress(listen).isLoopback();
}

Result<> checkOptions(const ServerOptions &options)
{
    const auto wrong = [](const QString &message) {
        return Error{.kind = ErrorKind::Configuration, .message = message};
    };
    if (!options.requireToken && !isLoopback(options.listen))
        return wrong(tr("Without a token the endpoint listens on this machine only (127.0.0.1)."));
    if (options.requireToken && options.tokenSha256.size() != kHashBytes)
        return wrong(tr("The endpoint needs a token."));
    return {};
}

RequestGuard::Options guardOptions(const ServerOptions &options, quint16 port)
{
    RequestGuard::Options guard{
        .hosts = RequestGuard::hostsFor(options.listen, port, options.allowedHosts),
        .origins = {},
        .tokenSha256 = options.tokenSha256,
        .requireToken = options.requireToken,
        .badTokensPerMinute = options.limits.badTokensPerMinute};
    for (const QString &origin : options.allowedOrigins)
        guard.origins.append(origin.toLower().toUtf8());
    return guard;
}

FileReader fileReaderOf(const Memory &memory)
{
    // Extraction says so when there is none.
    const QString &given = memory.config().program;
    const extract::ExtractionProcess process(locateProgram(given).value_or(given));
    return [process](const QString &path, const std::atomic_bool *cancelled) {
        return process.extract(path, cancelled);
    };
}

Response preflightAnswer()
{
    Response response;
    response.status = 204;
    response.headers = {{"Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE"},
                        {"Access-Control-Allow-Headers", "Authorization, Content-Type"}};
    return response;
}

/// The requests that are being handled, to be stopped together. Any thread.
class RunningRequests
{
public:
    void add(const std::shared_ptr<Interrupt> &interrupt)
    {
        const std::lock_guard lock(m_mutex);
        m_interrupts.insert(interrupt);
    }
    void remove(const std::shared_ptr<Interrupt> &interrupt)
    {
        const std::lock_guard lock(m_mutex);
        m_interrupts.erase(interrupt);
    }
    void stopAll()
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &interrupt : m_interrupts)
            interrupt->raise(Interrupt::Reason::Shutdown);
    }

private:
    std::mutex m_mutex;
    std::set<std::shared_ptr<Interrupt>> m_interrupts; // guarded by m_mutex
};

} // namespace

struct Server::Private
{
    ServerOptions options;
    Router router;
    std::unique_ptr<RequestGuard> guard;
    RunningRequests running;
    std::atomic_bool isStopping = false;
    std::unique_ptr<WorkQueue> queue;
    std::unique_ptr<Transport> transport;

    void addRoutes(Memory &memory);
    void handle(const std::shared_ptr<Exchange> &exchange);
    void handleRoute(const std::shared_ptr<Exchange> &exchange);
    void run(const Route &route, Call &call);
    void answer(Exchange &exchange, Response response) const;
    void refuseSource(Exchange &exchange, const Problem &problem) const;
};

void Server::Private::addRoutes(Memory &memory)
{
    router.add({.method = "GET",
                .pattern = "/healthz",
                .handler =
                    [](Call &) {
                        return Response::json({{"status", "ok"}});
                    },
                .needsToken = false,
                .needsWorker = false});
    addSearchRoutes(router, memory, options.limits.searchTime);
    addSimilarRoutes(router, memory, options.limits.searchTime);
    addSearchHistoryRoutes(router, memory);
    addNotebookRoutes(router, memory);
    addSavedSearchRoutes(router, memory, options.limits.searchTime);
    addDocumentRoutes(router, memory, options.readFile);
    addStoredDocumentRoutes(router, memory);
    addOwnerRoutes(router, memory);
    addEmbeddingRoutes(router, memory);
}

void Server::Private::answer(Exchange &exchange, Response response) const
{
    response.headers.append(guard->corsHeaders(exchange.request()));
    exchange.answer(response);
}

void Server::Private::refuseSource(Exchange &exchange, const Problem &problem) const
{
    Response response = toResponse(problem);
    response.close = true; // whoever sends such a request has nothing more to say
    answer(exchange, response);
}

void Server::Private::handle(const std::shared_ptr<Exchange> &exchange)
{
    const Request &request = exchange->request();
    if (exchange->refusal())
        exchange->answer(toResponse(*exchange->refusal()));
    else if (isStopping)
        exchange->answer(toResponse(stopping()));
    else if (const auto refused = guard->checkSource(request))
        refuseSource(*exchange, *refused);
    else if (guard->isPreflight(request))
        answer(*exchange, preflightAnswer());
    else if (const auto unknown =
                 router.isPublic(request.path) ? std::nullopt : guard->checkToken(request))
        answer(*exchange, toResponse(*unknown));
    else
        handleRoute(exchange);
}

void Server::Private::handleRoute(const std::shared_ptr<Exchange> &exchange)
{
    const Request &request = exchange->request();
    const auto found = router.match(request.method, request.path);
    if (const auto *refused = std::get_if<Response>(&found)) {
        answer(*exchange, *refused);
        return;
    }
    const auto &match = std::get<RouteMatch>(found);
    if (const auto refused = checkBody(*match.route, request, options.limits.bodies)) {
        answer(*exchange, toResponse(*refused));
        return;
    }
    const auto deadline = match.route->timeLimit.count() > 0
                              ? Interrupt::Clock::now() + match.route->timeLimit
                              : Interrupt::Clock::time_point::max();
    Call call(exchange, match.pathParts, deadline, guard->corsHeaders(request));
    if (!match.route->needsWorker) {
        run(*match.route, call);
        return;
    }
    running.add(exchange->interrupt());
    const bool accepted = queue->submit([this, route = match.route, call]() mutable {
        run(*route, call);
        running.remove(call.sharedInterrupt());
    });
    if (!accepted) {
        running.remove(exchange->interrupt());
        answer(*exchange, toResponse(busy()));
    }
}

void Server::Private::run(const Route &route, Call &call)
{
    Response response;
    try {
        response = route.handler(call);
    } catch (const std::exception &e) {
        logging::error(QStringLiteral("http: %1 %2: %3")
                           .arg(QString::fromLatin1(route.method),
                                QString::fromLatin1(route.pattern),
                                QString::fromLocal8Bit(e.what())));
        response = toResponse(Error::internal(QString::fromLatin1(route.pattern)));
    }
    if (call.interrupt().reason() == Interrupt::Reason::TimeLimit)
        response = toResponse(timeUp());
    try {
        call.finish(response);
    } catch (const std::exception &e) {
        logging::warning(
            QStringLiteral("http: an answer was lost: %1").arg(QString::fromLocal8Bit(e.what())));
    }
}

Server::Server() : d(std::make_unique<Private>()) {}

Result<std::unique_ptr<Server>> Server::start(Memory &memory, ServerOptions options)
{
    if (auto ok = checkOptions(options); !ok)
        return ok.error();
    std::unique_ptr<Server> server(new Server);
    Private &d = *server->d;
    d.options = std::move(options);
    if (!d.options.readFile)
        d.options.readFile = fileReaderOf(memory);
    d.addRoutes(memory);
    d.queue = std::make_unique<WorkQueue>(d.options.limits.atWork, d.options.limits.waiting);
    auto transport = Transport::open(d.options.listen, d.options.port, d.options.limits.transport);
    if (!transport)
        return transport.error();
    d.transport = std::move(*transport);
    d.guard = std::make_unique<RequestGuard>(guardOptions(d.options, d.transport->port()));
    d.transport->serve([&d](const std::shared_ptr<Exchange> &exchange) { d.handle(exchange); });
    return server;
}

Server::~Server()
{
    stop();
}

QString Server::url() const
{
    const bool bare = d->options.listen.contains(QLatin1Char(':'));
    const QString host = bare ? QStringLiteral("[%1]").arg(d->options.listen) : d->options.listen;
    return QStringLiteral("http://%1:%2").arg(host).arg(port());
}

quint16 Server::port() const
{
    return d->transport ? d->transport->port() : d->options.port;
}

void Server::stop()
{
    if (!d->transport || d->isStopping.exchange(true))
        return;
    d->transport->stopListening();
    if (!d->queue->waitForDone(int(d->options.limits.stopTime.count())))
        d->running.stopAll();
    d->queue->waitForDone(-1);
    d->transport->waitForAnswers(kFlushTime);
    d->options.port = d->transport->port();
    d->transport.reset();
}

} // namespace llmemory::http
