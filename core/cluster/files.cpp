#include "core/cluster/files.h"

#include "core/cluster/unique_fd.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace llmemory::cluster::files {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::cluster", text);
}

Error writeError(const QString &path, int errorNumber)
{
    return systemError(tr("Cannot write %1"), path, errorNumber);
}

Result<> syncDirectory(const QString &path)
{
    const UniqueFd fd(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.isOpen() || ::fsync(fd.get()) != 0)
        return writeError(path, errno);
    return {};
}

Result<> writeAll(int fd, const QString &path, const QByteArray &content)
{
    qsizetype done = 0;
    while (done < content.size()) {
        const ssize_t n = ::write(fd, content.constData() + done, size_t(content.size() - done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return writeError(path, errno);
        done += n;
    }
    return {};
}

} // namespace

Error systemError(const QString &action, const QString &path, int errorNumber)
{
    const bool refused = errorNumber == EACCES || errorNumber == EPERM || errorNumber == EROFS;
    const QString what = action.arg(QDir::toNativeSeparators(path));
    const QString reason = QString::fromLocal8Bit(std::strerror(errorNumber));
    return {refused ? ErrorKind::Permission : ErrorKind::Unavailable,
            tr("%1: %2.").arg(what, reason),
            QStringLiteral("errno %1 on %2").arg(errorNumber).arg(path)};
}

Result<> makeDirectory(const QString &path, mode_t mode, uid_t uid, gid_t gid)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), 0700) != 0) {
        const int reason = errno;
        if (reason == EEXIST && QFileInfo(path).isDir())
            return {};
        return systemError(tr("Cannot create the directory %1"), path, reason);
    }
    // By descriptor, so that nobody can put a link in the directory's place meanwhile.
    const UniqueFd fd(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    const bool owned = fd.isOpen() && (uid == kSameUser || ::fchown(fd.get(), uid, gid) == 0);
    if (!owned || ::fchmod(fd.get(), mode) != 0)
        return systemError(tr("Cannot create the directory %1"), path, errno);
    return {};
}

Result<QByteArray> readSmall(const QString &path, qint64 mostBytes)
{
    QFile file(path);
    if (!file.exists())
        return Error::notFound(tr("There is no file %1.").arg(path));
    if (!file.open(QIODevice::ReadOnly))
        return systemError(tr("Cannot read %1"), path, errno);
    QByteArray content = file.read(mostBytes + 1);
    if (content.size() > mostBytes)
        return Error::validation(path, tr("%1 is larger than it should be.").arg(path));
    return content;
}

Result<> writeAtomically(
    const QString &path, const QByteArray &content, mode_t mode, uid_t uid, gid_t gid)
{
    const QString temporary = QStringLiteral("%1.part-%2").arg(path, QString::number(::getpid()));
    const QByteArray name = QFile::encodeName(temporary);
    ::unlink(name.constData());
    const UniqueFd fd(::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.isOpen())
        return writeError(path, errno);
    if (const auto written = writeAll(fd.get(), path, content); !written) {
        ::unlink(name.constData());
        return written.error();
    }
    const bool owned = uid == kSameUser || ::fchown(fd.get(), uid, gid) == 0;
    if (!owned || ::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0) {
        const int reason = errno;
        ::unlink(name.constData());
        return writeError(path, reason);
    }
    return rename(temporary, path);
}

Result<> rename(const QString &from, const QString &to)
{
    if (std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return writeError(to, errno);
    return syncDirectory(QFileInfo(to).absolutePath());
}

Result<> syncFileSystem(const QString &path)
{
    const UniqueFd fd(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.isOpen() || ::syncfs(fd.get()) != 0)
        return writeError(path, errno);
    return {};
}

Result<> remove(const QString &path)
{
    const QFileInfo info(path);
    if (info.isDir() && !info.isSymLink()) {
        if (!QDir(path).removeRecursively())
            return systemError(tr("Cannot remove %1"), path, errno);
        return {};
    }
    if (::unlink(QFile::encodeName(path).constData()) != 0 && errno != ENOENT)
        return systemError(tr("Cannot remove %1"), path, errno);
    return {};
}

} // namespace llmemory::cluster::files
