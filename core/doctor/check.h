#pragma once

#include "core/base/json.h"

#include <QString>

namespace llmemory::doctor {

/// One thing that was looked at.
struct Check
{
    enum class Status {
        Ok,
        Warning, ///< works, but something should be done
        Failed,  ///< does not work
    };

    QString id; ///< stable word, "pgvector"
    Status status = Status::Ok;
    QString message; ///< what was found; for people
    QString advice;  ///< what to do; empty when nothing

    friend bool operator==(const Check &, const Check &) = default;
};

/// "ok", "warning", "failed".
QString toString(Check::Status status);
/// `{"id","status","message","advice"}`; advice is null when there is none.
Json toJson(const Check &check);

// Shorthands for those who make checks.
Check ok(const char *id, const QString &message);
Check warning(const char *id, const QString &message, const QString &advice);
Check failed(const char *id, const QString &message, const QString &advice = {});

} // namespace llmemory::doctor
