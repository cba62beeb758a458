#pragma once

#include "core/db/statement.h"

#include <QList>
#include <QString>
#include <QVariant>

#include <memory>

namespace llmemory::db {

/// A statement that was sent to the server.
struct TracedStatement
{
    QString name;          ///< as in the log
    QString sql;           ///< with `$1`, `$2` …; a script of several statements has no values
    QVariantList values;   ///< of them
    bool withNext = false; ///< the next one went in the same round trip
    Plan plan = Plan::EachTime;
};

/// Writes down everything that the process sends to the server, values included, so that a
/// benchmark can send it again without the program. While none exists nothing is kept. One at a
/// time; any thread.
class StatementTrace
{
public:
    /// Begins.
    StatementTrace();
    /// Ends.
    ~StatementTrace();
    Q_DISABLE_COPY_MOVE(StatementTrace)

    /// What was sent since it was last asked, in order; what ran on one connection behind what ran
    /// on another.
    QList<TracedStatement> take();

    /// Whether add() keeps anything; nearly never.
    static bool isActive();
    /// To be called for each statement of a connection.
    static void add(const void *connection, const TracedStatement &statement);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A script for pgbench that sends the same, a line for each round trip. Values stand in it as
/// literals, which the server takes for what it takes parameters for. Pure.
QString pgbenchScript(const QList<TracedStatement> &statements);

/// A statement with its parameters `$1`, `$2` … replaced by literals. Pure.
QString withLiterals(const QString &sql, const QVariantList &values);

} // namespace llmemory::db
