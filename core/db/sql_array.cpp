#include "core/db/sql_array.h"

#include <charconv>

namespace llmemory::db {

QString textArray(const QStringList &values)
{
    QString out = QStringLiteral("{");
    for (const QString &value : values) {
        if (out.size() > 1)
            out += QLatin1Char(',');
        QString escaped = value;
        escaped.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
        escaped.replace(QLatin1Char('"'), QLatin1String("\\\""));
        out += QLatin1Char('"') + escaped + QLatin1Char('"');
    }
    out += QLatin1Char('}');
    return out;
}

QString integerArray(const QList<qint64> &values)
{
    QStringList texts;
    texts.reserve(values.size());
    for (const qint64 value : values)
        texts << QString::number(value);
    return QLatin1Char('{') + texts.join(QLatin1Char(',')) + QLatin1Char('}');
}

QString byteArrays(const QList<QByteArray> &values)
{
    QByteArray out = "{";
    for (const QByteArray &value : values) {
        if (out.size() > 1)
            out += ',';
        out += "\"\\\\x" + value.toHex() + '"';
    }
    out += '}';
    return QString::fromLatin1(out);
}

QString vectorLiteral(const std::vector<float> &values)
{
    constexpr int kSignificantDigits = 6;
    QByteArray out;
    out.reserve(qsizetype(values.size()) * 10 + 2);
    out += '[';
    char buffer[32];
    for (const float value : values) {
        if (out.size() > 1)
            out += ',';
        const auto end = std::to_chars(
            buffer, buffer + sizeof buffer, value, std::chars_format::general, kSignificantDigits);
        out.append(buffer, end.ptr - buffer);
    }
    out += ']';
    return QString::fromLatin1(out);
}

std::vector<float> vectorFromLiteral(const QString &literal)
{
    std::vector<float> values;
    for (const QStringView part : QStringView(literal).mid(1).chopped(1).tokenize(u','))
        values.push_back(part.toFloat());
    return values;
}

} // namespace llmemory::db
