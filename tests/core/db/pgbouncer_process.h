#pragma once

#include "core/db/connection_params.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace llmemory::testing {

/// A real pgbouncer in transaction mode in front of a test server: a unix socket in a folder of its
/// own, no network, a handful of server connections for all clients. Stopped by the destructor.
class PgBouncerProcess
{
public:
    /// Of one user of one database.
    static constexpr int kServerConnections = 3;

    /// @param server  reached by a unix socket without passwords. Blocks until it answers.
    /// Error: Configuration with code "pgbouncer_missing" where it is not installed; Unavailable
    /// with the end of its log where it does not start.
    static Result<std::unique_ptr<PgBouncerProcess>> start(const db::ConnectionParams &server);
    ~PgBouncerProcess();
    Q_DISABLE_COPY_MOVE(PgBouncerProcess)

    /// The same login as that of the server, through this.
    db::ConnectionParams through() const { return m_through; }
    QString connectionString() const;

private:
    PgBouncerProcess() = default;

    Result<> writeFiles(const db::ConnectionParams &server);
    Result<> run(const QString &program);

    QTemporaryDir m_folder;
    QProcess m_process;
    db::ConnectionParams m_through;
};

} // namespace llmemory::testing
