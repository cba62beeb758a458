#pragma once

#include "core/base/result.h"
#include "core/db/connection_params.h"

#include <QByteArray>
#include <QString>

#include <memory>

struct pg_conn;

namespace llmemory::cluster {

/// A plain libpq connection for the few statements that create, start and check a cluster; the
/// program's own work goes through db/. One thread at a time.
class AdminConnection
{
public:
    enum class Answer { Ready, Recovering, None };

    /// Whether a server accepts connections there; needs no password. Waits at most 5 s.
    static Answer ping(const db::ConnectionParams &params);
    /// Connects; at most 5 s. Error: Unavailable with the server's words in detail.
    static Result<AdminConnection> open(const db::ConnectionParams &params);

    /// Runs one statement. @p name is what the error says instead of the statement.
    /// Error: Database with the SQLSTATE; Unavailable when the connection is gone.
    Result<> execute(const QString &name, const QByteArray &statement);
    /// The scram-sha-256 verifier of a password, quoted: the password itself never reaches the
    /// server.
    Result<QByteArray> quotedVerifier(const QString &role, const QString &password);

private:
    struct Closer
    {
        void operator()(pg_conn *connection) const;
    };
    explicit AdminConnection(pg_conn *connection);

    std::unique_ptr<pg_conn, Closer> m_connection;
};

} // namespace llmemory::cluster
