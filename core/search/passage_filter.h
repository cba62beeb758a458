#pragma once

#include "core/search/query_language/parsed_query.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace llmemory {

/// What passages are kept to before both legs rank, beside the older fields of SearchQuery: from
/// the request's own fields and from the query language. A default one keeps all.
struct PassageFilter
{
    /// Documents or passages with any of these values are left out.
    struct Excluded
    {
        QStringList types;
        QStringList languages;
        QStringList paths;
        QStringList names;
        QStringList tags;
        QList<DateRange> dates;
        QList<PageRange> pages;
        QList<MetadataCondition> metadata;

        friend bool operator==(const Excluded &, const Excluded &) = default;
    };

    /// One of these. Nothing = all; an empty list = none, the conditions contradict each other.
    std::optional<QStringList> types;
    std::optional<QStringList> languages;  ///< codes of documents; as types
    std::optional<QList<PageRange>> pages; ///< a passage's first page; as types
    /// One of each list: what the id at origin begins with, or a folder or file in it does where
    /// the value does not begin with "/". "*" stands for anything within a folder.
    QList<QStringList> paths;
    QStringList names; ///< each of them is in the document's name, case ignored; "*" for anything
    QStringList tags;  ///< each is in the metadata's "tags", a list of strings or one string
    DateRange dates;   ///< days of the document's date, UTC; open = also without a date
    QList<MetadataCondition> metadata; ///< each
    Excluded excluded;

    /// What the passages' search_vector must match, and must not: tsqueries that PostgreSQL made of
    /// TextQuery's conditions, never a user's text. Empty = no condition.
    QString matching;
    QString notMatching;
    /// Numbers (chunk_no) of passages among which all are that match `matching`, and `notMatching`,
    /// where the text index can tell and they are few; see withConditions(). Nothing = not known.
    std::optional<QList<qint64>> passages;
    std::optional<QList<qint64>> notPassages;

    friend bool operator==(const PassageFilter &, const PassageFilter &) = default;
};

namespace search {

/// The filter with the fields of a query added: both must hold. Several types, languages, paths and
/// pages in a query are alternatives, several names and tags are not. Pure; any thread.
PassageFilter narrowed(PassageFilter filter, const ParsedQuery &query);

/// The values that are in both; nothing = all values. Pure.
std::optional<QStringList> inBoth(const std::optional<QStringList> &a,
                                  const std::optional<QStringList> &b);

} // namespace search
} // namespace llmemory
