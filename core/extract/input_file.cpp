#include "core/extract/input_file.h"

#include "core/extract/file_kind.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace llmemory::extract {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::extract", text);
}

InputFile refused(Outcome outcome, const QString &reason)
{
    InputFile file;
    file.outcome = outcome;
    file.reason = reason;
    return file;
}

InputFile refusedBySystem(const QString &path, int error)
{
    const QString name = QFileInfo(path).fileName();
    if (error == ELOOP)
        return refused(Outcome::Unreadable,
                       tr("%1 is a link. Add the file it points to.").arg(name));
    return refused(
        Outcome::Unreadable,
        tr("%1 cannot be opened (%2). Check that it still exists and that you may read it.")
            .arg(name, qt_error_string(error)));
}

} // namespace

InputFile InputFile::open(const QString &path, qint64 mostBytes)
{
    InputFile file;
    // Non-blocking: opening a pipe would otherwise wait for a writer. It changes nothing for
    // regular files.
    file.descriptor =
        FileDescriptor(::open(QFile::encodeName(path).constData(),
                              O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file.descriptor.isValid())
        return refusedBySystem(path, errno);

    struct stat status = {};
    if (::fstat(file.descriptor.get(), &status) != 0)
        return refusedBySystem(path, errno);
    if (!S_ISREG(status.st_mode)) {
        return refused(Outcome::Unreadable,
                       tr("%1 is not a file but a folder, a device or a pipe.")
                           .arg(QFileInfo(path).fileName()));
    }
    file.size = status.st_size;
    if (file.size > mostBytes) {
        file.outcome = Outcome::TooLarge;
        return file;
    }
    file.firstBytes.resize(kSniffedBytes);
    const ssize_t count =
        ::pread(file.descriptor.get(), file.firstBytes.data(), size_t(file.firstBytes.size()), 0);
    if (count < 0)
        return refusedBySystem(path, errno);
    file.firstBytes.truncate(qsizetype(count));
    return file;
}

} // namespace llmemory::extract
