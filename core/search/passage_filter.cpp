#include "core/search/passage_filter.h"

#include <algorithm>
#include <limits>

namespace llmemory::search {

namespace {

using Kind = QueryPart::Kind;
using Sign = QueryPart::Sign;

template <typename T>
void addTo(std::optional<QList<T>> &list, const T &value)
{
    if (!list)
        list.emplace();
    list->append(value);
}

QList<PageRange> inBoth(const QList<PageRange> &a, const QList<PageRange> &b)
{
    const auto end = [](int to) { return to > 0 ? to : std::numeric_limits<int>::max(); };
    QList<PageRange> both;
    for (const PageRange &one : a) {
        for (const PageRange &other : b) {
            const PageRange range{std::max(one.from, other.from),
                                  std::min(end(one.to), end(other.to))};
            if (range.from <= range.to)
                both.append(range);
        }
    }
    return both;
}

DateRange inBoth(const DateRange &a, const DateRange &b)
{
    DateRange both = a;
    if (!both.from.isValid() || (b.from.isValid() && b.from > both.from))
        both.from = b.from;
    if (!both.to.isValid() || (b.to.isValid() && b.to < both.to))
        both.to = b.to;
    return both;
}

/// The alternatives of a query, before they meet those of the request.
struct Alternatives
{
    std::optional<QStringList> types;
    std::optional<QStringList> languages;
    std::optional<QList<PageRange>> pages;
    QStringList paths;
};

void keepTo(PassageFilter &filter, Alternatives &alternatives, const QueryPart &part)
{
    switch (part.kind) {
    case Kind::Type:
        addTo(alternatives.types, part.value);
        break;
    case Kind::Language:
        addTo(alternatives.languages, part.value);
        break;
    case Kind::Page:
        addTo(alternatives.pages, part.pages);
        break;
    case Kind::Path:
        alternatives.paths << part.value;
        break;
    case Kind::Name:
        filter.names << part.value;
        break;
    case Kind::Tag:
        filter.tags << part.value;
        break;
    case Kind::Date:
        filter.dates = inBoth(filter.dates, part.dates);
        break;
    case Kind::Metadata:
        filter.metadata << part.condition;
        break;
    default:
        break; // words
    }
}

void leaveOut(PassageFilter::Excluded &excluded, const QueryPart &part)
{
    switch (part.kind) {
    case Kind::Type:
        excluded.types << part.value;
        break;
    case Kind::Language:
        excluded.languages << part.value;
        break;
    case Kind::Page:
        excluded.pages << part.pages;
        break;
    case Kind::Path:
        excluded.paths << part.value;
        break;
    case Kind::Name:
        excluded.names << part.value;
        break;
    case Kind::Tag:
        excluded.tags << part.value;
        break;
    case Kind::Date:
        excluded.dates << part.dates;
        break;
    case Kind::Metadata:
        excluded.metadata << part.condition;
        break;
    default:
        break; // words
    }
}

} // namespace

std::optional<QStringList> inBoth(const std::optional<QStringList> &a,
                                  const std::optional<QStringList> &b)
{
    if (!a || !b)
        return a ? a : b;
    QStringList both = *a;
    both.removeIf([&](const QString &value) { return !b->contains(value); });
    return both;
}

PassageFilter narrowed(PassageFilter filter, const ParsedQuery &query)
{
    Alternatives alternatives;
    for (const QueryPart &part : query.parts) {
        if (part.sign == Sign::Excluded)
            leaveOut(filter.excluded, part);
        else
            keepTo(filter, alternatives, part);
    }
    filter.types = inBoth(filter.types, alternatives.types);
    filter.languages = inBoth(filter.languages, alternatives.languages);
    if (filter.pages && alternatives.pages)
        filter.pages = inBoth(*filter.pages, *alternatives.pages);
    else if (alternatives.pages)
        filter.pages = alternatives.pages;
    if (!alternatives.paths.isEmpty())
        filter.paths << alternatives.paths;
    return filter;
}

} // namespace llmemory::search
