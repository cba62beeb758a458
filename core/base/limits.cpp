#include "core/base/limits.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>

namespace llmemory::limits {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::limits", text);
}

int countKeys(const Json &value)
{
    if (!value.is_structured())
        return 0;
    int keys = value.is_object() ? int(value.size()) : 0;
    for (const Json &child : value)
        keys += countKeys(child);
    return keys;
}

bool isBlank(const QString &value)
{
    return std::all_of(value.begin(), value.end(), [](QChar c) { return c.isSpace(); });
}

Result<> checkLength(const QString &field, const QString &value, int most)
{
    if (value.isEmpty() || value.size() > most)
        return Error::validation(field,
                                 tr("%1 must have 1 to %2 characters; it has %3.")
                                     .arg(field)
                                     .arg(most)
                                     .arg(value.size()));
    return {};
}

Result<> checkObject(const QString &field, const Json &value, int mostBytes)
{
    if (!value.is_object())
        return Error::validation(field, tr("%1 must be a JSON object.").arg(field));
    if (jsonDepth(value) > kJsonDepth)
        return Error::validation(
            field, tr("%1 is nested deeper than %2 levels.").arg(field).arg(kJsonDepth));
    if (toUtf8(value).size() > mostBytes)
        return Error::validation(field,
                                 tr("%1 is larger than %2 bytes.").arg(field).arg(mostBytes));
    return {};
}

/// As in the reference: names that every filter, query language and shell can write.
Result<> checkKeys(const QString &field, const Json &value)
{
    static const QRegularExpression pattern(QStringLiteral("^[A-Za-z0-9_.-]{1,100}\\z"));
    if (!value.is_structured())
        return {};
    for (const auto &[key, child] : value.items()) {
        const QString name = scrubbed(QString::fromStdString(key)); // as it will be stored
        if (value.is_object() && !pattern.match(name).hasMatch())
            return Error::validation(
                field,
                tr("%1 has the key \"%2\"; keys have 1 to 100 of the characters A-Z a-z 0-9 _ . -")
                    .arg(field, name.left(kMetadataKeyLength)));
        if (auto ok = checkKeys(field, child); !ok)
            return ok;
    }
    return {};
}

} // namespace

Result<> checkIdAtOrigin(const QString &value)
{
    const QString field = QStringLiteral("id_at_origin");
    if (auto ok = checkLength(field, value, kIdAtOriginLength); !ok)
        return ok;
    const bool control = std::any_of(
        value.begin(), value.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
    if (control)
        return Error::validation(field, tr("id_at_origin must not contain control characters."));
    return {};
}

Result<> checkDocumentName(const QString &value)
{
    return checkLength(QStringLiteral("document_name"), value, kDocumentNameLength);
}

Result<> checkDisplayName(const QString &value)
{
    return checkLength(QStringLiteral("display_name"), value, kDocumentNameLength);
}

Result<> checkQuery(const QString &value)
{
    const QString field = QStringLiteral("query");
    if (auto ok = checkLength(field, value, kQueryLength); !ok)
        return ok;
    if (isBlank(value))
        return Error::validation(field, tr("The query is empty."));
    return {};
}

Result<> checkContent(const QString &value)
{
    const QString field = QStringLiteral("content");
    if (isBlank(value))
        return Error::validation(field, tr("The document has no text."));
    if (value.size() > kContentLength)
        return Error::validation(field,
                                 tr("The document has %1 characters; at most %2 are stored.")
                                     .arg(value.size())
                                     .arg(kContentLength));
    return {};
}

Result<> checkMetadata(const Json &value)
{
    const QString field = QStringLiteral("metadata");
    if (auto ok = checkObject(field, value, kMetadataBytes); !ok)
        return ok;
    return checkKeys(field, value);
}

Result<> checkMetadataFilter(const Json &value)
{
    if (value.is_null())
        return {};
    const QString field = QStringLiteral("metadata_filter");
    if (auto ok = checkObject(field, value, kFilterBytes); !ok)
        return ok;
    if (countKeys(value) > kFilterKeys)
        return Error::validation(field,
                                 tr("%1 has more than %2 keys.").arg(field).arg(kFilterKeys));
    return {};
}

Result<> checkLimit(int value, int most)
{
    if (value < 1 || value > most)
        return Error::validation(QStringLiteral("limit"),
                                 tr("limit must be 1 to %1; it is %2.").arg(most).arg(value));
    return {};
}

Result<> checkListOffset(int value)
{
    if (value < 0)
        return Error::validation(QStringLiteral("offset"),
                                 tr("offset must not be negative; it is %1.").arg(value));
    return {};
}

Result<> checkOffset(int value)
{
    if (value < 0 || value > kSearchOffset)
        return Error::validation(
            QStringLiteral("offset"),
            tr("offset must be 0 to %1; it is %2.").arg(kSearchOffset).arg(value));
    return {};
}

Result<> checkShare(const char *field, double value)
{
    const QString name = QString::fromLatin1(field);
    if (!(value >= 0.0 && value <= 1.0))
        return Error::validation(name, tr("%1 must be 0 to 1; it is %2.").arg(name).arg(value));
    return {};
}

Result<QDateTime> parseDate(const QString &field, const QString &value)
{
    QDateTime parsed;
    if (value.size() == 10) {
        const QDate date = QDate::fromString(value, Qt::ISODate);
        if (date.isValid())
            parsed = QDateTime(date, QTime(0, 0), Qt::UTC);
    } else {
        parsed = QDateTime::fromString(value, Qt::ISODateWithMs);
        if (parsed.isValid() && parsed.timeSpec() == Qt::LocalTime)
            parsed.setTimeSpec(Qt::UTC);
    }
    if (!parsed.isValid())
        return Error::validation(
            field,
            tr("%1 must be an ISO 8601 date such as 2024-05-01; it is \"%2\".").arg(field, value));
    return parsed.toUTC();
}

} // namespace llmemory::limits
