#include "core/doctor/machine_checks.h"

#include "core/cluster/cluster_paths.h"
#include "core/cluster/disk_space.h"
#include "core/cluster/postgres_binaries.h"
#include "core/db/connection.h"
#include "core/extract/extraction_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QTemporaryFile>
#include <QVersionNumber>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace llmemory::doctor {

namespace {

constexpr const char *kPostgresId = "postgresql";
constexpr const char *kVectorId = "pgvector";
constexpr const char *kDataDirectoryId = "data_directory";
constexpr const char *kSharedMemoryId = "shared_memory";
constexpr const char *kDriverId = "qt_driver";
constexpr const char *kExtractionId = "extraction";

/// Fixes to data-damaging faults; of the major version of the reference machine.
constexpr int kFixedSince15 = 150019;
constexpr int kLeastServer = 140000;

/// Below this the embedded server builds indexes without parallel workers.
constexpr qint64 kParallelSharedMemory = qint64(256) * 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::doctor", text);
}

QString versionText(int serverVersion)
{
    return QStringLiteral("%1.%2").arg(serverVersion / 10000).arg(serverVersion % 10000);
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

Result<cluster::PostgresInstallation> installationFor(const Config &config)
{
    const auto binaries = cluster::PostgresBinaries::find();
    if (!hasCluster(config.dataDirectory))
        return binaries.newest();
    const auto paths = cluster::ClusterPaths::open(config.dataDirectory);
    if (!paths)
        return paths.error();
    const cluster::ClusterDirectory newest = paths->existingClusters().constFirst();
    return binaries.forMajor(newest.major(), newest.data());
}

} // namespace

bool hasCluster(const QString &dataDirectory)
{
    if (!QFileInfo(dataDirectory).isDir())
        return false; // opening the paths would create it
    const auto paths = cluster::ClusterPaths::open(dataDirectory);
    return paths && !paths->existingClusters().isEmpty();
}

Check checkPostgresBinaries(const Config &config)
{
    const auto installation = installationFor(config);
    if (!installation)
        return failed(kPostgresId, installation.error().message);
    Check check =
        judgeServerVersion(kPostgresId, installation->major * 10000 + installation->minor);
    check.message += QLatin1String(" (") + installation->binDirectory + u')';
    return check;
}

Check checkInstalledVector(const Config &config)
{
    const auto installation = installationFor(config);
    return installation ? judgeVectorVersion(installation->vectorVersion)
                        : failed(kVectorId, installation.error().message);
}

Check judgeServerVersion(const char *id, int serverVersion)
{
    const QString version = tr("PostgreSQL %1").arg(versionText(serverVersion));
    if (serverVersion < kLeastServer)
        return failed(id, version, tr("llmemory needs PostgreSQL 14 or newer: update the server."));
    if (serverVersion / 10000 == kFixedSince15 / 10000 && serverVersion < kFixedSince15)
        return warning(
            id,
            version,
            tr("Update to PostgreSQL %1 or newer, which fixes faults and vulnerabilities.")
                .arg(versionText(kFixedSince15)));
    return ok(id, version);
}

Check judgeVectorVersion(const QString &version)
{
    const QString found = tr("pgvector %1").arg(version);
    const auto number = QVersionNumber::fromString(version);
    if (version.isEmpty())
        return failed(
            kVectorId,
            tr("pgvector is not installed in the database."),
            tr("Install the package postgresql-NN-pgvector of the server's version, or let "
               "packaging/run.sh build it; then run \"llmemory migrate apply\"."));
    if (number < QVersionNumber(0, 8, 0))
        return failed(
            kVectorId,
            found,
            tr("llmemory needs pgvector 0.8.0 or newer. Update it, then run in the database: "
               "ALTER EXTENSION vector UPDATE;"));
    if (number < QVersionNumber(0, 8, 2))
        return warning(
            kVectorId,
            found,
            tr("Update to 0.8.4 or newer: this version has CVE-2026-3172 (parallel index builds "
               "may write out of bounds) and faults in the vacuum of HNSW indexes. Until then "
               "keep max_parallel_maintenance_workers = 0."));
    if (number < QVersionNumber(0, 8, 4))
        return warning(
            kVectorId,
            found,
            tr("Update to 0.8.4 or newer: this version has faults in the vacuum of HNSW indexes. "
               "Until then REINDEX the HNSW indexes after large deletions."));
    return ok(kVectorId, found);
}

Check checkDataDirectory(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return ok(kDataDirectoryId,
                  tr("%1 does not exist yet; it is made when it is needed.").arg(path));
    struct stat status = {};
    if (::stat(QFile::encodeName(path).constData(), &status) != 0 || !S_ISDIR(status.st_mode))
        return failed(kDataDirectoryId,
                      tr("%1 is not a directory.").arg(path),
                      tr("Remove it, or choose another with --data-dir."));
    if (status.st_uid != ::geteuid())
        return failed(kDataDirectoryId,
                      tr("%1 belongs to another user (uid %2).").arg(path).arg(status.st_uid),
                      tr("Work as that user, or choose another directory with --data-dir."));
    if ((status.st_mode & 077) != 0)
        return warning(kDataDirectoryId,
                       tr("Other users of this machine can look into %1.").arg(path),
                       tr("Run: chmod 700 \"%1\"").arg(path));

    const qint64 free = cluster::disk::freeBytes(path);
    const QString message = tr("%1, %2 free").arg(path, sizeText(free));
    const QString advice =
        tr("Free some space: below 1 GiB ingestion pauses, below 256 MiB the database is "
           "read-only. Stored documents are safe.");
    if (free < cluster::disk::kReadOnlyBelow)
        return failed(kDataDirectoryId, message, advice);
    if (free < cluster::disk::kWritableFrom)
        return warning(kDataDirectoryId, message, advice);
    return ok(kDataDirectoryId, message);
}

Check checkSharedMemory()
{
    struct statvfs status = {};
    if (::statvfs("/dev/shm", &status) != 0)
        return warning(kSharedMemoryId,
                       tr("There is no /dev/shm."),
                       tr("Mount a tmpfs there; without it the server may not start."));
    const qint64 size = qint64(status.f_blocks) * qint64(status.f_frsize);
    const QString message = tr("/dev/shm has %1").arg(sizeText(size));
    if (size < kParallelSharedMemory)
        return warning(
            kSharedMemoryId,
            message,
            tr("Indexes are built without parallel workers, which takes longer. Give a container "
               "more with --shm-size=256m."));
    return ok(kSharedMemoryId, message);
}

Check checkDriver()
{
    // A socket directory that cannot exist: only the driver itself can be the obstacle asked about.
    db::ConnectionParams params;
    params.host = QStringLiteral("/nonexistent/llmemory");
    const auto connection = db::Connection::open(params);
    if (!connection && connection.error().code == QLatin1String("driver_missing"))
        return failed(kDriverId, connection.error().message);
    return ok(kDriverId, tr("Qt's PostgreSQL driver is installed."));
}

Check checkExtraction(const QString &program)
{
    QTemporaryFile file(
        QDir(QDir::tempPath()).filePath(QStringLiteral("llmemory-doctor-XXXXXX.txt")));
    const QByteArray text = QByteArrayLiteral("llmemory doctor\n");
    if (!file.open() || file.write(text) != text.size() || !file.flush())
        return failed(kExtractionId,
                      tr("Cannot write a temporary file in %1: %2.")
                          .arg(QDir::tempPath(), file.errorString()),
                      tr("Make room there, or set TMPDIR."));
    const extract::ExtractionProcess process(
        program.isEmpty() ? QCoreApplication::applicationFilePath() : program);
    const extract::Extraction extraction = process.extract(file.fileName());
    if (extraction.outcome != extract::Outcome::Ok ||
        extraction.text.trimmed() != QLatin1String("llmemory doctor"))
        return failed(kExtractionId,
                      tr("The process that reads files does not work (%1): %2")
                          .arg(toString(extraction.outcome), extraction.reason),
                      tr("Install llmemory again; if that does not help, report this."));
    return ok(kExtractionId, tr("Files are read in a process of their own."));
}

} // namespace llmemory::doctor
