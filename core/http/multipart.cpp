#include "core/http/multipart.h"

#include <QCoreApplication>
#include <QStringDecoder>

#include <algorithm>

namespace llmemory::http {

namespace {

constexpr qsizetype kMostParts = 32;
constexpr qsizetype kPartHeaderBytes = 8 * 1024;
/// RFC 2046, 5.1.1.
constexpr qsizetype kLongestBoundary = 70;

Error malformed(const char *what)
{
    return Error::validation(QStringLiteral("body"),
                             QCoreApplication::translate("llmemory::http", what));
}

/// `form-data; name="a"; filename="b"` as parameters by lower-case name; the first word under "".
QList<std::pair<QByteArray, QByteArray>> parameters(const QByteArray &value)
{
    QList<std::pair<QByteArray, QByteArray>> found;
    qsizetype at = 0;
    while (at < value.size()) {
        QByteArray item;
        bool quoted = false;
        for (; at < value.size() && (quoted || value.at(at) != ';'); ++at) {
            const char c = value.at(at);
            if (c == '"')
                quoted = !quoted;
            if (quoted && c == '\\' && at + 1 < value.size() && value.at(at + 1) == '"') {
                item.append('\1'); // an escaped quote; becomes one below
                ++at;
            } else {
                item.append(c);
            }
        }
        ++at;
        item = item.trimmed();
        const qsizetype equals = found.isEmpty() ? -1 : item.indexOf('=');
        QByteArray text = item.mid(equals + 1).trimmed();
        if (text.size() >= 2 && text.startsWith('"') && text.endsWith('"'))
            text = text.mid(1, text.size() - 2);
        text.replace('\1', '"');
        found.append({equals < 0 ? QByteArray() : item.left(equals).trimmed().toLower(), text});
    }
    return found;
}

std::optional<QByteArray> parameter(const QList<std::pair<QByteArray, QByteArray>> &list,
                                    const char *name)
{
    const auto found = std::find_if(
        list.begin(), list.end(), [name](const auto &item) { return item.first == name; });
    return found == list.end() ? std::nullopt : std::optional(found->second);
}

std::optional<QString> decoded(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decode(bytes);
    return decode.hasError() ? std::nullopt : std::optional(text);
}

/// Reads the header lines of a part; @p part gets name and file name.
Result<> readHeaders(const QByteArray &lines, FormPart &part)
{
    const QList<QByteArray> all = lines.split('\n');
    for (const QByteArray &line : all) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0 || line.left(colon).trimmed().toLower() != "content-disposition")
            continue;
        const auto list = parameters(line.mid(colon + 1).trimmed());
        if (list.isEmpty() || list.first().second.toLower() != "form-data")
            return malformed(
                QT_TRANSLATE_NOOP("llmemory::http", "A part of the form is not form-data."));
        const auto name = parameter(list, "name");
        const auto text = name ? decoded(*name) : std::nullopt;
        if (!text || text->isEmpty())
            break;
        part.name = *text;
        if (const auto file = parameter(list, "filename"))
            part.fileName = decoded(*file).value_or(QString());
        return {};
    }
    return malformed(QT_TRANSLATE_NOOP("llmemory::http", "A part of the form has no name."));
}

} // namespace

QByteArray formBoundary(const QByteArray &contentType)
{
    const auto list = parameters(contentType);
    if (list.isEmpty() || list.first().second.toLower() != "multipart/form-data")
        return {};
    const QByteArray boundary = parameter(list, "boundary").value_or(QByteArray());
    return boundary.size() <= kLongestBoundary ? boundary : QByteArray();
}

Result<QList<FormPart>> parseForm(const QByteArray &body, const QByteArray &boundary)
{
    const Error cut = malformed(
        QT_TRANSLATE_NOOP("llmemory::http", "The form ends before its closing boundary."));
    const QByteArray opening = "--" + boundary;
    const QByteArray delimiter = "\r\n" + opening;
    qsizetype at = body.startsWith(opening) ? opening.size() : -1;
    if (at < 0) {
        const qsizetype preamble = body.indexOf(delimiter);
        if (boundary.isEmpty() || preamble < 0)
            return cut;
        at = preamble + delimiter.size();
    }
    QList<FormPart> parts;
    while (!body.mid(at, 2).startsWith("--")) {
        if (parts.size() == kMostParts)
            return malformed(
                QT_TRANSLATE_NOOP("llmemory::http", "The form has more than 32 parts."));
        const qsizetype headerStart = body.indexOf("\r\n", at);
        const qsizetype headerEnd = headerStart < 0 ? -1 : body.indexOf("\r\n\r\n", headerStart);
        if (headerEnd < 0)
            return cut;
        if (headerEnd - headerStart > kPartHeaderBytes)
            return malformed(
                QT_TRANSLATE_NOOP("llmemory::http", "A part of the form has too long headers."));
        const qsizetype dataStart = headerEnd + 4;
        // An empty part's delimiter begins with the line end that closes its headers.
        const qsizetype dataEnd = body.indexOf(delimiter, headerEnd + 2);
        if (dataEnd < 0)
            return cut;
        FormPart part;
        part.data = body.mid(dataStart, std::max<qsizetype>(dataEnd - dataStart, 0));
        const QByteArray headers = body.mid(headerStart + 2, headerEnd - headerStart - 2);
        if (auto ok = readHeaders(headers, part); !ok)
            return ok.error();
        parts.append(part);
        at = dataEnd + delimiter.size();
    }
    return parts;
}

} // namespace llmemory::http
