#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <vector>

namespace llmemory::db {

// PostgreSQL literals for values that QVariant cannot carry; bound like any other value, with a
// cast. Pure.

/// `{"a","b\"c"}` for `$1::text[]`.
QString textArray(const QStringList &values);
/// `{1,2}` for `$1::bigint[]`.
QString integerArray(const QList<qint64> &values);
/// `{"\\x00ff"}` for `$1::bytea[]`.
QString byteArrays(const QList<QByteArray> &values);
/// `[0.1,0.2]` for `$1::halfvec`, six significant digits (a half float holds fewer than four).
QString vectorLiteral(const std::vector<float> &values);
/// The numbers of such a literal, as the server prints one.
std::vector<float> vectorFromLiteral(const QString &literal);

} // namespace llmemory::db
