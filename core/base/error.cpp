#include "core/base/error.h"

#include <QCoreApplication>

namespace llmemory {

Error Error::validation(const QString &field, const QString &message)
{
    return {.kind = ErrorKind::Validation, .message = message, .field = field};
}

Error Error::notFound(const QString &message)
{
    return {.kind = ErrorKind::NotFound, .message = message};
}

Error Error::cancelled()
{
    return {.kind = ErrorKind::Cancelled,
            .message = QCoreApplication::translate("llmemory", "Stopped on request.")};
}

Error Error::internal(const QString &what)
{
    return {.kind = ErrorKind::Internal,
            .message = QCoreApplication::translate("llmemory", "Internal error: %1").arg(what),
            .detail = what};
}

QString toString(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Validation:
        return QStringLiteral("validation");
    case ErrorKind::NotFound:
        return QStringLiteral("not_found");
    case ErrorKind::Conflict:
        return QStringLiteral("conflict");
    case ErrorKind::Permission:
        return QStringLiteral("permission");
    case ErrorKind::Database:
        return QStringLiteral("database");
    case ErrorKind::Embedding:
        return QStringLiteral("embedding");
    case ErrorKind::Extraction:
        return QStringLiteral("extraction");
    case ErrorKind::Configuration:
        return QStringLiteral("configuration");
    case ErrorKind::Cancelled:
        return QStringLiteral("cancelled");
    case ErrorKind::Unavailable:
        return QStringLiteral("unavailable");
    case ErrorKind::Internal:
        break;
    }
    return QStringLiteral("internal");
}

} // namespace llmemory
