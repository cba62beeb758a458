#include "core/doctor/check.h"

namespace llmemory::doctor {

QString toString(Check::Status status)
{
    switch (status) {
    case Check::Status::Ok:
        return QStringLiteral("ok");
    case Check::Status::Warning:
        return QStringLiteral("warning");
    case Check::Status::Failed:
        break;
    }
    return QStringLiteral("failed");
}

Json toJson(const Check &check)
{
    return {{"id", llmemory::toJson(check.id)},
            {"status", llmemory::toJson(toString(check.status))},
            {"message", llmemory::toJson(check.message)},
            {"advice", check.advice.isEmpty() ? Json() : llmemory::toJson(check.advice)}};
}

Check ok(const char *id, const QString &message)
{
    return {.id = QLatin1String(id), .status = Check::Status::Ok, .message = message, .advice = {}};
}

Check warning(const char *id, const QString &message, const QString &advice)
{
    return {.id = QLatin1String(id),
            .status = Check::Status::Warning,
            .message = message,
            .advice = advice};
}

Check failed(const char *id, const QString &message, const QString &advice)
{
    return {.id = QLatin1String(id),
            .status = Check::Status::Failed,
            .message = message,
            .advice = advice};
}

} // namespace llmemory::doctor
