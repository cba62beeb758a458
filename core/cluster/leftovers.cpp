#include "core/cluster/leftovers.h"

#include "core/base/logging.h"
#include "core/cluster/cluster_directory.h"
#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QThread>

#include <csignal>
#include <sys/stat.h>

namespace llmemory::cluster::leftovers {

namespace {

constexpr int kCleanShutdownMs = 5'000;
constexpr int kImmediateShutdownMs = 15'000;
constexpr int kRemovalMs = 5'000;

bool isPostgres(const QString &processDirectory)
{
    const auto name = files::readSmall(processDirectory + QStringLiteral("/comm"));
    return name && (name->startsWith("postgres") || name->startsWith("postmaster"));
}

/// The process that postmaster.pid names; 0 when it names none.
pid_t recordedPostmaster(const QString &dataDirectory)
{
    const auto text = files::readSmall(dataDirectory + QStringLiteral("/postmaster.pid"));
    return text ? pid_t(text->left(text->indexOf('\n')).trimmed().toInt()) : 0;
}

/// True once no server works there any more.
bool waitForEnd(const QString &dataDirectory,
                int timeoutMs,
                const std::function<bool()> &interrupted)
{
    const QDeadlineTimer deadline(timeoutMs);
    while (!serversIn(dataDirectory).isEmpty()) {
        if (deadline.hasExpired() || interrupted())
            return false;
        QThread::msleep(50);
    }
    return true;
}

Result<> endServers(const QString &dataDirectory, const std::function<bool()> &interrupted)
{
    const QList<pid_t> servers = serversIn(dataDirectory);
    if (servers.isEmpty())
        return {};
    logging::info(QStringLiteral("ending %1 processes of an earlier server").arg(servers.size()));
    const pid_t postmaster = recordedPostmaster(dataDirectory);
    if (servers.contains(postmaster)) {
        ::kill(postmaster, SIGINT);
        if (waitForEnd(dataDirectory, kCleanShutdownMs, interrupted))
            return {};
    }
    for (const pid_t server : serversIn(dataDirectory))
        ::kill(server, SIGQUIT);
    if (waitForEnd(dataDirectory, kImmediateShutdownMs, interrupted))
        return {};
    const QList<pid_t> remaining = serversIn(dataDirectory);
    return Error{
        ErrorKind::Unavailable,
        QCoreApplication::translate("llmemory::cluster",
                                    "An earlier database server (process %1) in %2 does not end. "
                                    "Wait for it or end it, and start again.")
            .arg(remaining.isEmpty() ? 0 : remaining.first())
            .arg(dataDirectory)};
}

/// Removes a data directory in which a process of a killed creation may still be writing.
Result<> removeInUse(const QString &path)
{
    const QDeadlineTimer deadline(kRemovalMs);
    for (;;) {
        if (const auto ended = endServers(path, [] { return false; }); !ended)
            return ended;
        const auto removed = files::remove(path);
        if (removed || deadline.hasExpired())
            return removed;
        QThread::msleep(50);
    }
}

} // namespace

QList<pid_t> serversIn(const QString &dataDirectory)
{
    QList<pid_t> found;
    struct stat wanted = {};
    if (::stat(QFile::encodeName(dataDirectory).constData(), &wanted) != 0)
        return found;
    const QStringList processes = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &process : processes) {
        bool isNumber = false;
        const pid_t pid = process.toInt(&isNumber);
        const QString directory = QStringLiteral("/proc/%1").arg(process);
        struct stat working = {};
        const bool isThere =
            isNumber &&
            ::stat(QFile::encodeName(directory + QStringLiteral("/cwd")).constData(), &working) ==
                0 &&
            working.st_dev == wanted.st_dev && working.st_ino == wanted.st_ino;
        if (isThere && isPostgres(directory))
            found.append(pid);
    }
    return found;
}

Result<> clear(const QString &dataDirectory,
               const QString &socketDirectory,
               const std::function<bool()> &interrupted)
{
    if (const auto ended = endServers(dataDirectory, interrupted); !ended)
        return ended;
    const QString socket = socketPath(socketDirectory);
    const QStringList stale{dataDirectory + QStringLiteral("/postmaster.pid"),
                            socket,
                            socket + QStringLiteral(".lock")};
    for (const QString &path : stale) {
        if (const auto removed = files::remove(path); !removed)
            return removed;
    }
    return {};
}

Result<> removeUnfinished(const QString &clusterDirectory)
{
    const QStringList names =
        QDir(clusterDirectory)
            .entryList({QStringLiteral("*.new-*"), QStringLiteral("*.part-*")},
                       QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        const QString path = QStringLiteral("%1/%2").arg(clusterDirectory, name);
        if (const auto removed = removeInUse(path); !removed)
            return removed;
    }
    return {};
}

} // namespace llmemory::cluster::leftovers
