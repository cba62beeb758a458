#include "core/db/sql_value.h"

#include <QDateTime>
#include <QUuid>
#include <QtEndian>

#include <algorithm>
#include <cmath>
#include <libpq-fe.h>
#include <memory>

namespace llmemory::db {

namespace {

// Object ids of built-in types, fixed in PostgreSQL's pg_type.dat.
constexpr unsigned int kBool = 16;
constexpr unsigned int kBytea = 17;
constexpr unsigned int kInt8 = 20;
constexpr unsigned int kInt2 = 21;
constexpr unsigned int kInt4 = 23;
constexpr unsigned int kText = 25;
constexpr unsigned int kOid = 26;
constexpr unsigned int kFloat4 = 700;
constexpr unsigned int kFloat8 = 701;
constexpr unsigned int kDate = 1082;
constexpr unsigned int kTimestamp = 1114;
constexpr unsigned int kTimestamptz = 1184;

QByteArray realText(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    constexpr int kRoundTrip = 17;
    return QByteArray::number(value, 'g', kRoundTrip);
}

/// "2024-05-01 12:34:56.789+02" with the offset's minutes, which QDateTime wants.
QDateTime timeOf(const QByteArray &text)
{
    QString iso = QString::fromLatin1(text);
    iso.replace(QLatin1Char(' '), QLatin1Char('T'));
    const qsizetype sign =
        std::max(iso.lastIndexOf(QLatin1Char('+')), iso.lastIndexOf(QLatin1Char('-')));
    const bool hasOffset = sign > iso.indexOf(QLatin1Char('T'));
    constexpr qsizetype kHours = 3; // "+02"
    if (hasOffset && iso.size() - sign == kHours)
        iso += QLatin1String(":00");
    else if (!hasOffset)
        iso += QLatin1Char('Z');
    return QDateTime::fromString(iso, Qt::ISODateWithMs).toUTC();
}

/// Both output formats; which one comes is a setting of the session.
QByteArray bytesOf(const QByteArray &text)
{
    size_t length = 0;
    const std::unique_ptr<unsigned char, decltype(&PQfreemem)> bytes(
        PQunescapeBytea(reinterpret_cast<const unsigned char *>(text.constData()), &length),
        &PQfreemem);
    return {reinterpret_cast<const char *>(bytes.get()), qsizetype(length)};
}

} // namespace

QByteArray sqlText(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Bool:
        return value.toBool() ? "t" : "f";
    case QMetaType::Double:
    case QMetaType::Float:
        return realText(value.toDouble());
    case QMetaType::QDateTime:
        return value.toDateTime().toUTC().toString(Qt::ISODateWithMs).toLatin1();
    case QMetaType::QDate:
        return value.toDate().toString(Qt::ISODate).toLatin1();
    case QMetaType::QUuid:
        return value.toUuid().toByteArray(QUuid::WithoutBraces);
    case QMetaType::QByteArray:
        return "\\x" + value.toByteArray().toHex();
    default:
        break;
    }
    QByteArray text = value.toString().toUtf8();
    if (text.contains('\0'))
        text.replace(QByteArrayView("\0", 1), QByteArrayView());
    return text;
}

QVariant sqlValue(unsigned int type, const QByteArray &text)
{
    switch (type) {
    case kBool:
        return text == "t";
    case kInt2:
    case kInt4:
        return text.toInt();
    case kInt8:
    case kOid:
        return text.toLongLong();
    case kFloat4:
    case kFloat8:
        return text.toDouble();
    case kTimestamp:
    case kTimestamptz:
        return timeOf(text);
    case kDate:
        return QDate::fromString(QString::fromLatin1(text), Qt::ISODate);
    case kBytea:
        return bytesOf(text);
    default:
        return QString::fromUtf8(text);
    }
}

std::optional<QVariant> sqlBinaryValue(unsigned int type, QByteArrayView bytes)
{
    const auto whole = [&](auto zero) -> std::optional<QVariant> {
        using Number = decltype(zero);
        if (bytes.size() != qsizetype(sizeof(Number)))
            return std::nullopt;
        return QVariant::fromValue(qint64(qFromBigEndian<Number>(bytes.data())));
    };
    switch (type) {
    case kBool:
        return bytes.size() == 1 ? std::optional<QVariant>(bytes.front() != 0) : std::nullopt;
    case kInt2:
        return whole(qint16());
    case kInt4:
        return whole(qint32());
    case kInt8:
        return whole(qint64());
    case kText:
        return QString::fromUtf8(bytes);
    case kBytea:
        return bytes.toByteArray();
    default:
        return std::nullopt;
    }
}

} // namespace llmemory::db
