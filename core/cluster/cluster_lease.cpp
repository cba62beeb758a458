#include "core/cluster/cluster_lease.h"

#include "core/base/logging.h"
#include "core/cluster/admin_connection.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/disk_space.h"
#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QThread>

namespace llmemory::cluster {

namespace {

constexpr int kPollMs = 50;
constexpr int kReadyMs = 60'000;
/// A supervisor that was started holds its lock long before.
constexpr int kSupervisorMs = 5'000;
constexpr int kMostSupervisors = 3;
constexpr qint64 kSupervisorLogBytes = 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::cluster", text);
}

bool isCancelled(const std::atomic_bool *cancelled)
{
    return cancelled && cancelled->load();
}

QString stepOf(ClusterState::Phase phase)
{
    switch (phase) {
    case ClusterState::Phase::Creating:
        return tr("Creating the database (first start)…");
    case ClusterState::Phase::Recovering:
        return tr("The database is recovering after an interruption…");
    case ClusterState::Phase::Stopping:
        return tr("Waiting for the database to close…");
    default:
        return tr("Starting the database…");
    }
}

/// Calls the progress function when there is one, and once per step.
class StepReport
{
public:
    explicit StepReport(const Lease::Progress &progress) : m_progress(progress) {}
    /// True when the step is a new one.
    bool operator()(ClusterState::Phase phase)
    {
        const QString step = stepOf(phase);
        if (step == m_last)
            return false;
        m_last = step;
        if (m_progress)
            m_progress(step);
        return true;
    }

private:
    const Lease::Progress &m_progress;
    QString m_last;
};

} // namespace

Lease::Lease(const Options &options, const ClusterPaths &paths, FileLock users, FileLock lock)
    : m_options(options), m_paths(paths), m_users(std::move(users)), m_lock(std::move(lock))
{
}

Lease::~Lease() = default;

Result<std::unique_ptr<Lease>> Lease::acquire(const Options &options,
                                              const Progress &progress,
                                              const std::atomic_bool *cancelled)
{
    const auto paths = ClusterPaths::open(options.dataDirectory);
    if (!paths)
        return paths.error();
    auto users = FileLock::open(paths->usersFile());
    if (!users)
        return users.error();
    auto lock = FileLock::open(paths->lockFile());
    if (!lock)
        return lock.error();
    std::unique_ptr<Lease> lease(new Lease(options, *paths, std::move(*users), std::move(*lock)));
    if (const auto joined = lease->join(progress, cancelled); !joined)
        return joined.error();
    const std::lock_guard guard(lease->m_waiting);
    if (const auto ready = lease->waitForServer(progress, cancelled); !ready)
        return ready.error();
    return lease;
}

Result<> Lease::join(const Progress &progress, const std::atomic_bool *cancelled)
{
    StepReport report(progress);
    QElapsedTimer waiting;
    waiting.start();
    // Refused for a moment when the supervisor looks for users, and for longer when it stops the
    // server.
    while (!m_users.tryLock(FileLock::Mode::Shared)) {
        if (isCancelled(cancelled))
            return Error::cancelled();
        if (waiting.hasExpired(2 * kReadyMs))
            return errors::starting();
        if (waiting.hasExpired(10 * kPollMs))
            report(ClusterState::Phase::Stopping);
        QThread::msleep(kPollMs / 5);
    }
    m_users.touch();
    return {};
}

Result<> Lease::waitForServer(const Progress &progress, const std::atomic_bool *cancelled)
{
    using Phase = ClusterState::Phase;
    const auto before = state();
    StepReport report(progress);
    QElapsedTimer sinceSign;
    sinceSign.start();
    QElapsedTimer sinceSupervisor;
    int supervisors = 0;
    for (;; QThread::msleep(kPollMs)) {
        if (isCancelled(cancelled))
            return Error::cancelled();
        const bool isSupervised = m_lock.isHeldElsewhere();
        const auto now = state();
        const bool isNews = now && (!before || now->run != before->run);
        if (now && now->phase == Phase::Failed && now->error && isNews)
            return *now->error;
        if (isSupervised && now && now->phase == Phase::Ready && connect(*now))
            return {};
        if (isSupervised && now && report(now->phase))
            sinceSign.start();
        if (!isSupervised &&
            (!sinceSupervisor.isValid() || sinceSupervisor.hasExpired(kSupervisorMs))) {
            if (supervisors++ == kMostSupervisors)
                return errors::serverFailed(tr("its supervisor ends at once"),
                                            m_paths.logDirectory());
            if (const auto started = startSupervisor(); !started)
                return started;
            sinceSupervisor.start();
            report(Phase::Starting);
        }
        const bool isPatient = isSupervised && now &&
                               (now->phase == Phase::Creating || now->phase == Phase::Recovering);
        if (!isPatient && sinceSign.hasExpired(kReadyMs))
            return errors::starting();
    }
}

Result<> Lease::startSupervisor() const
{
    if (const auto made = files::makeDirectory(m_paths.logDirectory(), 0700); !made)
        return made;
    const QString log = m_paths.logDirectory() + QStringLiteral("/supervisor.log");
    if (QFileInfo(log).size() > kSupervisorLogBytes) {
        QFile::remove(log + QStringLiteral(".1"));
        QFile::rename(log, log + QStringLiteral(".1"));
    }
    QStringList arguments{
        QStringLiteral("supervise"), QStringLiteral("--data-dir"), m_paths.dataDirectory()};
    if (!m_options.account.isEmpty())
        arguments << QStringLiteral("--account") << m_options.account;
    QProcess supervisor;
    supervisor.setProgram(m_options.supervisorProgram.isEmpty()
                              ? QCoreApplication::applicationFilePath()
                              : m_options.supervisorProgram);
    supervisor.setArguments(arguments);
    supervisor.setWorkingDirectory(QStringLiteral("/"));
    supervisor.setStandardInputFile(QProcess::nullDevice());
    supervisor.setStandardOutputFile(log, QIODevice::Append);
    supervisor.setStandardErrorFile(log, QIODevice::Append);
    // A new session: the terminal that the program runs in may close.
    if (supervisor.startDetached())
        return {};
    return Error{ErrorKind::Configuration,
                 tr("Cannot start %1, which supervises the database: %2.")
                     .arg(supervisor.program(), supervisor.errorString())};
}

Result<> Lease::connect(const ClusterState &state)
{
    const ClusterDirectory directory(state.clusterDirectory, state.major);
    const auto application = directory.login(QLatin1String(kAppRole), state.socketDirectory);
    if (!application)
        return application.error();
    const auto administrator = directory.login(QLatin1String(kAdminRole), state.socketDirectory);
    if (!administrator)
        return administrator.error();
    auto connection = AdminConnection::open(*application);
    if (!connection)
        return connection.error();
    if (const auto answered = connection->execute(QStringLiteral("readiness"), "SELECT 1");
        !answered)
        return answered;
    const std::lock_guard guard(m_mutex);
    m_application = *application;
    m_administrator = *administrator;
    m_clusterDirectory = state.clusterDirectory;
    m_major = state.major;
    return {};
}

Result<> Lease::ensureRunning(const std::atomic_bool *cancelled)
{
    const std::lock_guard guard(m_waiting);
    return waitForServer({}, cancelled);
}

std::optional<ClusterState> Lease::state() const
{
    const auto found = ClusterState::read(m_paths.stateFile());
    return found ? std::optional(*found) : std::nullopt;
}

db::ConnectionParams Lease::application() const
{
    const std::lock_guard guard(m_mutex);
    return m_application;
}

db::ConnectionParams Lease::administrator() const
{
    const std::lock_guard guard(m_mutex);
    return m_administrator;
}

Result<> Lease::checkRoom() const
{
    const QString path = clusterDirectory();
    const qint64 free = disk::freeBytes(path);
    return free < disk::kWritableFrom ? Result<>(errors::diskFull(free, path)) : Result<>();
}

QString Lease::clusterDirectory() const
{
    const std::lock_guard guard(m_mutex);
    return m_clusterDirectory;
}

int Lease::serverMajor() const
{
    const std::lock_guard guard(m_mutex);
    return m_major;
}

bool Lease::isReadOnly() const
{
    const auto now = state();
    return now && now->isReadOnly;
}

} // namespace llmemory::cluster
