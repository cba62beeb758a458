#include "core/db/connection_pool.h"

#include "core/base/logging.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMutex>
#include <QThread>
#include <QThreadStorage>
#include <QWaitCondition>

#include <atomic>
#include <libpq-fe.h>
#include <list>
#include <thread>

namespace llmemory::db {

namespace {

/// How soon a cancelled future stops its statement in the server.
constexpr int kCancelPollMs = 25;
/// Pauses between attempts to reach a lost server; about 8 s in all, then the task fails as
/// Unavailable.
constexpr int kReconnectPausesMs[] = {0, 250, 500, 1000, 2000, 4000};

struct Slot
{
    std::unique_ptr<Connection> connection;
};

struct Running
{
    std::function<bool()> isCancelled;
    PGcancel *handle;
};

} // namespace

struct ConnectionPool::Private
{
    ConnectionParams params;
    int size = 1;
    BeforeReconnect beforeReconnect;
    std::function<void(const QString &)> stateCallback;
    std::atomic_bool closing = false;
    std::atomic_bool lost = false;

    QMutex mutex;
    QWaitCondition changed;
    std::list<Running> running; // guarded by mutex
    bool stopCanceller = false; // guarded by mutex
    std::thread canceller;

    QThreadStorage<Slot *>
        connections; // destroyed after the pool's threads, which own its contents
    QMutex threadsMutex;
    std::unique_ptr<QThreadPool> threads; // guarded by threadsMutex

    class CancelRegistration;

    void cancelLoop();
    Result<Connection *> connection(const CancelTest &isCancelled);
    Result<> openInto(Slot &slot, const CancelTest &isCancelled);
    void report(const QString &reason);
};

/// Keeps a statement cancellable while it exists.
class ConnectionPool::Private::CancelRegistration
{
public:
    CancelRegistration(Private &pool,
                       Connection &connection,
                       const std::function<bool()> &isCancelled)
        : m_pool(pool), m_handle(connection.cancelHandle())
    {
        const QMutexLocker lock(&m_pool.mutex);
        m_entry = m_pool.running.insert(m_pool.running.end(), {isCancelled, m_handle});
        m_pool.changed.wakeAll();
    }
    ~CancelRegistration()
    {
        const QMutexLocker lock(&m_pool.mutex);
        m_pool.running.erase(m_entry);
        PQfreeCancel(m_handle);
    }
    Q_DISABLE_COPY_MOVE(CancelRegistration)

private:
    Private &m_pool;
    PGcancel *m_handle;
    std::list<Running>::iterator m_entry;
};

ConnectionPool::ConnectionPool(ConnectionParams params, int size) : d(std::make_unique<Private>())
{
    d->params = std::move(params);
    d->size = size;
    d->threads = std::make_unique<QThreadPool>();
    d->threads->setMaxThreadCount(size);
    d->threads->setExpiryTimeout(-1);
    d->canceller = std::thread([this] { d->cancelLoop(); });
}

ConnectionPool::~ConnectionPool()
{
    close();
}

void ConnectionPool::setBeforeReconnect(BeforeReconnect hook)
{
    d->beforeReconnect = std::move(hook);
}

void ConnectionPool::setStateCallback(std::function<void(const QString &)> callback)
{
    d->stateCallback = std::move(callback);
}

const ConnectionParams &ConnectionPool::params() const
{
    return d->params;
}

int ConnectionPool::size() const
{
    return d->size;
}

void ConnectionPool::close()
{
    std::unique_ptr<QThreadPool> threads;
    {
        const QMutexLocker lock(&d->threadsMutex);
        threads = std::move(d->threads);
    }
    if (!threads)
        return;
    d->closing = true;
    threads->waitForDone();
    threads.reset(); // ends the threads, and with them their connections
    {
        const QMutexLocker lock(&d->mutex);
        d->stopCanceller = true;
        d->changed.wakeAll();
    }
    d->canceller.join();
}

void ConnectionPool::startJob(std::function<void()> job)
{
    {
        const QMutexLocker lock(&d->threadsMutex);
        if (d->threads) {
            d->threads->start(std::move(job));
            return;
        }
    }
    job(); // closed: answers Cancelled at once
}

void ConnectionPool::Private::cancelLoop()
{
    QMutexLocker lock(&mutex);
    while (!stopCanceller) {
        if (running.empty()) {
            changed.wait(&mutex);
            continue;
        }
        for (const Running &task : running) {
            char text[256];
            if ((closing || task.isCancelled()) && task.handle)
                PQcancel(task.handle, text, sizeof text);
        }
        changed.wait(&mutex, kCancelPollMs);
    }
}

void ConnectionPool::Private::report(const QString &reason)
{
    const bool nowLost = !reason.isEmpty();
    if (lost.exchange(nowLost) != nowLost && stateCallback)
        stateCallback(reason);
}

Result<> ConnectionPool::Private::openInto(Slot &slot, const CancelTest &isCancelled)
{
    Error last;
    const bool wasLost = slot.connection != nullptr || lost;
    slot.connection.reset();
    for (const int pause : kReconnectPausesMs) {
        for (int waited = 0; waited < pause && !closing && !isCancelled(); waited += kCancelPollMs)
            QThread::msleep(kCancelPollMs);
        if (closing || isCancelled())
            return Error::cancelled();
        if ((wasLost || pause > 0) && beforeReconnect) {
            if (auto ok = beforeReconnect(); !ok)
                logging::warning(QStringLiteral("reconnect: %1").arg(ok.error().message));
        }
        auto opened = Connection::open(params);
        if (opened) {
            slot.connection = std::move(*opened);
            report({});
            return {};
        }
        last = opened.error();
        if (last.kind != ErrorKind::Unavailable)
            break;
        report(last.message);
    }
    return last;
}

Result<Connection *> ConnectionPool::Private::connection(const CancelTest &isCancelled)
{
    if (!connections.hasLocalData())
        connections.setLocalData(new Slot);
    Slot &slot = *connections.localData();
    if (!slot.connection || !slot.connection->isOpen()) {
        if (auto ok = openInto(slot, isCancelled); !ok)
            return ok.error();
    }
    return slot.connection.get();
}

void ConnectionPool::execute(Access access,
                             const CancelTest &isCancelled,
                             const std::function<Result<>(Connection &)> &body,
                             const std::function<void(Error)> &fail)
{
    for (int attempt = 1; attempt <= 2; ++attempt) {
        if (d->closing || isCancelled())
            return fail(Error::cancelled());
        auto connection = d->connection(isCancelled);
        if (!connection)
            return fail(connection.error());
        Connection &open = **connection;
        open.setSucceeded(0);
        const Private::CancelRegistration registration(*d, open, isCancelled);
        const Result<> outcome = [&]() -> Result<> {
            try {
                return body(open);
            } catch (const std::exception &e) {
                Error error = Error::internal(QString::fromUtf8(e.what()));
                fail(error);
                return error;
            }
        }();
        if (outcome || !isConnectionLoss(outcome.error()))
            return;
        if (access == Access::Write && open.succeeded() > 0)
            return;
    }
}

} // namespace llmemory::db
