#pragma once

#include "core/search/query_language/query_part.h"

#include <QList>
#include <QString>

namespace llmemory::search {

/// A piece of a query between white space, or up to a quote.
struct QueryToken
{
    QueryPart::Sign sign = QueryPart::Sign::None;
    /// Of a field, in lower case: "type"; empty for a word and for metadata.
    QString field = {};
    /// With `=` or its like: the key and the operator as typed, "year>="; else empty.
    QString comparison = {};
    QString value = {};  ///< without quotes
    bool quoted = false; ///< value stood in quotes
    qsizetype start = 0; ///< UTF-16 offsets in the text, all included
    qsizetype length = 0;
    qsizetype valueStart = 0; ///< where the value begins, behind its quote
};

/// The names of fields, in lower case: "type", "name", …
const QStringList &queryFieldNames();

/// Takes a query apart. Only known names before a ":" are fields ("std::vector", "http://…",
/// "12:30" and "type::id" stay words); only a sign before a letter, a digit or a quote is one.
/// Quotes are "…", “…”, „…“, «…», »…«, 「…」, 『…』 and ＂…＂; one that is never closed ends at the
/// end. Every character but white space is in one token. Pure; any thread.
QList<QueryToken> queryTokens(const QString &text);

} // namespace llmemory::search
