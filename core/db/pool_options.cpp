#include "core/db/pool_options.h"

#include <QCoreApplication>

namespace llmemory::db {

Result<> PoolOptions::validate() const
{
    const auto wrong = [](const QString &message) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = message,
                     .field = QStringLiteral("db_max_pool_size")};
    };
    if (maxConnections < 1 || maxConnections > kMostConnections)
        return wrong(
            QCoreApplication::translate(
                "llmemory::db", "A connection pool has 1 to %1 connections; %2 were asked for.")
                .arg(kMostConnections)
                .arg(maxConnections));
    if (minConnections < 0 || minConnections > maxConnections)
        return wrong(
            QCoreApplication::translate(
                "llmemory::db",
                "A connection pool keeps 0 to %1 connections open, its most; %2 were asked for.")
                .arg(maxConnections)
                .arg(minConnections));
    const Timeouts &limits = timeouts;
    for (const auto time : {connectTimeout,
                            acquireTimeout,
                            idleTimeout,
                            limits.statement,
                            limits.lock,
                            limits.idle,
                            limits.plan}) {
        if (time.count() <= 0)
            return wrong(QCoreApplication::translate(
                "llmemory::db", "The times of a connection pool must be longer than 0 ms."));
    }
    return {};
}

} // namespace llmemory::db
