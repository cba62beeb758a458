#pragma once

#include "core/db/connection_params.h"
#include "core/db/sql_state.h"
#include "core/db/statement.h"

#include <QSqlDatabase>

#include <memory>

struct pg_conn;
struct pg_cancel;

namespace llmemory::db {

/// One physical connection to the server. Belongs to the thread that opened it: every call asserts
/// so.
class Connection
{
public:
    /// Error: Unavailable (cannot reach), Configuration (refused: user, password, database, driver
    /// missing).
    static Result<std::unique_ptr<Connection>> open(const ConnectionParams &params);
    ~Connection();
    Q_DISABLE_COPY_MOVE(Connection)

    /// Runs a prepared statement. @param sql  expanded, with `$n`; @param values  bound in order.
    Result<Rows> query(const char *name, const QString &sql, const QVariantList &values);
    /// The same for statements without rows; the number of rows touched.
    Result<qint64> execute(const char *name, const QString &sql, const QVariantList &values);
    /// Runs a script of several statements without parameters; the first failing one is the error.
    Result<> runScript(const QString &name, const QString &sql);

    /// False once the server or the network has closed it.
    bool isOpen() const;
    /// Statements that succeeded since the pool set it to 0: with 0 a task may safely be run again.
    int succeeded() const { return m_succeeded; }
    void setSucceeded(int count) { m_succeeded = count; }
    /// Depth of open transactions; kept by Transaction.
    int &transactionDepth() { return m_transactionDepth; }

    /// libpq's handle, for COPY.
    pg_conn *native() const;
    /// A handle that may cancel the running statement from any thread; ours to free with
    /// PQfreeCancel.
    pg_cancel *cancelHandle() const;

private:
    explicit Connection(const QString &name);

    void assertThread() const;

    QString m_name;
    QSqlDatabase m_database;
    Qt::HANDLE m_thread;
    int m_succeeded = 0;
    int m_transactionDepth = 0;
};

} // namespace llmemory::db
