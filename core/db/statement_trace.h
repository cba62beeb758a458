#pragma once

#include <QString>
#include <QVariant>

#include <memory>

namespace llmemory::db {

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

    /// What was sent since it was last asked, as a script for pgbench: what ran on one connection
    /// behind the other, a line for each round trip. Values stand in it as literals, which the
    /// server takes for what it takes parameters for.
    QString take();

    /// To be called for each round trip of a connection. @p values  empty for a script of several
    /// statements.
    static void add(const void *connection, const QString &sql, const QVariantList &values = {});

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A statement with its parameters `$1`, `$2` … replaced by literals. Pure.
QString withLiterals(const QString &sql, const QVariantList &values);

} // namespace llmemory::db
