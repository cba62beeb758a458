#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>

namespace llmemory::http {

/// A header field as it came.
struct Header
{
    QByteArray name;  ///< lower case
    QByteArray value; ///< without space around it
};

/// A whole request, independent of the library that received it.
struct Request
{
    QByteArray method;     ///< upper case
    QByteArray path;       ///< from "/" up to "?", still percent-encoded
    QByteArray queryText;  ///< after "?", still percent-encoded; empty without one
    QList<Header> headers; ///< in the order they came; repeated ones are kept
    /// May share the memory of the connection: valid as long as the request is being handled.
    QByteArray body;
    bool http10 = false; ///< the client speaks HTTP/1.0

    /// Every value of a field; @p name in lower case.
    QList<QByteArray> values(const char *name) const;
    /// The first value of a field; empty where there is none.
    QByteArray value(const char *name) const;
};

/// Name and value, decoded, in the order they came.
using QueryItems = QList<QPair<QString, QString>>;

/// Decodes `a=b&c=d`; "+" is a space. Pure.
/// Error: Validation for a broken percent sign, invalid UTF-8 or U+0000; field is the name, if
/// known.
Result<QueryItems> parseQuery(const QByteArray &text);
/// Decodes %XX. Error: Validation as parseQuery(), without field.
Result<QString> percentDecoded(const QByteArray &text);

} // namespace llmemory::http
