#include "core/cluster/cluster_creator.h"

#include "core/cluster/admin_connection.h"
#include "core/cluster/files.h"
#include "core/cluster/leftovers.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <array>
#include <csignal>
#include <utility>

namespace llmemory::cluster {

namespace {

/// initdb takes under a second; a slow disk with everything to flush may take minutes.
constexpr int kInitdbMs = 10 * 60 * 1000;

/// 32 random bytes as hexadecimal digits.
QString randomPassword()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    QByteArray bytes;
    for (const quint32 word : words)
        bytes += QByteArray::number(word, 16).rightJustified(8, '0');
    return QString::fromLatin1(bytes);
}

/// @p text with %owner, %app, %database replaced by our constant names.
QByteArray named(QByteArray text)
{
    text.replace("%owner", kOwnerRole);
    text.replace("%app", kAppRole);
    text.replace("%database", kDatabaseName);
    return text;
}

db::ConnectionParams adminLogin(const QString &socketDirectory,
                                const QString &database,
                                const QString &password)
{
    db::ConnectionParams login;
    login.host = socketDirectory;
    login.port = kServerPort;
    login.database = database;
    login.user = QLatin1String(kAdminRole);
    login.password = password;
    return login;
}

Result<> executeAll(AdminConnection &connection,
                    const QList<std::pair<QString, QByteArray>> &statements)
{
    for (const auto &[name, statement] : statements) {
        if (const auto done = connection.execute(name, named(statement)); !done)
            return done;
    }
    return {};
}

} // namespace

ClusterCreator::ClusterCreator(const ClusterStarter::Cluster &cluster,
                               ServerLog &log,
                               const StartHooks &hooks)
    : m_cluster(cluster), m_log(log), m_hooks(hooks)
{
}

Result<> ClusterCreator::create()
{
    const ClusterDirectory &directory = m_cluster.directory;
    const Passwords passwords{randomPassword(), randomPassword()};
    if (const auto made = makeDirectories(); !made)
        return made;
    if (const auto initialized = initialize(passwords.admin); !initialized)
        return initialized;
    if (const auto filled = fill(passwords); !filled)
        return filled;
    const std::array secrets{std::pair(directory.adminPassword(), passwords.admin),
                             std::pair(directory.appPassword(), passwords.app)};
    for (const auto &[path, password] : secrets) {
        if (const auto written = files::writeAtomically(path, password.toLatin1()); !written)
            return written;
    }
    if (const auto renamed = files::rename(newData(), directory.data()); !renamed)
        return renamed;
    return directory.writeRecord();
}

QString ClusterCreator::newData() const
{
    return m_cluster.directory.newData();
}

Result<> ClusterCreator::makeDirectories()
{
    const ServerAccount &account = m_cluster.account;
    const bool isOther = account.kind() == ServerAccount::Kind::User;
    const QString path = m_cluster.directory.path();
    if (const auto made = files::makeDirectory(path, isOther ? 0711 : 0700); !made)
        return made;
    if (const auto removed = leftovers::removeUnfinished(path); !removed)
        return removed;
    return files::makeDirectory(newData(),
                                0700,
                                isOther ? account.uid() : files::kSameUser,
                                isOther ? account.gid() : files::kSameGroup);
}

Result<> ClusterCreator::initialize(const QString &adminPassword)
{
    const ServerAccount &account = m_cluster.account;
    const bool isOther = account.kind() == ServerAccount::Kind::User;
    // In the cluster's directory under a name that removeUnfinished() knows, readable for initdb.
    const QString passwordFile = newData() + QStringLiteral(".new-password");
    const auto written = files::writeAtomically(passwordFile,
                                                adminPassword.toLatin1(),
                                                0600,
                                                isOther ? account.uid() : files::kSameUser,
                                                isOther ? account.gid() : files::kSameGroup);
    if (!written)
        return written;
    auto initialized = runInitdb({QStringLiteral("--pgdata"),
                                  newData(),
                                  QStringLiteral("--username"),
                                  QLatin1String(kAdminRole),
                                  QStringLiteral("--pwfile"),
                                  passwordFile,
                                  QStringLiteral("--data-checksums"),
                                  QStringLiteral("--encoding=UTF8"),
                                  QStringLiteral("--no-locale"),
                                  QStringLiteral("--auth=scram-sha-256"),
                                  QStringLiteral("--no-sync")});
    if (const auto removed = files::remove(passwordFile); !removed && initialized)
        return removed;
    return initialized;
}

Result<> ClusterCreator::fill(const Passwords &passwords)
{
    ClusterStarter starter(m_cluster, m_log, m_hooks);
    const auto login =
        adminLogin(m_cluster.socketDirectory, QStringLiteral("postgres"), passwords.admin);
    auto server = starter.startOnce(newData(), login, ClusterStarter::Access::Creating);
    if (!server)
        return server.error();
    const auto made = makeRolesAndDatabase(passwords);
    (*server)->stop();
    if (!made)
        return made;
    return files::syncFileSystem(newData());
}

Result<> ClusterCreator::makeRolesAndDatabase(const Passwords &passwords)
{
    const QString &socket = m_cluster.socketDirectory;
    auto connection =
        AdminConnection::open(adminLogin(socket, QStringLiteral("postgres"), passwords.admin));
    if (!connection)
        return connection.error();
    const auto verifier = connection->quotedVerifier(QLatin1String(kAppRole), passwords.app);
    if (!verifier)
        return verifier.error();
    QByteArray createApp(
        "CREATE ROLE %app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD ");
    createApp += *verifier;
    const auto made = executeAll(
        *connection,
        {{QStringLiteral("owner role"), "CREATE ROLE %owner NOLOGIN"},
         {QStringLiteral("app role"), createApp},
         {QStringLiteral("database"), "CREATE DATABASE %database OWNER %owner"},
         {QStringLiteral("close database"), "REVOKE ALL ON DATABASE %database FROM PUBLIC"},
         {QStringLiteral("open database"),
          "GRANT CONNECT, TEMPORARY ON DATABASE %database TO %app"}});
    if (!made)
        return made;
    auto inside =
        AdminConnection::open(adminLogin(socket, QLatin1String(kDatabaseName), passwords.admin));
    if (!inside)
        return inside.error();
    return executeAll(
        *inside,
        {{QStringLiteral("extension"), "CREATE EXTENSION vector SCHEMA public"},
         {QStringLiteral("public schema"), "REVOKE CREATE ON SCHEMA public FROM PUBLIC"},
         {QStringLiteral("public usage"), "GRANT USAGE ON SCHEMA public TO %owner, %app"}});
}

Result<> ClusterCreator::runInitdb(const QStringList &arguments)
{
    const QString program = m_cluster.installation.program(QStringLiteral("initdb"));
    // SIGKILL: on any other signal it would still be removing files when the next supervisor does.
    const auto finished =
        ChildProcess::run({program, arguments, &m_cluster.account, SIGKILL}, kInitdbMs);
    if (!finished)
        return finished.error();
    m_log.write(finished->output);
    if (finished->exitCode == 0)
        return {};
    const QString output = QString::fromLocal8Bit(finished->output).trimmed();
    return Error{ErrorKind::Unavailable,
                 QCoreApplication::translate("llmemory::cluster",
                                             "The database could not be created in %1: %2")
                     .arg(m_cluster.directory.path(), output.section(QLatin1Char('\n'), -3)),
                 QStringLiteral("initdb exit code %1").arg(finished->exitCode)};
}

} // namespace llmemory::cluster
