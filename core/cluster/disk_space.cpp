#include "core/cluster/disk_space.h"

#include "core/cluster/files.h"
#include "core/cluster/unique_fd.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <limits>
#include <sys/statvfs.h>

namespace llmemory::cluster::disk {

qint64 freeBytes(const QString &path)
{
    struct statvfs status = {};
    if (::statvfs(QFile::encodeName(path).constData(), &status) != 0)
        return std::numeric_limits<qint64>::max();
    return qint64(status.f_bavail) * qint64(status.f_frsize);
}

Result<> makeBallast(const QString &path)
{
    const QFileInfo info(path);
    if (info.size() == kBallastBytes || freeBytes(info.path()) < kWritableFrom)
        return {};
    const UniqueFd fd(::open(
        QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int failure = fd.isOpen() ? ::posix_fallocate(fd.get(), 0, kBallastBytes) : errno;
    if (failure == 0)
        return {};
    return files::systemError(
        QCoreApplication::translate("llmemory::cluster", "Cannot write %1"), path, failure);
}

} // namespace llmemory::cluster::disk
