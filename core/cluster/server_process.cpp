#include "core/cluster/server_process.h"

#include "core/base/logging.h"
#include "core/cluster/cluster_directory.h"

#include <QDeadlineTimer>

#include <csignal>

namespace llmemory::cluster {

namespace {

constexpr int kPumpMs = 200;

/// One element of a list of directories in a PostgreSQL setting.
QString quotedElement(QString directory)
{
    return QStringLiteral("\"%1\"").arg(directory.replace(QLatin1Char('"'), QLatin1String("\"\"")));
}

} // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::start(const Command &command, ServerLog &log)
{
    log.beginRun();
    // On the command line what must hold even against ALTER SYSTEM.
    const QStringList arguments{
        QStringLiteral("-D"),
        command.dataDirectory,
        QStringLiteral("-c"),
        QStringLiteral("config_file=%1").arg(command.configurationFile),
        QStringLiteral("-c"),
        QStringLiteral("listen_addresses="),
        QStringLiteral("-c"),
        QStringLiteral("port=%1").arg(kServerPort),
        QStringLiteral("-c"),
        QStringLiteral("unix_socket_permissions=0700"),
        QStringLiteral("-c"),
        QStringLiteral("unix_socket_directories=%1").arg(quotedElement(command.socketDirectory))};
    auto child = ChildProcess::start({command.program, arguments, &command.account, SIGINT});
    if (!child)
        return child.error();
    return std::unique_ptr<ServerProcess>(new ServerProcess(std::move(*child), log));
}

ServerProcess::ServerProcess(ChildProcess child, ServerLog &log)
    : m_child(std::move(child)), m_log(log)
{
}

ServerProcess::~ServerProcess()
{
    stop();
}

void ServerProcess::pump(int timeoutMs)
{
    m_child.wait(timeoutMs);
    m_log.write(m_child.readOutput());
}

void ServerProcess::reload() const
{
    m_child.signal(SIGHUP);
}

void ServerProcess::stop()
{
    if (!isRunning())
        return;
    m_child.signal(SIGINT);
    QDeadlineTimer deadline(kCleanStopMs);
    while (isRunning()) {
        pump(kPumpMs);
        if (!deadline.hasExpired())
            continue;
        logging::warning(QStringLiteral("the server did not stop in time; stopping it at once"));
        m_child.signal(SIGQUIT);
        deadline.setRemainingTime(kCleanStopMs);
    }
    pump(0);
}

} // namespace llmemory::cluster
