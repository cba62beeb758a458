#include "core/http/request.h"

#include <QCoreApplication>
#include <QStringDecoder>

namespace llmemory::http {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

Error badEncoding()
{
    return Error::validation(
        {},
        QCoreApplication::translate("llmemory::http",
                                    "The address is not valid percent-encoded UTF-8."));
}

} // namespace

QList<QByteArray> Request::values(const char *name) const
{
    QList<QByteArray> found;
    for (const Header &header : headers) {
        if (header.name == name)
            found.append(header.value);
    }
    return found;
}

QByteArray Request::value(const char *name) const
{
    for (const Header &header : headers) {
        if (header.name == name)
            return header.value;
    }
    return {};
}

Result<QString> percentDecoded(const QByteArray &text)
{
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) != '%') {
            bytes.append(text.at(i));
            continue;
        }
        const int high = i + 2 < text.size() ? hexValue(text.at(i + 1)) : -1;
        const int low = i + 2 < text.size() ? hexValue(text.at(i + 2)) : -1;
        if (high < 0 || low < 0)
            return badEncoding();
        bytes.append(char(high * 16 + low));
        i += 2;
    }
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString decoded = decode(bytes);
    if (decode.hasError() || decoded.contains(QChar(u'\0')))
        return badEncoding();
    return decoded;
}

Result<QueryItems> parseQuery(const QByteArray &text)
{
    QueryItems items;
    const QList<QByteArray> pairs = text.split('&');
    for (QByteArray pair : pairs) {
        if (pair.isEmpty())
            continue;
        pair.replace('+', ' ');
        const qsizetype equals = pair.indexOf('=');
        const auto name = percentDecoded(equals < 0 ? pair : pair.left(equals));
        if (!name)
            return name.error();
        const auto value = percentDecoded(equals < 0 ? QByteArray() : pair.mid(equals + 1));
        if (!value) {
            Error error = value.error();
            error.field = *name;
            return error;
        }
        items.append({*name, *value});
    }
    return items;
}

} // namespace llmemory::http
