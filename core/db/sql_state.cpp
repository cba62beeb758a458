#include "core/db/sql_state.h"

#include <QCoreApplication>

namespace llmemory::db {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::db", text);
}

bool isLossState(const QString &state)
{
    return state.isEmpty() || state.startsWith(QLatin1String("08")) ||
           state == QLatin1String("57P01") || state == QLatin1String("57P02") ||
           state == QLatin1String("57P03");
}

ErrorKind kindOf(const QString &state)
{
    if (isLossState(state) || state.startsWith(QLatin1String("53")))
        return ErrorKind::Unavailable;
    if (state == QLatin1String("57014"))
        return ErrorKind::Cancelled;
    if (state == QLatin1String("42501"))
        return ErrorKind::Permission;
    if (state.startsWith(QLatin1String("28")) || state == QLatin1String("3D000"))
        return ErrorKind::Configuration;
    if (state.startsWith(QLatin1String("23")) || state.startsWith(QLatin1String("40")) ||
        state == QLatin1String("55P03"))
        return ErrorKind::Conflict;
    return ErrorKind::Database;
}

QString messageFor(ErrorKind kind, const QString &state)
{
    if (state == QLatin1String("53100"))
        return tr("The database's disk is full. Stored documents are safe; free some space and try "
                  "again.");
    switch (kind) {
    case ErrorKind::Unavailable:
        return tr("The database is not reachable right now. Nothing that was stored is lost; try "
                  "again in a moment.");
    case ErrorKind::Cancelled:
        return tr("The database stopped the operation: it was cancelled or took too long.");
    case ErrorKind::Permission:
        return tr("The database user lacks a right that llmemory needs. Run \"llmemory doctor\" to "
                  "see which.");
    case ErrorKind::Configuration:
        return tr("The database refused the connection: wrong user, password or database name.");
    case ErrorKind::Conflict:
        return tr("Somebody else changed the same data at the same time. Try again.");
    default:
        return tr("The database reported an error (SQLSTATE %1). Run \"llmemory doctor\" to check "
                  "it.")
            .arg(state);
    }
}

} // namespace

Error errorForSqlState(const QString &state, const QString &statement, const QString &detail)
{
    const ErrorKind kind = kindOf(state);
    Error error{.kind = kind,
                .message = messageFor(kind, state),
                .detail = statement + QLatin1String(": ") + detail.trimmed(),
                .sqlState = state};
    if (isLossState(state))
        error.code = QStringLiteral("db_offline");
    else if (state == QLatin1String("53100"))
        error.code = QStringLiteral("disk_full");
    return error;
}

bool isRetryable(const Error &error)
{
    return error.sqlState == QLatin1String("40001") || error.sqlState == QLatin1String("40P01") ||
           error.sqlState == QLatin1String("55P03") || error.code == QLatin1String(kPlanLost);
}

bool isPlanLoss(const Error &error)
{
    return error.sqlState == QLatin1String("26000") || error.sqlState == QLatin1String("0A000") ||
           error.sqlState == QLatin1String("42P05");
}

bool isConnectionLoss(const Error &error)
{
    return error.kind == ErrorKind::Unavailable && isLossState(error.sqlState);
}

} // namespace llmemory::db
