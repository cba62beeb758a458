#include "core/search/search_request.h"

#include "core/base/json_fields.h"
#include "core/search/query_language/query_values.h"

#include <QCoreApplication>

namespace llmemory::search {

namespace {

constexpr int kShownLength = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

SearchMode mode(JsonFields &fields)
{
    const QString word = fields.text("search_type", toString(SearchMode::Hybrid));
    const auto parsed = searchModeFromString(word);
    if (!parsed)
        fields.fail(parsed.error());
    return parsed.value_or(SearchMode::Hybrid);
}

/// As in the reference, the list counts where both are given.
QStringList origins(JsonFields &fields)
{
    const QString one = fields.text("id_at_origin");
    const QStringList many = fields.texts("id_at_origins");
    if (!many.isEmpty() || !fields.has("id_at_origin"))
        return many;
    return {one};
}

void failValue(JsonFields &fields, const char *name, const QString &value, const QString &hint)
{
    const QString field = QString::fromLatin1(name);
    fields.fail(Error::validation(
        field, tr("%1 has the value \"%2\"; %3").arg(field, value.left(kShownLength), hint)));
}

std::optional<QStringList> languages(JsonFields &fields)
{
    QStringList codes;
    for (const QString &word : fields.texts("languages")) {
        const auto code = readLanguage(word);
        if (!code)
            failValue(fields, "languages", word, tr("a code such as en or de was expected."));
        codes << code.value_or(QString());
    }
    return codes.isEmpty() ? std::nullopt : std::optional(codes);
}

std::optional<QList<PageRange>> pages(JsonFields &fields)
{
    const PageRange range{fields.integer("page_from", 0), fields.integer("page_to", 0)};
    if (!fields.has("page_from") && !fields.has("page_to"))
        return std::nullopt;
    return QList<PageRange>{range};
}

QList<MetadataCondition> conditions(JsonFields &fields)
{
    QList<MetadataCondition> list;
    for (const QString &text : fields.texts("metadata_conditions")) {
        const MetadataCondition condition = readCondition(text);
        if (condition.key.isEmpty() || !isComparable(condition))
            failValue(fields,
                      "metadata_conditions",
                      text,
                      tr("key=value, key!=value, or key>=number or date was expected."));
        list << condition;
    }
    return list;
}

PassageFilter filter(JsonFields &fields)
{
    PassageFilter filter;
    filter.languages = languages(fields);
    filter.pages = pages(fields);
    if (const QStringList paths = fields.texts("paths"); !paths.isEmpty())
        filter.paths = {paths};
    filter.tags = fields.texts("tags");
    filter.metadata = conditions(fields);
    return filter;
}

QString conditionText(const MetadataCondition &condition)
{
    using Operator = MetadataCondition::Operator;
    const auto sign = [&]() -> QLatin1String {
        switch (condition.comparison) {
        case Operator::Equal:
            return QLatin1String("=");
        case Operator::NotEqual:
            return QLatin1String("!=");
        case Operator::Less:
            return QLatin1String("<");
        case Operator::LessOrEqual:
            return QLatin1String("<=");
        case Operator::Greater:
            return QLatin1String(">");
        case Operator::GreaterOrEqual:
            break;
        }
        return QLatin1String(">=");
    };
    return condition.key + sign() + condition.value;
}

Json listToJson(const QStringList &texts)
{
    Json list = Json::array();
    for (const QString &text : texts)
        list.push_back(toJson(text));
    return list;
}

void putList(Json &json, const char *name, const QStringList &texts)
{
    if (!texts.isEmpty())
        json[name] = listToJson(texts);
}

template <typename T>
void putUnless(Json &json, const char *name, const T &value, const T &usual)
{
    if (value != usual)
        json[name] = value;
}

template <typename T>
void putIfSet(Json &json, const char *name, const std::optional<T> &value)
{
    if (value)
        json[name] = *value;
}

void putDate(Json &json, const char *name, const QDateTime &date)
{
    if (date.isValid())
        json[name] = toJson(date.toUTC().toString(Qt::ISODateWithMs));
}

void putFilter(Json &json, const PassageFilter &filter)
{
    putList(json, "languages", filter.languages.value_or(QStringList()));
    if (!filter.paths.isEmpty())
        putList(json, "paths", filter.paths.constFirst());
    putList(json, "tags", filter.tags);
    if (filter.pages && filter.pages->size() == 1) {
        putUnless(json, "page_from", filter.pages->constFirst().from, 0);
        putUnless(json, "page_to", filter.pages->constFirst().to, 0);
    }
    QStringList conditions;
    for (const MetadataCondition &condition : filter.metadata)
        conditions << conditionText(condition);
    putList(json, "metadata_conditions", conditions);
}

} // namespace

Result<SearchQuery> searchQueryFromJson(const Json &value)
{
    JsonFields fields(value);
    SearchQuery query;
    query.owner = fields.owner();
    query.text = fields.requiredText("query");
    query.mode = mode(fields);
    query.limit = fields.integer("limit", query.limit);
    query.offset = fields.integer("offset", query.offset);
    query.alpha = fields.number("alpha", query.alpha);
    query.idsAtOrigin = origins(fields);
    query.documentTypes = fields.texts("document_types");
    query.metadataFilter = fields.object("metadata_filter", Json());
    query.dateFrom = fields.date("date_from");
    query.dateTo = fields.date("date_to");
    query.filter = filter(fields);
    query.includeParentContext = fields.flag("include_parent_context", query.includeParentContext);
    query.contextWindow = fields.integer("context_window", query.contextWindow);
    query.explain = fields.flag("explain", query.explain);
    query.groupByDocument = fields.flag("group_by_document", query.groupByDocument);
    query.diversity = fields.number("diversity", query.diversity);
    if (fields.has("min_score"))
        query.minScore = fields.number("min_score", 0);
    query.facets = fields.flag("facets", query.facets);
    query.remember = fields.flag("remember", query.remember);
    query.queryExpansion = fields.optionalFlag("query_expansion");
    query.maxQueryVariants = fields.optionalInteger("max_query_variants");
    query.rerank = fields.optionalFlag("rerank");
    query.rerankTopK = fields.optionalInteger("rerank_top_k");
    query.rerankReturnK = fields.optionalInteger("rerank_return_k");
    if (auto ok = fields.finish(); !ok)
        return ok.error();
    return query;
}

Result<SearchQuery> searchQueryFromRequest(const OwnerId &owner, const Json &request)
{
    if (request.is_object() && request.contains("owner_id"))
        return Error::validation(QStringLiteral("owner_id"),
                                 tr("The request is the owner's own; leave owner_id out of it."));
    Json body = request;
    if (body.is_object())
        body["owner_id"] = toJson(owner.toString());
    return searchQueryFromJson(body);
}

Json searchOptionsToJson(const SearchQuery &query)
{
    const SearchQuery usual;
    Json json = Json::object();
    putUnless(json, "limit", query.limit, usual.limit);
    putUnless(json, "offset", query.offset, usual.offset);
    putUnless(json, "alpha", query.alpha, usual.alpha);
    putList(json, "id_at_origins", query.idsAtOrigin);
    putList(json, "document_types", query.documentTypes);
    if (!query.metadataFilter.is_null())
        json["metadata_filter"] = query.metadataFilter;
    putDate(json, "date_from", query.dateFrom);
    putDate(json, "date_to", query.dateTo);
    putFilter(json, query.filter);
    putUnless(
        json, "include_parent_context", query.includeParentContext, usual.includeParentContext);
    putUnless(json, "context_window", query.contextWindow, usual.contextWindow);
    putUnless(json, "explain", query.explain, usual.explain);
    putUnless(json, "group_by_document", query.groupByDocument, usual.groupByDocument);
    putUnless(json, "diversity", query.diversity, usual.diversity);
    putIfSet(json, "min_score", query.minScore);
    putUnless(json, "facets", query.facets, usual.facets);
    putIfSet(json, "query_expansion", query.queryExpansion);
    putIfSet(json, "max_query_variants", query.maxQueryVariants);
    putIfSet(json, "rerank", query.rerank);
    putIfSet(json, "rerank_top_k", query.rerankTopK);
    putIfSet(json, "rerank_return_k", query.rerankReturnK);
    return json;
}

Json searchRequestToJson(const SearchQuery &query)
{
    Json json = searchOptionsToJson(query);
    json["query"] = toJson(query.text);
    if (query.mode != SearchQuery().mode)
        json["search_type"] = toJson(toString(query.mode));
    return json;
}

} // namespace llmemory::search
