#include "core/cluster/cluster_starter.h"

#include "core/base/logging.h"
#include "core/cluster/admin_connection.h"
#include "core/cluster/cluster_errors.h"
#include "core/cluster/database_preparation.h"
#include "core/cluster/files.h"
#include "core/cluster/leftovers.h"
#include "core/cluster/server_configuration.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QThread>

#include <array>
#include <utility>

namespace llmemory::cluster {

namespace {

constexpr int kReadyMs = 60'000;
constexpr int kPumpMs = 50;
constexpr std::array kRetryDelaysMs{500, 1000, 2000, 4000};

} // namespace

ClusterStarter::ClusterStarter(const Cluster &cluster, ServerLog &log, const StartHooks &hooks)
    : m_cluster(cluster), m_log(log), m_hooks(hooks)
{
}

Result<std::unique_ptr<ServerProcess>> ClusterStarter::start(Access access)
{
    const auto login =
        m_cluster.directory.login(QLatin1String(kAdminRole), m_cluster.socketDirectory);
    if (!login)
        return login.error();
    for (size_t attempt = 0;; ++attempt) {
        auto server = startOnce(m_cluster.directory.data(), *login, access);
        if (server) {
            if (access == Access::ReadWrite) {
                if (const auto prepared = prepareDatabase(*login); !prepared)
                    return prepared.error();
            }
            return server;
        }
        const bool hasEnded = server.error().code == errors::serverFailed({}, {}).code;
        if (!hasEnded || m_log.diskWasFull() || attempt == kRetryDelaysMs.size())
            return server.error();
        logging::warning(
            QStringLiteral("start failed (%1), trying again").arg(server.error().detail));
        if (!pause(kRetryDelaysMs.at(attempt)))
            return Error::cancelled();
    }
}

Result<std::unique_ptr<ServerProcess>> ClusterStarter::startOnce(const QString &dataDirectory,
                                                                 const db::ConnectionParams &login,
                                                                 Access access)
{
    const auto cleared =
        leftovers::clear(dataDirectory, m_cluster.socketDirectory, m_hooks.interrupted);
    if (!cleared)
        return cleared.error();
    if (const auto written = writeConfiguration(access); !written)
        return written.error();
    auto server = ServerProcess::start({m_cluster.installation.program(QStringLiteral("postgres")),
                                        dataDirectory,
                                        m_cluster.directory.configuration(),
                                        m_cluster.socketDirectory,
                                        m_cluster.account},
                                       m_log);
    if (!server)
        return server.error();
    if (const auto ready = waitUntilReady(**server, login); !ready)
        return ready.error();
    return server;
}

Result<> ClusterStarter::changeAccess(const ServerProcess &server, Access access) const
{
    if (const auto written = writeConfiguration(access); !written)
        return written;
    server.reload();
    return {};
}

Result<> ClusterStarter::writeConfiguration(Access access) const
{
    auto configuration = ServerConfiguration::forMachine(m_cluster.installation);
    configuration.isReadOnly = access == Access::ReadOnly;
    configuration.isSynced = access != Access::Creating;
    // The server's account may read it, nothing in it is secret.
    return files::writeAtomically(
        m_cluster.directory.configuration(), configuration.toText(), 0644);
}

Result<> ClusterStarter::waitUntilReady(ServerProcess &server, const db::ConnectionParams &login)
{
    QElapsedTimer waiting;
    waiting.start();
    QElapsedTimer sincePing;
    bool isRecovering = false;
    for (;;) {
        server.pump(kPumpMs);
        if (m_hooks.interrupted())
            return Error::cancelled();
        if (!server.isRunning()) {
            server.pump(0);
            Error error = errors::serverFailed(m_log.lastWords(), m_log.directory());
            error.detail = m_log.lastWords();
            return error;
        }
        const qint64 sinceSign = m_log.sinceRecoveryMs();
        if (sinceSign >= 0 && !isRecovering) {
            isRecovering = true;
            m_hooks.recovering();
        }
        // The server logs each refusal.
        if (sincePing.isValid() && !sincePing.hasExpired(kPumpMs))
            continue;
        sincePing.start();
        if (AdminConnection::ping(login) == AdminConnection::Answer::Ready) {
            auto connection = AdminConnection::open(login);
            if (connection)
                return connection->execute(QStringLiteral("readiness"), "SELECT 1");
            logging::debug(connection.error().message);
        }
        const bool isLate = waiting.hasExpired(kReadyMs) && (sinceSign < 0 || sinceSign > kReadyMs);
        if (isLate)
            return errors::starting();
    }
}

bool ClusterStarter::pause(int ms) const
{
    const QDeadlineTimer deadline(ms);
    while (!deadline.hasExpired()) {
        if (m_hooks.interrupted())
            return false;
        QThread::msleep(kPumpMs);
    }
    return true;
}

} // namespace llmemory::cluster
