#pragma once

#include "core/db/connection_params.h"

#include <QString>

#include <memory>

namespace llmemory::cluster {
class ChildProcess;
}

namespace llmemory::testing {

class CrashGuard;

/// A private PostgreSQL with pgvector for tests, in a temporary directory that only its owner and
/// root may enter: a unix socket there, no network, no passwords, and nothing synced to the disk,
/// since the data lasts as long as the object. Roles and rights are those of the program's own
/// server. Started by root it runs under an unprivileged account. Any thread, one at a time.
///
///     auto server = TemporaryServer::start();
///     VERIFY_RESULT(server);
///     const auto params = (*server)->application();
///
/// Stopped and deleted by the destructor, and also when the test crashes or is killed.
class TemporaryServer
{
public:
    /// Starts one; takes one to two seconds. Blocks.
    /// Error: Configuration "db_missing", "db_no_vector" without a PostgreSQL (of
    /// $LLMEMORY_PG_BINDIR where that is set) that has pgvector; Permission "db_root" without an
    /// account to run it under; Unavailable with the server's last words when it does not start.
    static Result<std::unique_ptr<TemporaryServer>> start();
    /// The one that the process shares, started on first use and stopped at the end of the process.
    /// Errors as start(). Any thread.
    static Result<TemporaryServer *> shared();
    ~TemporaryServer();
    Q_DISABLE_COPY_MOVE(TemporaryServer)

    /// `llmemory_app`, which the program works as: no superuser, bound by row-level security, may
    /// make schemas.
    db::ConnectionParams application() const;
    /// `llmemory_admin`, the superuser.
    db::ConnectionParams administrator() const;
    /// The same as libpq strings, for Config and for other programs.
    QString applicationString() const;
    QString administratorString() const;
    /// Holds data, socket and server.log; an absolute path.
    const QString &directory() const { return m_directory; }

private:
    TemporaryServer(const QString &directory, std::unique_ptr<CrashGuard> guard);

    struct Programs;
    Result<> initialize(const Programs &programs);
    Result<> run(const Programs &programs);
    Result<> waitUntilReady();
    Result<> makeRolesAndDatabase() const;
    Error failure(const QString &step, const QByteArray &output) const;
    void stop();
    db::ConnectionParams login(const char *role, const char *database) const;
    QString loginString(const char *role) const;

    QString m_directory;
    std::unique_ptr<CrashGuard> m_guard;
    std::unique_ptr<cluster::ChildProcess> m_server; ///< null while it does not run
};

} // namespace llmemory::testing
