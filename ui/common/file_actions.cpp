#include "ui/common/file_actions.h"

#include "ui/async.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QUrl>
#include <QtConcurrent>

namespace llmemory::ui {

namespace {

QString notAFile(const QString &idAtOrigin)
{
    return QCoreApplication::translate(
               "llmemory::ui",
               "“%1” is not a file on this computer, so it cannot be opened "
               "from here.")
        .arg(idAtOrigin);
}

QString notThere(const QString &path)
{
    return QCoreApplication::translate(
               "llmemory::ui",
               "“%1” is not there any more. It was moved, renamed or deleted "
               "since it was read; its text can still be found here.")
        .arg(QDir::toNativeSeparators(path));
}

QString noProgram(const QString &path)
{
    return QCoreApplication::translate("llmemory::ui",
                                       "No program on this desktop opens “%1”. Choose a default "
                                       "program for this kind of file in the desktop's settings.")
        .arg(QDir::toNativeSeparators(path));
}

/// Opens what @p pathToOpen makes of the file's path.
void open(const QString &idAtOrigin,
          QObject *receiver,
          const OpenAnswer &answer,
          QString (*pathToOpen)(const QString &path))
{
    const QString path = localPath(idAtOrigin);
    if (path.isEmpty()) {
        answer(Error::notFound(notAFile(idAtOrigin)));
        return;
    }
    // A look at the disk may take long, for example on a network drive.
    const auto look = [path, pathToOpen]() -> Result<QString> {
        const QString found = pathToOpen(path);
        if (!QFileInfo::exists(found))
            return Error::notFound(notThere(path));
        return found;
    };
    onFinished(QtConcurrent::run(look), receiver, [answer](const Result<QString> &found) {
        if (!found) {
            answer(found.error());
            return;
        }
        if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*found))) {
            answer(Error{.kind = ErrorKind::Unavailable, .message = noProgram(*found)});
            return;
        }
        answer({});
    });
}

} // namespace

QString localPath(const QString &idAtOrigin)
{
    if (QDir::isAbsolutePath(idAtOrigin))
        return QDir::cleanPath(idAtOrigin);
    const QUrl url(idAtOrigin);
    const bool here = url.host().isEmpty() || url.host() == QLatin1String("localhost");
    return url.isLocalFile() && here ? QDir::cleanPath(url.path(QUrl::FullyDecoded)) : QString();
}

void openFile(const QString &idAtOrigin, QObject *receiver, const OpenAnswer &answer)
{
    open(idAtOrigin, receiver, answer, [](const QString &path) { return path; });
}

void showInFolder(const QString &idAtOrigin, QObject *receiver, const OpenAnswer &answer)
{
    open(idAtOrigin, receiver, answer, [](const QString &path) {
        return QFileInfo(path).absolutePath();
    });
}

} // namespace llmemory::ui
