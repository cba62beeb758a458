#pragma once

#include <QString>
#include <QStringList>

namespace llmemory::search {

/// A query as PostgreSQL's websearch_to_tsquery() takes it. A long question should still find
/// something, so words are alternatives and the ranking prefers passages with more of them.
struct TextQuery
{
    QString any;       ///< words and "phrases" joined with OR; empty when there is none
    QString none;      ///< what was excluded with a leading "-", joined with OR; empty when nothing
    QStringList words; ///< the words and phrases of `any`, for highlighting scripts without spaces

    friend bool operator==(const TextQuery &, const TextQuery &) = default;
};

/// Reads what a user typed: words, "quoted phrases", -excluded words. Words of scripts without
/// spaces are segmented as the index is. An unclosed quote ends at the end. Pure; any thread.
TextQuery parseTextQuery(const QString &text);

/// A query for any of @p words, of which those with spaces are phrases. @param none TextQuery::none
/// to exclude; may be empty. Pure; any thread.
TextQuery anyOfWords(const QStringList &words, const QString &none);

} // namespace llmemory::search
