#include "core/cluster/supervisor.h"

#include "core/base/logging.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/cluster_setup.h"
#include "core/cluster/disk_space.h"
#include "core/cluster/files.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QThread>
#include <QUuid>

#include <algorithm>
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

namespace llmemory::cluster {

namespace {

constexpr int kTurnMs = 1'000;
constexpr int kDiskCheckMs = 10'000;
/// Programs hold cluster.lock for a moment when they look whether a supervisor runs.
constexpr int kLockMs = 500;

volatile std::sig_atomic_t terminationRequested = 0;

void requestTermination(int)
{
    terminationRequested = 1;
}

void installSignalHandlers()
{
    struct sigaction terminate = {};
    terminate.sa_handler = requestTermination;
    for (const int number : {SIGTERM, SIGINT})
        ::sigaction(number, &terminate, nullptr);
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    for (const int number : {SIGHUP, SIGPIPE})
        ::sigaction(number, &ignore, nullptr);
}

} // namespace

Supervisor::Supervisor(const Options &options) : m_options(options)
{
    m_state.run = QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_state.supervisor = ::getpid();
    m_clock.start();
}

Supervisor::~Supervisor() = default;

int Supervisor::run()
{
    const auto isFirst = takeLock();
    if (!isFirst) {
        logging::error(isFirst.error().message);
        return 1;
    }
    if (!*isFirst)
        return 0;
    publish(ClusterState::Phase::Starting);
    if (const auto up = bringUp(); !up)
        return fail(up.error());
    if (const auto supervised = supervise(); !supervised)
        return fail(supervised.error());
    shutDown();
    return 0;
}

Result<bool> Supervisor::takeLock()
{
    auto paths = ClusterPaths::open(m_options.dataDirectory);
    if (!paths)
        return paths.error();
    m_paths = std::make_unique<ClusterPaths>(*paths);
    auto lock = FileLock::open(m_paths->lockFile());
    if (!lock)
        return lock.error();
    auto users = FileLock::open(m_paths->usersFile());
    if (!users)
        return users.error();
    m_users = std::make_unique<FileLock>(std::move(*users));
    const QDeadlineTimer deadline(kLockMs);
    while (!lock->tryLock(FileLock::Mode::Exclusive)) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(20);
    }
    m_lock = std::make_unique<FileLock>(std::move(*lock));
    return true;
}

Result<> Supervisor::bringUp()
{
    auto log = ServerLog::open(m_paths->logDirectory());
    if (!log)
        return log.error();
    m_log = std::move(*log);
    const auto cluster = setUpCluster(*m_paths, m_options.account, *m_log, hooks(), [this] {
        publish(ClusterState::Phase::Creating);
    });
    if (!cluster)
        return cluster.error();
    m_cluster = std::make_unique<ClusterStarter::Cluster>(*cluster);
    m_state.clusterDirectory = m_cluster->directory.path();
    m_state.major = m_cluster->directory.major();
    m_state.socketDirectory = m_cluster->socketDirectory;
    m_starter = std::make_unique<ClusterStarter>(*m_cluster, *m_log, hooks());
    publish(ClusterState::Phase::Starting);
    return startServer();
}

Result<> Supervisor::startServer()
{
    using Access = ClusterStarter::Access;
    const QString ballast = m_cluster->directory.ballast();
    const bool isFull =
        m_log->diskWasFull() || disk::freeBytes(m_cluster->directory.path()) < disk::kReadOnlyBelow;
    auto access = isFull ? Access::ReadOnly : Access::ReadWrite;
    auto server = m_starter->start(access);
    if (!server && m_log->diskWasFull()) {
        if (const auto removed = files::remove(ballast); !removed)
            logging::error(removed.error().message);
        access = Access::ReadOnly;
        server = m_starter->start(access);
    }
    if (!server)
        return server.error();
    m_server = std::move(*server);
    m_state.postmaster = m_server->pid();
    m_state.isReadOnly = access == Access::ReadOnly;
    if (m_state.isReadOnly) {
        const QString path = m_cluster->directory.path();
        logging::warning(errors::diskFull(disk::freeBytes(path), path).message);
    } else if (const auto made = disk::makeBallast(ballast); !made) {
        logging::warning(made.error().message);
    }
    m_sinceDiskCheck.start();
    publish(ClusterState::Phase::Ready);
    return {};
}

Result<> Supervisor::supervise()
{
    while (terminationRequested == 0 && isStillUsed()) {
        m_server->pump(turnMs());
        if (!m_server->isRunning() || m_log->diskWasFull()) {
            if (const auto restarted = restartServer(); !restarted)
                return restarted;
        }
        watchDisk();
    }
    return {};
}

Result<> Supervisor::restartServer()
{
    publish(ClusterState::Phase::Recovering);
    m_server->stop();
    m_state.postmaster = 0;
    logging::error(QStringLiteral("the server ended by itself: %1").arg(m_log->lastWords()));
    const auto delayMs = m_policy.afterExit(m_clock.elapsed(), m_log->panic());
    if (!delayMs) {
        Error error = errors::serverFailed(m_log->lastWords(), m_log->directory());
        error.detail = QStringLiteral("ended by itself too often");
        return error;
    }
    if (m_log->diskWasFull()) {
        if (const auto removed = files::remove(m_cluster->directory.ballast()); !removed)
            logging::error(removed.error().message);
    }
    const QDeadlineTimer deadline(*delayMs);
    while (!deadline.hasExpired() && terminationRequested == 0)
        QThread::msleep(20);
    return startServer();
}

bool Supervisor::isStillUsed()
{
    if (!m_users->tryLock(FileLock::Mode::Exclusive)) {
        m_idle.invalidate();
        return true;
    }
    // Who came and went between two looks has left a new time.
    const qint64 touched = m_users->lastTouched();
    if (!m_idle.isValid() || touched != m_lastTouched)
        m_idle.start();
    m_lastTouched = touched;
    if (m_idle.hasExpired(m_options.graceMs))
        return false; // with the lock: whoever comes now waits for our end
    m_users->unlock();
    return true;
}

void Supervisor::watchDisk()
{
    if (!m_sinceDiskCheck.hasExpired(kDiskCheckMs))
        return;
    m_sinceDiskCheck.start();
    const qint64 free = disk::freeBytes(m_cluster->directory.path());
    if (!m_state.isReadOnly && free < disk::kReadOnlyBelow) {
        changeAccess(ClusterStarter::Access::ReadOnly);
    } else if (m_state.isReadOnly && free >= disk::kWritableFrom) {
        changeAccess(ClusterStarter::Access::ReadWrite);
        if (const auto made = disk::makeBallast(m_cluster->directory.ballast()); !made)
            logging::warning(made.error().message);
    }
}

void Supervisor::changeAccess(ClusterStarter::Access access)
{
    if (const auto changed = m_starter->changeAccess(*m_server, access); !changed) {
        logging::error(changed.error().message);
        return;
    }
    m_state.isReadOnly = access == ClusterStarter::Access::ReadOnly;
    logging::warning(m_state.isReadOnly
                         ? QStringLiteral("the disk is nearly full: read-only")
                         : QStringLiteral("there is room again: writing is allowed"));
    publish(ClusterState::Phase::Ready);
}

void Supervisor::publish(ClusterState::Phase phase)
{
    m_state.phase = phase;
    if (const auto written = m_state.write(m_paths->stateFile()); !written)
        logging::error(written.error().message);
}

int Supervisor::fail(const Error &error)
{
    m_server.reset();
    if (error.kind == ErrorKind::Cancelled) {
        shutDown();
        return 0;
    }
    logging::error(QStringLiteral("%1 (%2)").arg(error.message, error.detail));
    m_state.postmaster = 0;
    m_state.error = error;
    publish(ClusterState::Phase::Failed);
    return 1;
}

void Supervisor::shutDown()
{
    publish(ClusterState::Phase::Stopping);
    m_server.reset();
    m_state.postmaster = 0;
    if (m_cluster)
        QDir().rmdir(m_cluster->socketDirectory); // where it is not empty, it stays
    publish(ClusterState::Phase::Stopped);
}

StartHooks Supervisor::hooks()
{
    return {[this] { publish(ClusterState::Phase::Recovering); },
            [] { return terminationRequested != 0; }};
}

int Supervisor::turnMs() const
{
    return std::clamp(m_options.graceMs / 2, 10, kTurnMs);
}

int runSupervisor(const QStringList &arguments)
{
    Supervisor::Options options;
    for (qsizetype i = 0; i + 1 < arguments.size(); i += 2) {
        if (arguments.at(i) == QLatin1String("--data-dir"))
            options.dataDirectory = arguments.at(i + 1);
        else if (arguments.at(i) == QLatin1String("--account"))
            options.account = arguments.at(i + 1);
    }
    if (options.dataDirectory.isEmpty()) {
        logging::error(QStringLiteral("usage: supervise --data-dir DIRECTORY [--account NAME]"));
        return 2;
    }
    bool isNumber = false;
    const int graceMs = qEnvironmentVariableIntValue("LLMEMORY_CLUSTER_GRACE_MS", &isNumber);
    if (isNumber && graceMs >= 0)
        options.graceMs = graceMs;
    ::umask(077);
    installSignalHandlers();
    return Supervisor(options).run();
}

} // namespace llmemory::cluster
