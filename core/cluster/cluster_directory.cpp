#include "core/cluster/cluster_directory.h"

#include "core/base/json.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/files.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

namespace llmemory::cluster {

namespace {

Error damaged(const QString &path, const QString &what)
{
    Error error{
        ErrorKind::Configuration,
        QCoreApplication::translate("llmemory::cluster",
                                    "The database in %1 is damaged: %2. Restore a backup, or move "
                                    "that directory away to begin with an empty database. Nothing "
                                    "was changed.")
            .arg(path, what)};
    error.code = QStringLiteral("db_damaged");
    return error;
}

QString missing(const QString &name)
{
    return QCoreApplication::translate("llmemory::cluster", "%1 is missing").arg(name);
}

} // namespace

QString socketPath(const QString &socketDirectory)
{
    return QStringLiteral("%1/.s.PGSQL.%2").arg(socketDirectory, QString::number(kServerPort));
}

ClusterDirectory::ClusterDirectory(const QString &path, int major) : m_path(path), m_major(major) {}

QString ClusterDirectory::data() const
{
    return m_path + QStringLiteral("/data");
}

QString ClusterDirectory::newData() const
{
    return QStringLiteral("%1/data.new-%2").arg(m_path, QString::number(::getpid()));
}

QString ClusterDirectory::configuration() const
{
    return m_path + QStringLiteral("/server.conf");
}

QString ClusterDirectory::record() const
{
    return m_path + QStringLiteral("/llmemory-cluster.json");
}

QString ClusterDirectory::adminPassword() const
{
    return m_path + QStringLiteral("/admin.password");
}

QString ClusterDirectory::appPassword() const
{
    return m_path + QStringLiteral("/app.password");
}

QString ClusterDirectory::ballast() const
{
    return m_path + QStringLiteral("/ballast");
}

std::optional<uid_t> ClusterDirectory::dataOwner() const
{
    struct stat status = {};
    if (::lstat(QFile::encodeName(data()).constData(), &status) != 0)
        return std::nullopt;
    return status.st_uid;
}

Result<> ClusterDirectory::verify() const
{
    const auto version = files::readSmall(data() + QStringLiteral("/PG_VERSION"));
    if (!version && version.error().kind == ErrorKind::NotFound)
        return damaged(m_path, missing(QStringLiteral("data/PG_VERSION")));
    if (!version)
        return version.error();
    if (version->trimmed() != QByteArray::number(m_major)) {
        return damaged(
            m_path,
            QCoreApplication::translate("llmemory::cluster", "its data is from PostgreSQL %1")
                .arg(QString::fromLatin1(version->trimmed())));
    }
    for (const QString &password : {adminPassword(), appPassword()}) {
        if (!QFileInfo::exists(password))
            return damaged(m_path, missing(QFileInfo(password).fileName()));
    }
    const auto text = files::readSmall(record());
    // Creation renames the finished data directory and then writes the record: only that was cut
    // short.
    if (!text && text.error().kind == ErrorKind::NotFound)
        return writeRecord();
    if (!text)
        return text.error();
    const auto parsed = parseJson(*text, QStringLiteral("llmemory-cluster.json"));
    if (!parsed || !parsed->is_object() || !parsed->contains("format") ||
        !(*parsed)["format"].is_number_integer())
        return damaged(m_path, missing(QStringLiteral("llmemory-cluster.json (format)")));
    const int format = (*parsed)["format"].get<int>();
    if (format > kFormat)
        return errors::newerFormat(m_path, format, kFormat);
    return {};
}

Result<> ClusterDirectory::writeRecord() const
{
    const Json content{{"format", kFormat},
                       {"postgresql", m_major},
                       {"created", toJson(QDateTime::currentDateTimeUtc().toString(Qt::ISODate))}};
    return files::writeAtomically(record(), toUtf8(content));
}

Result<db::ConnectionParams> ClusterDirectory::login(const QString &role,
                                                     const QString &socketDirectory) const
{
    const auto password =
        files::readSmall(role == QLatin1String(kAdminRole) ? adminPassword() : appPassword());
    if (!password)
        return password.error();
    db::ConnectionParams params;
    params.host = socketDirectory;
    params.port = kServerPort;
    params.database = QLatin1String(kDatabaseName);
    params.user = role;
    params.password = QString::fromLatin1(password->trimmed());
    return params;
}

} // namespace llmemory::cluster
