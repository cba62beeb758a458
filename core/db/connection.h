#pragma once

#include "core/db/connection_params.h"
#include "core/db/sql_state.h"
#include "core/db/statement.h"

#include <QElapsedTimer>
#include <QHash>
#include <QSqlDatabase>

#include <chrono>
#include <memory>
#include <vector>

struct pg_conn;
struct pg_cancel;
struct pg_result;

namespace llmemory::db {

struct TracedStatement;

/// How long a transaction may take in the server, set anew in every transaction, for that
/// transaction only, so that it holds behind a pooler as well; and how long plans are kept.
struct Timeouts
{
    std::chrono::milliseconds statement{30'000}; ///< one statement
    std::chrono::milliseconds lock{5'000};       ///< the wait for one lock
    std::chrono::milliseconds idle{60'000};      ///< between two statements of a transaction
    /// One that suits the tables while they are small would stay until the server gathers
    /// statistics.
    std::chrono::milliseconds plan{60'000};
};

/// A statement as it is sent.
struct NamedQuery
{
    const char *name;
    QString sql; ///< expanded, with `$n`
    QVariantList values;
    Plan plan = Plan::EachTime;
};

/// One physical connection to the server. Belongs to the thread that opened it: every call asserts
/// so. It keeps no state in the server between transactions: no temporary table, no changed
/// setting, and prepared statements only where no pooler is between, see setServer().
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
    Result<Rows> query(const char *name,
                       const QString &sql,
                       const QVariantList &values,
                       Plan plan = Plan::EachTime);
    /// query() with the columns in PostgreSQL's binary format: byte arrays come at half the size
    /// and without being decoded. @p sql  answers only columns of the types that sqlBinaryValue()
    /// knows; others are Internal.
    Result<Rows> queryBinary(const char *name,
                             const QString &sql,
                             const QVariantList &values,
                             Plan plan = Plan::EachTime);
    /// Runs statements one after the other in one round trip (libpq's pipeline mode); the rows of
    /// each. The first failing one is the error, and those behind it do not run. Meant for few
    /// statements with small answers: the server has answered the first ones before the last is
    /// sent.
    Result<QList<Rows>> queryTogether(const QList<NamedQuery> &queries);
    /// The same as query() for statements without rows; the number of rows touched.
    Result<qint64> execute(const char *name, const QString &sql, const QVariantList &values);
    /// Runs a script of several statements without parameters; the first failing one is the error.
    Result<> runScript(const QString &name, const QString &sql);
    /// Sends a script and does not wait for its end, which the next call does: if the script fails,
    /// that one does, and is not run.
    Result<> sendOff(const QString &name, const QString &sql);
    /// Runs @p sql, which ends a transaction, even when what was sent off before has failed.
    /// Committing one in which a statement failed is an error.
    Result<> end(const QString &name, const QString &sql);

    /// False once the server or the network has closed it.
    bool isOpen() const;
    const Timeouts &timeouts() const { return m_timeouts; }
    /// Statements that succeeded since the pool set it to 0: with 0 a task may safely be run again.
    int succeeded() const { return m_succeeded; }
    void setSucceeded(int count) { m_succeeded = count; }
    /// What every transaction's search_path is set to; empty as long as the database has no
    /// pgvector. Kept by Transaction.
    const QString &searchPath() const { return m_searchPath; }
    /// @param searchPath  see above.
    /// @param process     of the server, which answers: the one that it named when the connection
    ///                    was opened, unless a pooler is between, which names one of its own.
    ///                    Statements whose plan is kept are prepared only without a pooler.
    void setServer(const QString &searchPath, int process);
    /// Depth of open transactions; kept by Transaction.
    int &transactionDepth() { return m_transactionDepth; }

    /// The same connection for QSqlQuery, for programs that have such code; only on this thread,
    /// and only during the task that got the connection. To be asked for in each transaction: what
    /// was sent off has ended then.
    const QSqlDatabase &sqlDatabase();
    /// libpq's handle; the same holds for it.
    pg_conn *native();
    /// A handle that may cancel the running statement from any thread; ours to free with
    /// PQfreeCancel.
    pg_cancel *cancelHandle() const;

private:
    enum class Format { Text = 0, Binary = 1 }; // libpq's numbers
    using ResultHandle = std::unique_ptr<pg_result, void (*)(pg_result *)>;

    Connection(const QString &name, const Timeouts &timeouts);

    pg_conn *handle() const;
    void assertThread() const;
    Result<std::vector<ResultHandle>> roundTrip(const QList<NamedQuery> &queries, Format format);
    Result<Rows> rows(const NamedQuery &query, Format format);
    Result<QByteArray> preparedName(const NamedQuery &query);
    Result<> dropOldPlans();
    Error forgetLostPlans(Error failure);
    Result<> finishSentOff();
    void trace(const TracedStatement &statement) const;
    Result<> check(const pg_result *result, const QString &name) const;

    QString m_name;
    QSqlDatabase m_database;
    Timeouts m_timeouts;
    Qt::HANDLE m_thread;
    QString m_searchPath;
    QString m_sentOff; ///< the name of what has not ended yet
    bool m_keepsStatements = false;
    QHash<QString, QByteArray> m_prepared; ///< names in the server by SQL
    QElapsedTimer m_preparedSince;         ///< the first of them
    int m_succeeded = 0;
    int m_transactionDepth = 0;
};

} // namespace llmemory::db
