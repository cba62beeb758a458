#pragma once

#include "core/db/connection_params.h"
#include "core/db/sql_state.h"
#include "core/db/statement.h"

#include <QSqlDatabase>

#include <chrono>
#include <memory>

struct pg_conn;
struct pg_cancel;
struct pg_result;

namespace llmemory::db {

/// How long a transaction may take in the server. Set anew in every transaction, for that
/// transaction only, so that it holds behind a pooler as well.
struct Timeouts
{
    std::chrono::milliseconds statement{30'000}; ///< one statement
    std::chrono::milliseconds lock{5'000};       ///< the wait for one lock
    std::chrono::milliseconds idle{60'000};      ///< between two statements of a transaction
};

/// A statement as it is sent.
struct NamedQuery
{
    const char *name;
    QString sql; ///< expanded, with `$n`
    QVariantList values;
};

/// One physical connection to the server. Belongs to the thread that opened it: every call asserts
/// so. It keeps no state in the server between transactions: no named prepared statement, no
/// temporary table, no changed setting.
class Connection
{
public:
    /// Error: Unavailable (cannot reach), Configuration (refused: user, password, database, driver
    /// missing).
    static Result<std::unique_ptr<Connection>> open(const ConnectionParams &params,
                                                    const Timeouts &timeouts = {});
    ~Connection();
    Q_DISABLE_COPY_MOVE(Connection)

    /// Runs one statement. @param sql  expanded, with `$n`; @param values  bound in order: texts,
    /// numbers, truth values, times, UUIDs, byte arrays; an invalid or null one is NULL.
    Result<Rows> query(const char *name, const QString &sql, const QVariantList &values);
    /// query() with the columns in PostgreSQL's binary format: byte arrays come at half the size
    /// and without being decoded. @p sql  answers only columns of the types that sqlBinaryValue()
    /// knows; others are Internal.
    Result<Rows> queryBinary(const char *name, const QString &sql, const QVariantList &values);
    /// Runs statements one after the other in one round trip (libpq's pipeline mode); the rows of
    /// each. The first failing one is the error, and those behind it do not run. Meant for few
    /// statements with small answers: the server has answered the first ones before the last is
    /// sent.
    Result<QList<Rows>> queryTogether(const QList<NamedQuery> &queries);
    /// The same as query() for statements without rows; the number of rows touched.
    Result<qint64> execute(const char *name, const QString &sql, const QVariantList &values);
    /// Runs a script of several statements without parameters; the first failing one is the error.
    Result<> runScript(const QString &name, const QString &sql);

    /// False once the server or the network has closed it.
    bool isOpen() const;
    const Timeouts &timeouts() const { return m_timeouts; }
    /// Statements that succeeded since the pool set it to 0: with 0 a task may safely be run again.
    int succeeded() const { return m_succeeded; }
    void setSucceeded(int count) { m_succeeded = count; }
    /// What every transaction's search_path is set to; empty as long as the database has no
    /// pgvector. Kept by Transaction.
    const QString &searchPath() const { return m_searchPath; }
    void setSearchPath(const QString &path) { m_searchPath = path; }
    /// Depth of open transactions; kept by Transaction.
    int &transactionDepth() { return m_transactionDepth; }

    /// The same connection for QSqlQuery, for programs that have such code; only on this thread,
    /// and only during the task that got the connection.
    const QSqlDatabase &sqlDatabase() const { return m_database; }
    /// libpq's handle.
    pg_conn *native() const;
    /// A handle that may cancel the running statement from any thread; ours to free with
    /// PQfreeCancel.
    pg_cancel *cancelHandle() const;

private:
    Connection(const QString &name, const Timeouts &timeouts);

    void assertThread() const;
    void trace(const QString &name,
               const QString &sql,
               const QVariantList &values = {},
               bool withNext = false) const;
    Result<> check(const pg_result *result, const QString &name) const;

    QString m_name;
    QSqlDatabase m_database;
    Timeouts m_timeouts;
    Qt::HANDLE m_thread;
    QString m_searchPath;
    int m_succeeded = 0;
    int m_transactionDepth = 0;
};

} // namespace llmemory::db
