#pragma once

#include <QByteArray>
#include <QVariant>

#include <optional>

namespace llmemory::db {

// Values as PostgreSQL sends them, in text format where nothing else is said. Pure.

/// What is sent for a value that is not null: texts as UTF-8 without U+0000 (PostgreSQL has none),
/// times in UTC.
QByteArray sqlText(const QVariant &value);
/// What a column's text means. @param type  the column's type (OID); numbers, truth values, times
/// and bytes get their own QVariant, everything else is a QString. Times that QDateTime does not
/// know (infinity) are invalid.
QVariant sqlValue(unsigned int type, const QByteArray &text);

/// What a column's bytes in binary format mean: truth values, whole numbers, texts and byte arrays.
/// @return nothing for other types, and for bytes that are not as long as their type.
std::optional<QVariant> sqlBinaryValue(unsigned int type, QByteArrayView bytes);

} // namespace llmemory::db
