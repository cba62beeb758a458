#include "core/base/program_locator.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace llmemory {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory", text);
}

QString programName()
{
    return QStringLiteral("llmemory");
}

bool isProgram(const QString &path)
{
    const QFileInfo info(path);
    return info.isFile() && info.isExecutable();
}

Error missing(const QString &message)
{
    return {.kind = ErrorKind::Configuration,
            .message = message,
            .field = QStringLiteral("program"),
            .code = QStringLiteral("program_missing")};
}

} // namespace

ProgramPlaces ProgramPlaces::ofThisProcess()
{
    ProgramPlaces places;
    if (QCoreApplication::instance())
        places.application = QCoreApplication::applicationFilePath();
    places.installation = QStringLiteral(LLMEMORY_INSTALLED_BINDIR);
    places.searchPaths =
        qEnvironmentVariable("PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return places;
}

Result<QString> locateProgram(const QString &given, const ProgramPlaces &places)
{
    if (!given.isEmpty()) {
        if (isProgram(given))
            return QFileInfo(given).absoluteFilePath();
        return missing(tr("%1 is not a program that can be started. Correct the setting "
                          "\"program\", or leave it empty to have llmemory found by itself.")
                           .arg(given));
    }
    QStringList directories;
    if (!places.application.isEmpty()) {
        const QFileInfo application(places.application);
        if (application.fileName() == programName())
            return application.absoluteFilePath();
        directories += application.absolutePath();
    }
    directories += places.installation;
    directories += places.searchPaths;
    for (const QString &directory : std::as_const(directories)) {
        const QString path = QDir(directory).absoluteFilePath(programName());
        if (!directory.isEmpty() && isProgram(path))
            return path;
    }
    return missing(
        tr("The program llmemory, which supervises the embedded database and reads files, was not "
           "found: not beside this program, not in %1 and not in PATH. Install llmemory, or say "
           "with the setting \"program\" where it is.")
            .arg(places.installation));
}

} // namespace llmemory
