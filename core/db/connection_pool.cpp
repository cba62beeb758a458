#include "core/db/connection_pool.h"

#include "core/base/logging.h"

#include <QCoreApplication>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <libpq-fe.h>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace llmemory::db {

namespace {

using Clock = std::chrono::steady_clock;

/// How soon a cancelled future stops its statement in the server.
constexpr std::chrono::milliseconds kCancelPoll{25};
/// Pauses between attempts to reach a lost server; about 8 s in all, then the task fails as
/// Unavailable.
constexpr std::chrono::milliseconds kReconnectPauses[] = {std::chrono::milliseconds(0),
                                                          std::chrono::milliseconds(250),
                                                          std::chrono::milliseconds(500),
                                                          std::chrono::milliseconds(1000),
                                                          std::chrono::milliseconds(2000),
                                                          std::chrono::milliseconds(4000)};

/// A task that a worker is at.
struct Running
{
    std::function<bool()> isCancelled;
    PGcancel *handle;
    bool beingCancelled = false;
};

ConnectionParams withConnectTimeout(ConnectionParams params, std::chrono::milliseconds timeout)
{
    const QString keyword = QStringLiteral("connect_timeout=");
    for (const QString &option : std::as_const(params.options)) {
        if (option.startsWith(keyword))
            return params;
    }
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeout).count();
    params.options << keyword + QString::number(seconds);
    return params;
}

Error busyError(const PoolOptions &options)
{
    return {.kind = ErrorKind::Unavailable,
            .message = QCoreApplication::translate("llmemory::db",
                                                   "All %1 database connections are in use, and "
                                                   "none became free within %2 s. Try again, or "
                                                   "raise the setting db_max_pool_size.")
                           .arg(options.maxConnections)
                           .arg(std::chrono::duration<double>(options.acquireTimeout).count()),
            .code = QStringLiteral("pool_busy")};
}

} // namespace

/// A thread with its connection.
class ConnectionPool::Worker
{
public:
    explicit Worker(quint64 number) : number(number) {}

    const quint64 number; ///< in the order in which workers are made
    std::thread thread;
    std::condition_variable wake;           ///< there is a task for it, or the pool closes
    bool isWoken = false;                   ///< guarded by the pool's mutex
    std::unique_ptr<Connection> connection; ///< only the thread touches it
};

struct ConnectionPool::Private
{
    struct Waiting
    {
        Job job;
        Clock::time_point deadline;
    };
    class CancelRegistration;

    ConnectionParams params;
    PoolOptions options;
    BeforeReconnect beforeReconnect;
    std::function<void(const QString &)> stateCallback;
    std::atomic_bool closing = false;
    std::atomic_bool lost = false;

    std::mutex mutex;
    std::condition_variable changed; ///< for the monitor, and for who waits for it
    std::deque<Waiting> waiting;     // guarded by mutex
    std::list<Worker> workers;       // guarded by mutex
    std::list<Worker> ended;         // guarded by mutex; to be joined
    quint64 made = 0;                // guarded by mutex; workers
    /// Guarded by mutex; workers that wait for a task, the oldest one last, which gets the next.
    /// A server's process first has to map each page that it touches, and those that have done so
    /// answer up to twice as fast: tasks that come in the same order again, as a search's do, each
    /// find the process that has seen their like. The others close in time.
    std::vector<Worker *> idle;
    int woken = 0;              // guarded by mutex; on their way to a task
    std::list<Running> running; // guarded by mutex
    bool stopMonitor = false;   // guarded by mutex
    bool monitorSleeps = false; // guarded by mutex; else it looks every kCancelPoll
    std::thread monitor;

    void workLoop(std::list<Worker>::iterator self);
    bool waitForWork(Worker &self, std::unique_lock<std::mutex> &lock);
    void wakeWorker();
    void monitorLoop();
    void wakeMonitor();
    std::vector<Job> takeHopeless();
    void cancelInServer(std::unique_lock<std::mutex> &lock);
    Result<Connection *> connection(Worker &worker, const CancelTest &isCancelled);
    Result<> open(Worker &worker, const CancelTest &isCancelled);
    void report(const QString &reason);
};

/// Keeps a statement cancellable while it exists.
class ConnectionPool::Private::CancelRegistration
{
public:
    CancelRegistration(Private &pool, Connection &connection, const CancelTest &isCancelled)
        : m_pool(pool), m_handle(connection.cancelHandle())
    {
        const std::lock_guard lock(m_pool.mutex);
        m_entry = m_pool.running.insert(m_pool.running.end(), {isCancelled, m_handle});
        m_pool.wakeMonitor();
    }
    ~CancelRegistration()
    {
        std::unique_lock lock(m_pool.mutex);
        // A cancel request on its way must not hit the connection's next task.
        m_pool.changed.wait(lock, [this] { return !m_entry->beingCancelled; });
        m_pool.running.erase(m_entry);
        PQfreeCancel(m_handle);
    }
    Q_DISABLE_COPY_MOVE(CancelRegistration)

private:
    Private &m_pool;
    PGcancel *m_handle;
    std::list<Running>::iterator m_entry;
};

Result<std::shared_ptr<ConnectionPool>> ConnectionPool::create(const QString &connectionString,
                                                               const PoolOptions &options)
{
    if (auto ok = options.validate(); !ok)
        return ok.error();
    auto params = ConnectionParams::parse(connectionString);
    if (!params)
        return params.error();
    return std::make_shared<ConnectionPool>(std::move(*params), options);
}

ConnectionPool::ConnectionPool(ConnectionParams params, const PoolOptions &options)
    : d(std::make_unique<Private>())
{
    d->params = withConnectTimeout(std::move(params), options.connectTimeout);
    d->options = options;
    d->monitor = std::thread([this] { d->monitorLoop(); });
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

const PoolOptions &ConnectionPool::options() const
{
    return d->options;
}

PoolStatistics ConnectionPool::statistics() const
{
    const std::lock_guard lock(d->mutex);
    PoolStatistics figures;
    figures.open = int(d->workers.size());
    figures.busy = figures.open - int(d->idle.size());
    figures.waiting = int(d->waiting.size());
    figures.most = d->options.maxConnections;
    return figures;
}

void ConnectionPool::close()
{
    std::deque<Private::Waiting> refused;
    {
        const std::lock_guard lock(d->mutex);
        d->closing = true;
        refused.swap(d->waiting);
        for (Worker &worker : d->workers)
            worker.wake.notify_one();
        d->changed.notify_all();
    }
    for (Private::Waiting &entry : refused)
        entry.job.refuse(Error::cancelled());
    {
        std::unique_lock lock(d->mutex);
        d->changed.wait(lock, [this] { return d->workers.empty() && d->ended.empty(); });
        d->stopMonitor = true;
        d->changed.notify_all();
    }
    if (d->monitor.joinable())
        d->monitor.join();
}

void ConnectionPool::startJob(Job job)
{
    {
        const std::lock_guard lock(d->mutex);
        if (!d->closing) {
            d->waiting.push_back({std::move(job), Clock::now() + d->options.acquireTimeout});
            const bool everyoneBusy = d->idle.empty() && d->woken < int(d->waiting.size());
            if (everyoneBusy && int(d->workers.size()) < d->options.maxConnections) {
                const auto self = d->workers.emplace(d->workers.end(), ++d->made);
                self->thread = std::thread([this, self] { d->workLoop(self); });
            } else {
                d->wakeWorker();
            }
            d->wakeMonitor();
            return;
        }
    }
    job.refuse(Error::cancelled());
}

/// False when the worker is not needed any more.
bool ConnectionPool::Private::waitForWork(Worker &self, std::unique_lock<std::mutex> &lock)
{
    while (waiting.empty() && !closing) {
        const auto isOlder = [](const Worker *a, const Worker *b) { return a->number > b->number; };
        idle.insert(std::upper_bound(idle.begin(), idle.end(), &self, isOlder), &self);
        self.wake.wait_for(lock, options.idleTimeout, [&] { return self.isWoken || closing; });
        if (std::exchange(self.isWoken, false)) {
            --woken;
            continue;
        }
        std::erase(idle, &self);
        if (waiting.empty() && int(workers.size()) > options.minConnections)
            return false;
    }
    return !closing;
}

void ConnectionPool::Private::wakeWorker()
{
    if (idle.empty())
        return; // the next one that has done takes the task
    Worker &worker = *idle.back();
    idle.pop_back();
    worker.isWoken = true;
    ++woken;
    worker.wake.notify_one();
}

void ConnectionPool::Private::workLoop(std::list<Worker>::iterator self)
{
    std::unique_lock lock(mutex);
    while (waitForWork(*self, lock)) {
        Job job = std::move(waiting.front().job);
        waiting.pop_front();
        lock.unlock();
        job.run(*self);
        job = {}; // what the task holds goes before the lock is taken again
        lock.lock();
    }
    // Counted out at once, joined by the monitor; the connection closes on the thread that opened
    // it.
    std::unique_ptr<Connection> connection = std::move(self->connection);
    ended.splice(ended.end(), workers, self);
    changed.notify_all();
    lock.unlock();
    connection.reset();
}

/// Waiting tasks that nobody wants any more, or that waited too long.
std::vector<ConnectionPool::Job> ConnectionPool::Private::takeHopeless()
{
    std::vector<Job> hopeless;
    const auto now = Clock::now();
    for (auto entry = waiting.begin(); entry != waiting.end();) {
        if (now < entry->deadline && !entry->job.isCancelled()) {
            ++entry;
            continue;
        }
        hopeless.push_back(std::move(entry->job));
        entry = waiting.erase(entry);
    }
    return hopeless;
}

void ConnectionPool::Private::cancelInServer(std::unique_lock<std::mutex> &lock)
{
    std::vector<std::list<Running>::iterator> wanted;
    for (auto entry = running.begin(); entry != running.end(); ++entry) {
        if (entry->handle && (closing || entry->isCancelled())) {
            entry->beingCancelled = true;
            wanted.push_back(entry);
        }
    }
    if (wanted.empty())
        return;
    lock.unlock();
    for (const auto &entry : wanted) {
        char text[256];
        PQcancel(entry->handle, text, sizeof text);
    }
    lock.lock();
    for (const auto &entry : wanted)
        entry->beingCancelled = false;
    changed.notify_all();
}

void ConnectionPool::Private::monitorLoop()
{
    std::unique_lock lock(mutex);
    while (!stopMonitor) {
        std::list<Worker> gone;
        gone.splice(gone.end(), ended);
        std::vector<Job> hopeless = takeHopeless();
        if (!gone.empty() || !hopeless.empty()) {
            lock.unlock();
            for (Worker &worker : gone)
                worker.thread.join();
            for (Job &job : hopeless)
                job.refuse(job.isCancelled() ? Error::cancelled() : busyError(options));
            hopeless.clear();
            lock.lock();
            changed.notify_all();
            continue;
        }
        cancelInServer(lock);
        monitorSleeps = running.empty() && waiting.empty() && ended.empty();
        if (monitorSleeps)
            changed.wait(lock);
        else
            changed.wait_for(lock, kCancelPoll);
    }
}

/// There is something to look after. Twice for each task of a search: a thread that is woken for
/// nothing costs as much as a statement.
void ConnectionPool::Private::wakeMonitor()
{
    if (monitorSleeps)
        changed.notify_all();
}

void ConnectionPool::Private::report(const QString &reason)
{
    const bool nowLost = !reason.isEmpty();
    if (lost.exchange(nowLost) != nowLost && stateCallback)
        stateCallback(reason);
}

Result<> ConnectionPool::Private::open(Worker &worker, const CancelTest &isCancelled)
{
    Error last;
    const bool wasLost = worker.connection != nullptr || lost;
    worker.connection.reset();
    for (const auto pause : kReconnectPauses) {
        const auto until = Clock::now() + pause;
        while (Clock::now() < until && !closing && !isCancelled())
            std::this_thread::sleep_for(kCancelPoll);
        if (closing || isCancelled())
            return Error::cancelled();
        if ((wasLost || pause.count() > 0) && beforeReconnect) {
            if (auto ok = beforeReconnect(); !ok)
                logging::warning(QStringLiteral("reconnect: %1").arg(ok.error().message));
        }
        auto opened = Connection::open(params, options.timeouts);
        if (opened) {
            worker.connection = std::move(*opened);
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

Result<Connection *> ConnectionPool::Private::connection(Worker &worker,
                                                         const CancelTest &isCancelled)
{
    if (!worker.connection || !worker.connection->isOpen()) {
        if (auto ok = open(worker, isCancelled); !ok)
            return ok.error();
    }
    return worker.connection.get();
}

void ConnectionPool::execute(Worker &worker,
                             Access access,
                             const CancelTest &isCancelled,
                             const std::function<Result<>(Connection &)> &body,
                             const std::function<void(Error)> &fail)
{
    for (int attempt = 1; attempt <= 2; ++attempt) {
        if (d->closing || isCancelled())
            return fail(Error::cancelled());
        auto connection = d->connection(worker, isCancelled);
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
