#include "core/cluster/postgres_binaries.h"

#include "core/cluster/child_process.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/files.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QVersionNumber>

#include <algorithm>
#include <optional>

namespace llmemory::cluster {

namespace {

constexpr int kAnswerMs = 10'000;

/// What a program prints, trimmed; empty when it fails.
QString answerOf(const QString &program, const QStringList &arguments)
{
    const auto finished = ChildProcess::run({program, arguments}, kAnswerMs);
    return finished && finished->exitCode == 0 ? QString::fromLocal8Bit(finished->output).trimmed()
                                               : QString();
}

/// Directories under @p parent that match @p pattern, each with @p below appended.
QStringList globbed(const QString &parent, const QString &pattern, const QString &below)
{
    QStringList paths;
    const QStringList names = QDir(parent).entryList({pattern}, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names)
        paths.append(QStringLiteral("%1/%2/%3").arg(parent, name, below));
    return paths;
}

QStringList candidateDirectories()
{
    QStringList paths =
        globbed(QStringLiteral("/usr/lib/postgresql"), QStringLiteral("*"), QStringLiteral("bin"));
    paths += globbed(QStringLiteral("/usr"), QStringLiteral("pgsql-*"), QStringLiteral("bin"));
    paths += QStringLiteral("/usr/local/pgsql/bin");
    const QString config = QStandardPaths::findExecutable(QStringLiteral("pg_config"));
    if (!config.isEmpty())
        paths += answerOf(config, {QStringLiteral("--bindir")});
    const QString server = QStandardPaths::findExecutable(QStringLiteral("postgres"));
    if (!server.isEmpty())
        paths += QFileInfo(QFileInfo(server).canonicalFilePath()).path();
    return paths;
}

/// Where the server looks for extensions; empty when it cannot be told.
QString shareDirectory(const QString &binDirectory, int major)
{
    QStringList paths;
    const QString config = binDirectory + QStringLiteral("/pg_config");
    if (QFileInfo(config).isExecutable())
        paths += answerOf(config, {QStringLiteral("--sharedir")});
    // As the server does: relative to where its program really is.
    const QString real =
        QFileInfo(QFileInfo(binDirectory + QStringLiteral("/postgres")).canonicalFilePath()).path();
    paths += QStringLiteral("%1/../../../../share/postgresql/%2").arg(real, QString::number(major));
    paths += real + QStringLiteral("/../share/postgresql");
    paths += real + QStringLiteral("/../share/pgsql");
    paths += real + QStringLiteral("/../share");
    for (const QString &path : std::as_const(paths)) {
        if (QFileInfo::exists(path + QStringLiteral("/extension/plpgsql.control")))
            return QDir::cleanPath(path);
    }
    return {};
}

QString vectorVersion(const QString &binDirectory, int major)
{
    const QString control =
        shareDirectory(binDirectory, major) + QStringLiteral("/extension/vector.control");
    const auto text = files::readSmall(control);
    if (!text)
        return {};
    static const QRegularExpression version(QStringLiteral("default_version\\s*=\\s*'([^']+)'"));
    return version.match(QString::fromUtf8(*text)).captured(1);
}

std::optional<PostgresInstallation> inspect(const QString &binDirectory)
{
    PostgresInstallation found;
    found.binDirectory = QDir::cleanPath(binDirectory);
    const bool complete = QFileInfo(found.program(QStringLiteral("postgres"))).isExecutable() &&
                          QFileInfo(found.program(QStringLiteral("initdb"))).isExecutable();
    if (!complete)
        return std::nullopt;
    static const QRegularExpression version(
        QStringLiteral("\\(PostgreSQL\\) (\\d+)(?:\\.(\\d+))?"));
    const auto match = version.match(
        answerOf(found.program(QStringLiteral("postgres")), {QStringLiteral("--version")}));
    found.major = match.captured(1).toInt();
    found.minor = match.captured(2).toInt();
    if (found.major < PostgresBinaries::kLeastMajor)
        return std::nullopt;
    found.vectorVersion = vectorVersion(found.binDirectory, found.major);
    return found;
}

} // namespace

QString PostgresInstallation::program(const QString &name) const
{
    return QStringLiteral("%1/%2").arg(binDirectory, name);
}

bool PostgresInstallation::isVectorOlderThan(const QString &other) const
{
    return !vectorVersion.isEmpty() &&
           QVersionNumber::fromString(vectorVersion) < QVersionNumber::fromString(other);
}

PostgresBinaries PostgresBinaries::find()
{
    PostgresBinaries binaries;
    binaries.m_demanded = qEnvironmentVariable("LLMEMORY_PG_BINDIR");
    QStringList directories =
        binaries.m_demanded.isEmpty() ? candidateDirectories() : QStringList{binaries.m_demanded};
    directories.removeDuplicates();
    for (const QString &directory : std::as_const(directories)) {
        if (const auto found = inspect(directory))
            binaries.m_all.append(*found);
    }
    std::stable_sort(
        binaries.m_all.begin(), binaries.m_all.end(), [](const auto &a, const auto &b) {
            return std::pair(a.major, a.minor) > std::pair(b.major, b.minor);
        });
    return binaries;
}

Result<PostgresInstallation> PostgresBinaries::newest() const
{
    if (m_all.isEmpty())
        return errors::noPostgres(m_demanded);
    for (const PostgresInstallation &installation : m_all) {
        if (!installation.vectorVersion.isEmpty())
            return installation;
    }
    return errors::noVector(m_all.first().major);
}

Result<PostgresInstallation> PostgresBinaries::forMajor(int major, const QString &dataPath) const
{
    bool isInstalled = false;
    for (const PostgresInstallation &installation : m_all) {
        if (installation.major != major)
            continue;
        if (!installation.vectorVersion.isEmpty())
            return installation;
        isInstalled = true;
    }
    if (isInstalled)
        return errors::noVector(major);
    return errors::otherVersion(dataPath, major, m_all.isEmpty() ? 0 : m_all.first().major);
}

} // namespace llmemory::cluster
