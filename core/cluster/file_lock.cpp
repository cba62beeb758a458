#include "core/cluster/file_lock.h"

#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace llmemory::cluster {

Result<FileLock> FileLock::open(const QString &path)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    UniqueFd fd(::open(QFile::encodeName(path).constData(), flags, 0600));
    if (!fd.isOpen()) {
        const QString action =
            QCoreApplication::translate("llmemory::cluster", "Cannot open the lock %1");
        return files::systemError(action, path, errno);
    }
    return FileLock(std::move(fd));
}

bool FileLock::tryLock(Mode mode)
{
    const int operation = (mode == Mode::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    int result = 0;
    do {
        result = ::flock(m_fd.get(), operation);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

void FileLock::unlock()
{
    ::flock(m_fd.get(), LOCK_UN);
}

void FileLock::touch()
{
    ::futimens(m_fd.get(), nullptr);
}

qint64 FileLock::lastTouched() const
{
    struct stat status = {};
    if (::fstat(m_fd.get(), &status) != 0)
        return 0;
    return qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

bool FileLock::isHeldElsewhere()
{
    if (!tryLock(Mode::Shared))
        return true;
    unlock();
    return false;
}

} // namespace llmemory::cluster
