#pragma once

#include "core/db/connection.h"
#include "core/db/sql_names.h"

#include <atomic>
#include <functional>

namespace llmemory::db {

/// What a task works with: a connection seen through one schema. Lives on the stack of a pool
/// thread, for the length of one task; never kept.
class Session
{
public:
    Session(Connection &connection, const SqlNames &names, std::function<bool()> isCancelled = {});
    Q_DISABLE_COPY_MOVE(Session)

    /// Rows of a statement.
    Result<Rows> query(const Statement &statement, const QVariantList &values = {});
    /// The same in binary format, for large byte arrays; see Connection::queryBinary().
    Result<Rows> queryBinary(const Statement &statement, const QVariantList &values = {});
    /// Rows of each of these statements, which take one round trip; see
    /// Connection::queryTogether().
    Result<QList<Rows>> queryTogether(const QList<BoundStatement> &statements);
    /// Exactly one row. Error: NotFound when there is none.
    Result<Row> queryOne(const Statement &statement, const QVariantList &values = {});
    /// Rows touched by a statement.
    Result<qint64> execute(const Statement &statement, const QVariantList &values = {});
    /// A script of our own files (migrations), templates expanded.
    Result<> runScript(const QString &name, const QString &sql);

    /// Whether the caller has lost interest; long tasks ask between statements.
    bool isCancelled() const { return m_isCancelled && m_isCancelled(); }
    const SqlNames &names() const { return m_names; }
    Connection &connection() { return m_connection; }

private:
    Connection &m_connection;
    const SqlNames &m_names;
    std::function<bool()> m_isCancelled;
};

} // namespace llmemory::db
