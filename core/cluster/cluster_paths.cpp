#include "core/cluster/cluster_paths.h"

#include "core/base/logging.h"
#include "core/base/text.h"
#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace llmemory::cluster {

namespace {

/// sun_path holds 108 bytes with the closing zero.
constexpr int kSocketPathBytes = 107;
/// PostgreSQL's MAXPGPATH is 1024; the rest is for names below the data directory.
constexpr int kDataPathBytes = 900;
constexpr auto kSharedBase = "/var/lib/llmemory";

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::cluster", text);
}

bool fitsSocket(const QString &directory)
{
    const QByteArray socket = QFile::encodeName(socketPath(directory));
    // libpq takes a comma as the start of a second host.
    return socket.size() <= kSocketPathBytes && !socket.contains(',');
}

/// Others can write to /tmp: what is there must be a real directory of ours.
Result<> checkPrivate(const QString &directory, uid_t owner)
{
    struct stat status = {};
    const bool found = ::lstat(QFile::encodeName(directory).constData(), &status) == 0;
    if (found && S_ISDIR(status.st_mode) && status.st_uid == owner && (status.st_mode & 077) == 0)
        return {};
    return Error{ErrorKind::Permission,
                 tr("%1 should be a private directory of this program, but is not. Remove it.")
                     .arg(directory)};
}

/// @p runtime is a directory of this user, and the server's account may pass through it.
bool isUsableRuntime(const QString &runtime, const ServerAccount &account)
{
    const QFileInfo info(runtime);
    return info.isAbsolute() && info.isDir() && info.ownerId() == ::geteuid() &&
           account.canReach(runtime);
}

} // namespace

ClusterPaths::ClusterPaths(const QString &data) : m_data(data), m_base(data) {}

Result<ClusterPaths> ClusterPaths::open(const QString &dataDirectory)
{
    const QString wanted = QDir::cleanPath(QDir(dataDirectory).absolutePath());
    if (QFile::encodeName(wanted).size() > kDataPathBytes) {
        return Error{
            ErrorKind::Configuration,
            tr("The data directory's path has over %1 bytes, which PostgreSQL cannot take. Choose "
               "a shorter one: %2")
                .arg(kDataPathBytes)
                .arg(elided(wanted, 200))};
    }
    if (!QFileInfo::exists(wanted)) {
        const QString parent = QFileInfo(wanted).absolutePath();
        if (!QDir().mkpath(parent))
            return files::systemError(tr("Cannot create the directory %1"), parent, errno);
        if (const auto made = files::makeDirectory(wanted, 0700); !made)
            return made.error();
    }
    ClusterPaths paths(QFileInfo(wanted).canonicalFilePath());
    const auto note = files::readSmall(paths.locationNote());
    if (note) {
        paths.m_base = QFile::decodeName(note->trimmed());
        if (!QFileInfo(paths.m_base).isDir()) {
            return Error{
                ErrorKind::Configuration,
                tr("The database of %1 is kept in %2, which is gone. Bring it back or restore a "
                   "backup; to begin with an empty database, remove %3.")
                    .arg(paths.m_data, paths.m_base, paths.locationNote())};
        }
    } else if (note.error().kind != ErrorKind::NotFound) {
        return note.error();
    }
    return paths;
}

QString ClusterPaths::lockFile() const
{
    return m_data + QStringLiteral("/cluster.lock");
}

QString ClusterPaths::usersFile() const
{
    return m_data + QStringLiteral("/cluster.users");
}

QString ClusterPaths::stateFile() const
{
    return m_data + QStringLiteral("/cluster.state");
}

QString ClusterPaths::logDirectory() const
{
    return m_data + QStringLiteral("/logs");
}

QString ClusterPaths::locationNote() const
{
    return m_data + QStringLiteral("/cluster.location");
}

QString ClusterPaths::hash() const
{
    return sha256Hex(QStringView(m_data)).left(12);
}

ClusterDirectory ClusterPaths::cluster(int major) const
{
    return {QStringLiteral("%1/cluster/%2").arg(m_base, QString::number(major)), major};
}

QList<ClusterDirectory> ClusterPaths::existingClusters() const
{
    QList<ClusterDirectory> found;
    const QDir root(m_base + QStringLiteral("/cluster"));
    const QStringList names = root.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        bool isNumber = false;
        const ClusterDirectory candidate(root.filePath(name), name.toInt(&isNumber));
        if (isNumber && (candidate.dataOwner() || QFileInfo::exists(candidate.record())))
            found.append(candidate);
    }
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) {
        return a.major() > b.major();
    });
    return found;
}

Result<> ClusterPaths::settle(const ServerAccount &account)
{
    if (m_base == m_data && !account.canReach(m_data)) {
        if (!existingClusters().isEmpty()) {
            return Error{
                ErrorKind::Permission,
                tr("The account %1, which runs the database, cannot reach %2. Allow it to pass "
                   "(mode x) through that directory and those above it.")
                    .arg(account.name(), m_data)};
        }
        const QString shared = QLatin1String(kSharedBase);
        const QString base = QStringLiteral("%1/%2").arg(shared, hash());
        for (const auto &[path, mode] :
             {std::pair(shared, mode_t(0755)), std::pair(base, mode_t(0711))}) {
            if (const auto made = files::makeDirectory(path, mode); !made)
                return made;
        }
        if (const auto noted = files::writeAtomically(locationNote(), QFile::encodeName(base));
            !noted)
            return noted;
        m_base = base;
        logging::info(QStringLiteral("%1 cannot reach %2; the database goes to %3")
                          .arg(account.name(), m_data, m_base));
    }
    const mode_t mode = account.kind() == ServerAccount::Kind::User ? 0711 : 0700;
    return files::makeDirectory(m_base + QStringLiteral("/cluster"), mode);
}

Result<QString> ClusterPaths::makeSocketDirectory(const ServerAccount &account) const
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    QString directory = QStringLiteral("%1/llmemory-%2").arg(runtime, hash());
    if (runtime.isEmpty() || !fitsSocket(directory) || !isUsableRuntime(runtime, account))
        directory = m_base + QStringLiteral("/run");
    if (!fitsSocket(directory)) {
        directory = QStringLiteral("/tmp/llmemory-%1-%2").arg(account.uid()).arg(hash());
    }
    const bool other = account.kind() == ServerAccount::Kind::User;
    const auto made = files::makeDirectory(directory,
                                           0700,
                                           other ? account.uid() : files::kSameUser,
                                           other ? account.gid() : files::kSameGroup);
    if (!made)
        return made.error();
    if (const auto checked = checkPrivate(directory, account.uid()); !checked)
        return checked.error();
    return directory;
}

} // namespace llmemory::cluster
