#include "core/search/search_filter.h"

#include "core/db/sql_array.h"
#include "core/search/query_language/query_values.h"

#include <QTimeZone>

#include <algorithm>

namespace llmemory::search {

namespace {

using Operator = MetadataCondition::Operator;

QVariant null()
{
    return QVariant(QMetaType::fromType<QString>());
}

QVariant array(const std::optional<QStringList> &values)
{
    return values ? QVariant(db::textArray(*values)) : null();
}

/// What an empty list of the request means: no restriction.
std::optional<QStringList> unlessEmpty(const QStringList &values)
{
    return values.isEmpty() ? std::nullopt : std::optional(values);
}

Json jsonList(const QStringList &values)
{
    Json list = Json::array();
    for (const QString &value : values)
        list.push_back(toJson(value));
    return list;
}

/// A part of a LIKE pattern: only "*" stands for anything.
QString likePattern(const QString &text)
{
    QString pattern = text;
    pattern.replace(QLatin1Char('\\'), QLatin1String("\\\\"))
        .replace(QLatin1Char('%'), QLatin1String("\\%"))
        .replace(QLatin1Char('_'), QLatin1String("\\_"))
        .replace(QLatin1Char('*'), QLatin1Char('%'));
    return QLatin1Char('%') + pattern + QLatin1Char('%');
}

Json likePatterns(const QStringList &texts)
{
    QStringList patterns;
    for (const QString &text : texts)
        patterns << likePattern(text);
    return jsonList(patterns);
}

/// A regular expression for one of these paths; every sign but "*" is quoted.
QString pathPattern(const QStringList &paths)
{
    QStringList patterns;
    for (const QString &path : paths) {
        QString pattern = path.startsWith(QLatin1Char('/')) ? QStringLiteral("^")
                                                            : QStringLiteral("(?:^|[/\\\\])");
        for (const QChar c : path) {
            if (c == QLatin1Char('*')) {
                pattern += QLatin1String("[^/]*");
                continue;
            }
            const bool isSign = c.unicode() < 0x80 && !c.isLetterOrNumber();
            if (isSign)
                pattern += QLatin1Char('\\');
            pattern += c;
        }
        patterns << pattern;
    }
    return patterns.join(QLatin1Char('|'));
}

Json pathPatterns(const QList<QStringList> &lists)
{
    QStringList patterns;
    for (const QStringList &paths : lists)
        patterns << pathPattern(paths);
    return jsonList(patterns);
}

/// An int4multirange; a passage without pages is on page 0, which no range holds.
QString pageRanges(const QList<PageRange> &ranges)
{
    QStringList texts;
    for (const PageRange &range : ranges)
        texts << QStringLiteral("[%1,%2]").arg(QString::number(std::max(1, range.from)),
                                               range.to > 0 ? QString::number(range.to)
                                                            : QString());
    return QLatin1Char('{') + texts.join(QLatin1Char(',')) + QLatin1Char('}');
}

QDateTime startOf(const QDate &day)
{
    return day.isValid() ? QDateTime(day, QTime(0, 0), Qt::UTC) : QDateTime();
}

/// The last millisecond: dates of documents are not finer.
QDateTime endOf(const QDate &day)
{
    return day.isValid() ? startOf(day.addDays(1)).addMSecs(-1) : QDateTime();
}

/// A tstzmultirange.
QString dateRanges(const QList<DateRange> &ranges)
{
    QStringList texts;
    for (const DateRange &range : ranges)
        texts << QStringLiteral("[%1,%2)").arg(
            startOf(range.from).toString(Qt::ISODate),
            range.to.isValid() ? startOf(range.to.addDays(1)).toString(Qt::ISODate) : QString());
    return QLatin1Char('{') + texts.join(QLatin1Char(',')) + QLatin1Char('}');
}

/// How a value may stand to the one it is compared with: before, equal, after.
Json signsOf(Operator comparison)
{
    switch (comparison) {
    case Operator::Less:
        return {"-1"};
    case Operator::LessOrEqual:
        return {"-1", "0"};
    case Operator::Greater:
        return {"1"};
    case Operator::GreaterOrEqual:
        return {"0", "1"};
    default:
        return {"0"};
    }
}

Json conditionToJson(const MetadataCondition &condition, bool excluded)
{
    // "status!=done" leaves out like "-status=done": documents without a status stay.
    const bool isNot = condition.comparison == Operator::NotEqual;
    Json json{{"key", toJson(condition.key)},
              {"kind", "text"},
              {"signs", signsOf(condition.comparison)},
              {"from", toJson(condition.value)},
              {"excluded", isNot != excluded}};
    if (isNumber(condition.value)) {
        json["kind"] = "number";
    } else if (const auto days = isoDays(condition.value)) {
        json["kind"] = "date";
        json["from"] = toJson(days->from.toString(Qt::ISODate));
        json["to"] = toJson(days->to.addDays(1).toString(Qt::ISODate));
    }
    return json;
}

Json conditions(const PassageFilter &filter)
{
    Json list = Json::array();
    for (const MetadataCondition &condition : filter.metadata)
        list.push_back(conditionToJson(condition, false));
    for (const MetadataCondition &condition : filter.excluded.metadata)
        list.push_back(conditionToJson(condition, true));
    return list;
}

/// What of $2 is about documents.
Json documentPart(const PassageFilter &filter)
{
    const PassageFilter::Excluded &excluded = filter.excluded;
    Json json = Json::object();
    if (filter.languages)
        json["languages"] = jsonList(*filter.languages);
    if (!filter.paths.isEmpty())
        json["paths"] = pathPatterns(filter.paths);
    if (!filter.names.isEmpty())
        json["names"] = likePatterns(filter.names);
    if (!filter.tags.isEmpty())
        json["tags"] = jsonList(filter.tags);
    if (!excluded.types.isEmpty())
        json["not_types"] = jsonList(excluded.types);
    if (!excluded.languages.isEmpty())
        json["not_languages"] = jsonList(excluded.languages);
    if (!excluded.paths.isEmpty())
        json["not_paths"] = toJson(pathPattern(excluded.paths));
    if (!excluded.names.isEmpty())
        json["not_names"] = likePatterns(excluded.names);
    if (!excluded.tags.isEmpty())
        json["not_tags"] = jsonList(excluded.tags);
    if (!excluded.dates.isEmpty())
        json["not_dates"] = toJson(dateRanges(excluded.dates));
    if (const Json compared = conditions(filter); !compared.empty())
        json["metadata"] = compared;
    return json;
}

/// What of $2 is about passages that are kept.
Json passagePart(const PassageFilter &filter)
{
    Json json = Json::object();
    if (filter.pages)
        json["pages"] = toJson(pageRanges(*filter.pages));
    if (!filter.excluded.pages.isEmpty())
        json["not_pages"] = toJson(pageRanges(filter.excluded.pages));
    if (!filter.matching.isEmpty())
        json["matching"] = toJson(filter.matching);
    if (filter.passages)
        json["numbers"] = toJson(db::integerArray(*filter.passages));
    return json;
}

QVariant later(const QDateTime &a, const QDateTime &b)
{
    const QDateTime value = !a.isValid() || (b.isValid() && b > a) ? b : a;
    return value.isValid() ? QVariant(value.toUTC()) : QVariant(QMetaType::fromType<QDateTime>());
}

QVariant earlier(const QDateTime &a, const QDateTime &b)
{
    const QDateTime value = !a.isValid() || (b.isValid() && b < a) ? b : a;
    return value.isValid() ? QVariant(value.toUTC()) : QVariant(QMetaType::fromType<QDateTime>());
}

/// $3 … $7.
QVariantList documentValues(const SearchQuery &query)
{
    const PassageFilter &filter = query.filter;
    const QVariant metadata =
        query.metadataFilter.is_null()
            ? null()
            : QVariant(QString::fromUtf8(toUtf8(scrubbed(query.metadataFilter))));
    return {array(unlessEmpty(query.idsAtOrigin)),
            array(inBoth(unlessEmpty(query.documentTypes), filter.types)),
            metadata,
            later(query.dateFrom, startOf(filter.dates.from)),
            earlier(query.dateTo, endOf(filter.dates.to))};
}

} // namespace

bool filtersDocuments(const SearchQuery &query)
{
    const QVariantList values = documentValues(query);
    return !documentPart(query.filter).empty() ||
           std::any_of(
               values.begin(), values.end(), [](const QVariant &value) { return !value.isNull(); });
}

QVariantList filterValues(const SearchQuery &query)
{
    const PassageFilter &filter = query.filter;
    Json more = documentPart(filter);
    const Json passages = passagePart(filter);
    more.update(passages);
    if (filtersDocuments(query))
        more["documents"] = true;
    if (!passages.empty())
        more["passages"] = true;
    if (!filter.notMatching.isEmpty())
        more["not_matching"] = toJson(filter.notMatching);
    if (filter.notPassages)
        more["not_numbers"] = toJson(db::integerArray(*filter.notPassages));
    return QVariantList{query.owner.toString(),
                        more.empty() ? null()
                                     : QVariant(QString::fromUtf8(toUtf8(scrubbed(more))))} +
           documentValues(query);
}

db::BoundStatement boundTo(const QVariantList &filter,
                           const db::Statement &filtered,
                           const db::Statement &ofAll,
                           const QVariantList &rest)
{
    constexpr qsizetype kMore = 1; // $2
    if (filter.at(kMore).isNull())
        return {ofAll, QVariantList{filter.first()} + rest};
    return {filtered, filter + rest};
}

} // namespace llmemory::search
