#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"

#include <QDateTime>
#include <QSet>
#include <QString>
#include <QStringList>

#include <optional>

namespace llmemory {

/// Reads the members of a JSON object by name and remembers the first mistake, so that a reader
/// asks for one member after the other and looks at finish() once. A member that is null counts as
/// absent. Not thread-safe; @p value must outlive it.
class JsonFields
{
public:
    explicit JsonFields(const Json &value);

    /// A string; absent is a mistake.
    QString requiredText(const char *name);
    QString text(const char *name, const QString &fallback = {});
    /// A list of strings; empty when absent.
    QStringList texts(const char *name);
    /// A whole number within int; "1.0" and "1e3" are not taken for one.
    int integer(const char *name, int fallback);
    std::optional<int> optionalInteger(const char *name);
    double number(const char *name, double fallback);
    bool flag(const char *name, bool fallback);
    std::optional<bool> optionalFlag(const char *name);
    /// An object; @p fallback when absent.
    Json object(const char *name, const Json &fallback);
    /// ISO 8601 date or date-time; invalid when absent.
    QDateTime date(const char *name);
    /// The member "owner_id"; absent is a mistake.
    OwnerId owner();

    /// Whether the member is there and not null. Does not count as having read it.
    bool has(const char *name) const;
    /// Remembers a mistake that the caller found in a member.
    void fail(const Error &error);
    /// The first mistake; else a member that nobody asked for.
    /// Error: Validation with the member's name as field.
    Result<> finish() const;

private:
    const Json *member(const char *name);
    void failType(const char *name, const QString &expected);

    const Json &m_value;
    QSet<QByteArray> m_known;
    std::optional<Error> m_error;
};

} // namespace llmemory
