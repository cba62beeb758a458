#include "core/db/session.h"

#include "core/db/statement_log.h"

#include <QCoreApplication>

namespace llmemory::db {

Session::Session(Connection &connection, const SqlNames &names, std::function<bool()> isCancelled)
    : m_connection(connection), m_names(names), m_isCancelled(std::move(isCancelled))
{
}

Result<Rows> Session::query(const Statement &statement, const QVariantList &values)
{
    logStatement(statement);
    return m_connection.query(statement.name(),
                              m_names.expand(QString::fromUtf8(statement.sql())),
                              values,
                              statement.plan());
}

Result<Rows> Session::queryBinary(const Statement &statement, const QVariantList &values)
{
    logStatement(statement);
    return m_connection.queryBinary(statement.name(),
                                    m_names.expand(QString::fromUtf8(statement.sql())),
                                    values,
                                    statement.plan());
}

Result<QList<Rows>> Session::queryTogether(const QList<BoundStatement> &statements)
{
    QList<NamedQuery> queries;
    for (const auto &[statement, values] : statements) {
        logStatement(statement);
        queries.append({statement.name(),
                        m_names.expand(QString::fromUtf8(statement.sql())),
                        values,
                        statement.plan()});
    }
    return m_connection.queryTogether(queries);
}

Result<Row> Session::queryOne(const Statement &statement, const QVariantList &values)
{
    auto rows = query(statement, values);
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return Error::notFound(
            QCoreApplication::translate("llmemory::db", "There is no such record."));
    return rows->first();
}

Result<qint64> Session::execute(const Statement &statement, const QVariantList &values)
{
    logStatement(statement);
    return m_connection.execute(
        statement.name(), m_names.expand(QString::fromUtf8(statement.sql())), values);
}

Result<> Session::runScript(const QString &name, const QString &sql)
{
    return m_connection.runScript(name, m_names.expand(sql));
}

} // namespace llmemory::db
