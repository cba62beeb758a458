#include "core/testing/temporary_server.h"

#include "core/cluster/admin_connection.h"
#include "core/cluster/child_process.h"
#include "core/cluster/cluster_directory.h"
#include "core/cluster/database_preparation.h"
#include "core/cluster/files.h"
#include "core/cluster/postgres_binaries.h"
#include "core/testing/crash_guard.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace llmemory::testing {

namespace {

constexpr const char *kDatabase = "llmemory_test";
constexpr int kInitdbMs = 120'000;
constexpr int kReadyMs = 60'000;
constexpr int kStopMs = 20'000;
constexpr int kPumpMs = 10;
/// The name of a unix socket ends at 107 bytes (unix(7)); this leaves room for ours in it.
constexpr qsizetype kMostParentBytes = 60;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::testing", text);
}

/// A directory of its own for the account, below $TMPDIR where that is short, plain and within the
/// account's reach, else below /tmp.
Result<QString> makeDirectory(const cluster::ServerAccount &account)
{
    QByteArray parent = QFile::encodeName(QDir::tempPath());
    const bool isPlain = parent.size() <= kMostParentBytes && !parent.contains('\'') &&
                         !parent.contains('"') && !parent.contains(',') && !parent.contains(' ') &&
                         !parent.contains('\\');
    if (!isPlain || !account.canReach(QDir::tempPath()))
        parent = "/tmp";
    QByteArray path = parent + "/llmemory-test-XXXXXX";
    const QString action = tr("Cannot make the directory %1");
    // 0700 from the beginning.
    if (!::mkdtemp(path.data()))
        return cluster::files::systemError(action, QFile::decodeName(path), errno);
    if (account.kind() == cluster::ServerAccount::Kind::User &&
        ::chown(path.constData(), account.uid(), account.gid()) != 0) {
        const Error error = cluster::files::systemError(action, QFile::decodeName(path), errno);
        ::rmdir(path.constData());
        return error;
    }
    return QFile::decodeName(path);
}

/// Shared memory in files: a container's /dev/shm of 64 MB is too small for parallel index builds.
/// The log goes to a file, because nobody reads what the server says while the tests run.
QByteArray configuration(const QString &directory)
{
    return QStringLiteral(R"(
listen_addresses = ''
unix_socket_directories = '%1'
unix_socket_permissions = 0700
port = %2
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
dynamic_shared_memory_type = mmap
jit = off
logging_collector = on
log_directory = '%1'
log_filename = 'server.log'
log_rotation_age = 0
log_rotation_size = 0
)")
        .arg(directory)
        .arg(cluster::kServerPort)
        .toLocal8Bit();
}

QByteArray lastLines(const QByteArray &text)
{
    constexpr int kLines = 5;
    const QList<QByteArray> lines = text.trimmed().split('\n');
    return lines.mid(std::max<qsizetype>(0, lines.size() - kLines)).join('\n');
}

} // namespace

struct TemporaryServer::Programs
{
    cluster::PostgresInstallation installation;
    cluster::ServerAccount account;
};

TemporaryServer::TemporaryServer(const QString &directory, std::unique_ptr<CrashGuard> guard)
    : m_directory(directory), m_guard(std::move(guard))
{
}

Result<std::unique_ptr<TemporaryServer>> TemporaryServer::start()
{
    const auto installation = cluster::PostgresBinaries::find().newest();
    if (!installation)
        return installation.error();
    const auto account = cluster::ServerAccount::choose({}, std::nullopt);
    if (!account)
        return account.error();
    const auto directory = makeDirectory(*account);
    if (!directory)
        return directory.error();
    auto guard = CrashGuard::watch(*directory);
    if (!guard) {
        QDir(*directory).removeRecursively();
        return guard.error();
    }
    std::unique_ptr<TemporaryServer> server(
        new TemporaryServer(*directory, std::make_unique<CrashGuard>(std::move(*guard))));
    const Programs programs{*installation, *account};
    if (auto ok = server->initialize(programs); !ok)
        return ok.error();
    if (auto ok = server->run(programs); !ok)
        return ok.error();
    if (auto ok = server->makeRolesAndDatabase(); !ok)
        return ok.error();
    return server;
}

Result<TemporaryServer *> TemporaryServer::shared()
{
    static std::mutex mutex;
    static std::unique_ptr<TemporaryServer> server;
    const std::lock_guard guard(mutex);
    if (!server) {
        auto started = start();
        if (!started)
            return started.error();
        server = std::move(*started);
    }
    return server.get();
}

TemporaryServer::~TemporaryServer()
{
    stop();
    if (auto ok = cluster::files::remove(m_directory); !ok)
        qWarning("%s", qPrintable(ok.error().message));
    else
        m_guard->disarm();
}

Result<> TemporaryServer::initialize(const Programs &programs)
{
    const QString data = m_directory + QStringLiteral("/data");
    const QStringList arguments{QStringLiteral("--pgdata"),
                                data,
                                QStringLiteral("--username"),
                                QLatin1String(cluster::kAdminRole),
                                QStringLiteral("--auth=trust"),
                                QStringLiteral("--encoding=UTF8"),
                                QStringLiteral("--no-locale"),
                                QStringLiteral("--no-sync")};
    const auto finished =
        cluster::ChildProcess::run({programs.installation.program(QStringLiteral("initdb")),
                                    arguments,
                                    &programs.account,
                                    SIGKILL},
                                   kInitdbMs);
    if (!finished)
        return finished.error();
    if (finished->exitCode != 0)
        return failure(QStringLiteral("initdb"), finished->output);
    QFile file(data + QStringLiteral("/postgresql.conf"));
    const QByteArray settings = configuration(m_directory);
    if (!file.open(QIODevice::Append) || file.write(settings) != settings.size())
        return failure(file.fileName(), file.errorString().toLocal8Bit());
    return {};
}

Result<> TemporaryServer::run(const Programs &programs)
{
    // No signal at our end: that is the end of the thread which starts it. The guard sees to it.
    auto started =
        cluster::ChildProcess::start({programs.installation.program(QStringLiteral("postgres")),
                                      {QStringLiteral("-D"), m_directory + QStringLiteral("/data")},
                                      &programs.account});
    if (!started)
        return started.error();
    m_server = std::make_unique<cluster::ChildProcess>(std::move(*started));
    return waitUntilReady();
}

Result<> TemporaryServer::waitUntilReady()
{
    using cluster::AdminConnection;
    const QDeadlineTimer deadline(kReadyMs);
    QByteArray output;
    while (!deadline.hasExpired()) {
        m_server->wait(kPumpMs);
        output += m_server->readOutput();
        if (m_server->exitCode())
            break;
        if (AdminConnection::ping(login(cluster::kAdminRole, "postgres")) ==
            AdminConnection::Answer::Ready)
            return {};
    }
    QFile log(m_directory + QStringLiteral("/server.log"));
    if (log.open(QIODevice::ReadOnly))
        output += log.readAll();
    return failure(QStringLiteral("postgres"), output);
}

Result<> TemporaryServer::makeRolesAndDatabase() const
{
    using cluster::AdminConnection;
    auto outside = AdminConnection::open(login(cluster::kAdminRole, "postgres"));
    if (!outside)
        return outside.error();
    // The program makes schemas of its own there, as on a server that a user gave.
    const std::pair<const char *, const char *> statements[] = {
        {"owner role", "CREATE ROLE llmemory_owner NOLOGIN"},
        {"app role", "CREATE ROLE llmemory_app LOGIN NOSUPERUSER NOBYPASSRLS"},
        {"database", "CREATE DATABASE llmemory_test OWNER llmemory_owner"},
        {"open database",
         "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE llmemory_test TO llmemory_app"},
    };
    for (const auto &[name, statement] : statements) {
        if (auto done = outside->execute(QLatin1String(name), statement); !done)
            return done;
    }
    const db::ConnectionParams inside = login(cluster::kAdminRole, kDatabase);
    if (auto prepared = cluster::prepareDatabase(inside); !prepared)
        return prepared;
    auto connection = AdminConnection::open(inside);
    if (!connection)
        return connection.error();
    return connection->execute(QStringLiteral("public schema"),
                               "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
}

Error TemporaryServer::failure(const QString &step, const QByteArray &output) const
{
    return {.kind = ErrorKind::Unavailable,
            .message = tr("The PostgreSQL for the tests did not start in %1: %2 failed. %3")
                           .arg(m_directory, step, QString::fromLocal8Bit(lastLines(output)))};
}

void TemporaryServer::stop()
{
    if (!m_server)
        return;
    // The data is thrown away: an immediate shutdown is enough.
    for (const int signal : {SIGQUIT, SIGKILL}) {
        m_server->signal(signal);
        const QDeadlineTimer deadline(kStopMs);
        while (!deadline.hasExpired() && !m_server->exitCode()) {
            m_server->wait(kPumpMs);
            m_server->readOutput();
        }
    }
    m_server.reset();
}

db::ConnectionParams TemporaryServer::login(const char *role, const char *database) const
{
    db::ConnectionParams params;
    params.host = m_directory;
    params.port = cluster::kServerPort;
    params.database = QLatin1String(database);
    params.user = QLatin1String(role);
    return params;
}

QString TemporaryServer::loginString(const char *role) const
{
    // The directory is plain, see makeDirectory().
    return QStringLiteral("host=%1 port=%2 dbname=%3 user=%4")
        .arg(m_directory)
        .arg(cluster::kServerPort)
        .arg(QLatin1String(kDatabase), QLatin1String(role));
}

db::ConnectionParams TemporaryServer::application() const
{
    return login(cluster::kAppRole, kDatabase);
}

db::ConnectionParams TemporaryServer::administrator() const
{
    return login(cluster::kAdminRole, kDatabase);
}

QString TemporaryServer::applicationString() const
{
    return loginString(cluster::kAppRole);
}

QString TemporaryServer::administratorString() const
{
    return loginString(cluster::kAdminRole);
}

} // namespace llmemory::testing
