#include "core/cluster/cluster_errors.h"

#include <QCoreApplication>

namespace llmemory::cluster::errors {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::cluster", text);
}

Error make(ErrorKind kind, const char *code, const QString &message)
{
    Error error{kind, message};
    error.code = QLatin1String(code);
    return error;
}

} // namespace

Error starting()
{
    return make(
        ErrorKind::Unavailable,
        "db_starting",
        tr("The database is recovering after an interruption. Search is back in a moment."));
}

Error noAccount()
{
    return make(ErrorKind::Permission,
                "db_root",
                tr("PostgreSQL does not run as root. Create a system user `llmemory`, or give "
                   "--database-url."));
}

Error diskFull(qint64 freeBytes, const QString &path)
{
    return make(
        ErrorKind::Unavailable,
        "disk_full",
        tr("Only %1 MB free on %2. llmemory is read-only until 1 GB is free. Stored documents "
           "are safe.")
            .arg(freeBytes / (1024 * 1024))
            .arg(path));
}

Error otherVersion(const QString &dataPath, int oldMajor, int installedMajor)
{
    const QString present = installedMajor > 0 ? QString::number(installedMajor) : tr("none");
    return make(
        ErrorKind::Configuration,
        "db_version",
        tr("The data in %1 is from PostgreSQL %2; this machine has %3. Install postgresql-%2 "
           "and postgresql-%2-pgvector, or restore a backup.")
            .arg(dataPath, QString::number(oldMajor), present));
}

Error newerFormat(const QString &dataPath, int format, int knownFormat)
{
    return make(
        ErrorKind::Configuration,
        "db_newer",
        tr("The data in %1 was written by a newer version of llmemory (format %2; this version "
           "knows %3). Update llmemory, or choose another data directory. Nothing was changed.")
            .arg(dataPath, QString::number(format), QString::number(knownFormat)));
}

Error noPostgres(const QString &directory)
{
    const QString message =
        directory.isEmpty()
            ? tr("PostgreSQL 14 or later is not installed. Run: apt-get install postgresql")
            : tr("There is no PostgreSQL 14 or later in %1 (LLMEMORY_PG_BINDIR). Correct that "
                 "variable or "
                 "remove it, and run: apt-get install postgresql")
                  .arg(directory);
    return make(ErrorKind::Configuration, "db_missing", message);
}

Error noVector(int major)
{
    return make(
        ErrorKind::Configuration,
        "db_no_vector",
        tr("pgvector is missing for PostgreSQL %1. Run: apt-get install postgresql-%1-pgvector "
           "(Debian 13 and later); packaging/run.sh builds it elsewhere.")
            .arg(major));
}

Error serverFailed(const QString &reason, const QString &logDirectory)
{
    const QString last = reason.isEmpty() ? tr("it gave no reason") : reason;
    return make(ErrorKind::Unavailable,
                "db_failed",
                tr("The database server did not start: %1. Its log is in %2. Stored documents are "
                   "untouched.")
                    .arg(last, logDirectory));
}

} // namespace llmemory::cluster::errors
