#include "core/base/ids.h"

#include "core/base/limits.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory {

Result<OwnerId> OwnerId::parse(const QString &text)
{
    const auto allowed = [](QChar c) {
        const ushort u = c.unicode();
        return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') ||
               u == '_' || u == '.' || u == '@' || u == '-';
    };
    if (text.isEmpty() || text.size() > limits::kOwnerIdLength ||
        !std::all_of(text.begin(), text.end(), allowed)) {
        return Error::validation(
            QStringLiteral("owner_id"),
            QCoreApplication::translate(
                "llmemory",
                "The owner name must be 1 to 255 of the characters A-Z a-z 0-9 _ . @ -."));
    }
    OwnerId id;
    id.m_value = text;
    return id;
}

} // namespace llmemory
