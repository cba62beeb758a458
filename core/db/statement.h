#pragma once

#include <QDateTime>
#include <QString>
#include <QVariant>

namespace llmemory::db {

/// Whether the server makes a new plan for each run of a statement.
enum class Plan {
    EachTime, ///< the best one hangs on the values
    Kept,     ///< one serves all values: made once a connection, where the server keeps statements
};

/// A named SQL statement with `{{…}}` templates and `$1` parameters, known at compile time.
/// The name goes to logs and error details; values never do.
class Statement
{
public:
    /// Both texts must be string literals.
    consteval Statement(const char *name, const char *sql, Plan plan = Plan::EachTime)
        : m_name(name), m_sql(sql), m_plan(plan)
    {
    }
    const char *name() const { return m_name; }
    const char *sql() const { return m_sql; }
    Plan plan() const { return m_plan; }

private:
    const char *m_name;
    const char *m_sql;
    Plan m_plan;
};

/// A statement with its values.
struct BoundStatement
{
    Statement statement;
    QVariantList values;
};

/// One row of an answer; read by column number, in the order of the statement.
class Row
{
public:
    explicit Row(QVariantList values) : m_values(std::move(values)) {}
    int columns() const { return int(m_values.size()); }
    bool isNull(int column) const { return m_values.at(column).isNull(); }
    QString text(int column) const { return m_values.at(column).toString(); }
    int integer(int column) const { return m_values.at(column).toInt(); }
    qint64 bigint(int column) const { return m_values.at(column).toLongLong(); }
    double real(int column) const { return m_values.at(column).toDouble(); }
    bool boolean(int column) const { return m_values.at(column).toBool(); }
    /// In UTC; invalid for NULL.
    QDateTime time(int column) const { return m_values.at(column).toDateTime().toUTC(); }
    const QVariant &value(int column) const { return m_values.at(column); }

private:
    QVariantList m_values;
};

using Rows = QList<Row>;

} // namespace llmemory::db
