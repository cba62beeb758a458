#include "tests/core/db/pgbouncer_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>

#include <pwd.h>
#include <unistd.h>

namespace llmemory::testing {

namespace {

constexpr int kPort = 6432; // names the socket
constexpr int kPatienceMs = 15'000;
/// It does not run as root, and reaches the test server's folder only as this one.
constexpr const char *kAccount = "postgres";

constexpr const char *kSettings = R"ini([databases]
* = host='%1' port=%2

[pgbouncer]
unix_socket_dir = %3
listen_addr =
listen_port = %4
auth_type = trust
auth_file = %3/users
pool_mode = transaction
default_pool_size = %5
max_client_conn = 200
query_wait_timeout = 30
logfile = %3/log
pidfile = %3/pid
)ini";

Result<> write(const QString &path, const QString &text)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0)
        return {};
    return Error::internal(path + QLatin1String(": ") + file.errorString());
}

} // namespace

Result<std::unique_ptr<PgBouncerProcess>> PgBouncerProcess::start(
    const db::ConnectionParams &server)
{
    const QString name = QStringLiteral("pgbouncer");
    QString program = QStandardPaths::findExecutable(name);
    if (program.isEmpty())
        program = QStandardPaths::findExecutable(name, {QStringLiteral("/usr/sbin")});
    if (program.isEmpty())
        return Error{.kind = ErrorKind::Configuration,
                     .message = QStringLiteral("pgbouncer is not installed; "
                                               "packaging/install-dependencies.sh test does it"),
                     .code = QStringLiteral("pgbouncer_missing")};
    std::unique_ptr<PgBouncerProcess> bouncer(new PgBouncerProcess);
    if (auto ok = bouncer->writeFiles(server); !ok)
        return ok.error();
    if (auto ok = bouncer->run(program); !ok)
        return ok.error();
    return bouncer;
}

PgBouncerProcess::~PgBouncerProcess()
{
    m_process.terminate(); // at once, connected clients or not
    if (!m_process.waitForFinished(kPatienceMs)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString PgBouncerProcess::connectionString() const
{
    return QStringLiteral("host=%1 port=%2 dbname=%3 user=%4")
        .arg(m_through.host)
        .arg(m_through.port)
        .arg(m_through.database, m_through.user);
}

Result<> PgBouncerProcess::writeFiles(const db::ConnectionParams &server)
{
    if (!m_folder.isValid())
        return Error::internal(m_folder.errorString());
    const QDir folder(m_folder.path());
    m_through = server;
    m_through.host = folder.path();
    m_through.port = kPort;
    if (auto ok = write(folder.filePath(QStringLiteral("settings")),
                        QString::fromLatin1(kSettings)
                            .arg(server.host)
                            .arg(server.port)
                            .arg(folder.path())
                            .arg(kPort)
                            .arg(kServerConnections));
        !ok)
        return ok;
    if (auto ok = write(folder.filePath(QStringLiteral("users")),
                        QStringLiteral("\"%1\" \"\"\n").arg(server.user));
        !ok)
        return ok;
    if (::geteuid() != 0)
        return {};
    const passwd *account = ::getpwnam(kAccount);
    if (!account ||
        ::chown(QFile::encodeName(folder.path()).constData(), account->pw_uid, account->pw_gid) !=
            0)
        return Error::internal(QStringLiteral("cannot give pgbouncer its folder"));
    return {};
}

Result<> PgBouncerProcess::run(const QString &program)
{
    const QDir folder(m_folder.path());
    QStringList arguments;
    if (::geteuid() == 0)
        arguments << QStringLiteral("-u") << QLatin1String(kAccount);
    arguments << QStringLiteral("-q") << folder.filePath(QStringLiteral("settings"));
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(program, arguments);
    const QString socket = folder.filePath(QStringLiteral(".s.PGSQL.%1").arg(kPort));
    QElapsedTimer clock;
    clock.start();
    while (!QFile::exists(socket) && !m_process.waitForFinished(50) &&
           m_process.state() != QProcess::NotRunning && clock.elapsed() < kPatienceMs) {
    }
    if (m_process.state() == QProcess::Running && QFile::exists(socket))
        return {};
    return Error{.kind = ErrorKind::Unavailable,
                 .message = QStringLiteral("pgbouncer does not start"),
                 .detail = QString::fromUtf8(m_process.readAll())};
}

} // namespace llmemory::testing
