#pragma once

#include <QByteArray>
#include <QVariant>

namespace llmemory::db {

// Values as PostgreSQL writes them in text format. Pure.

/// What is sent for a value that is not null: texts as UTF-8 without U+0000 (PostgreSQL has none),
/// times in UTC.
QByteArray sqlText(const QVariant &value);
/// What a column's text means. @param type  the column's type (OID); numbers, truth values, times
/// and bytes get their own QVariant, everything else is a QString. Times that QDateTime does not
/// know (infinity) are invalid.
QVariant sqlValue(unsigned int type, const QByteArray &text);

} // namespace llmemory::db
