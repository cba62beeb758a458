#pragma once

#include <QByteArray>
#include <QString>
#include <QStringView>

namespace llmemory {

/// @p text with lone surrogates as U+FFFD; QString::toUtf8() would write question marks. Pure.
QString withoutLoneSurrogates(QString text);
/// What may go to PostgreSQL: U+0000 removed (it cuts a statement), lone surrogates to U+FFFD.
/// Pure.
QString scrubbed(QString text);
/// SHA-256 of the UTF-8 text as 64 lower-case hex digits.
QString sha256Hex(QStringView text);
/// SHA-256 of bytes as 64 lower-case hex digits.
QString sha256Hex(const QByteArray &bytes);
/// At most @p length characters, the last one an ellipsis where text was cut; never half a
/// surrogate pair.
QString elided(const QString &text, qsizetype length);

} // namespace llmemory
