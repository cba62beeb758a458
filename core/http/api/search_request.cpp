#include "core/http/api/search_request.h"

#include "core/base/json_fields.h"
#include "core/search/query_language/query_values.h"

#include <QCoreApplication>

namespace llmemory::http {

namespace {

constexpr int kShownLength = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

std::optional<bool> optionalFlag(JsonFields &fields, const char *name)
{
    const bool value = fields.flag(name, false);
    return fields.has(name) ? std::optional<bool>(value) : std::nullopt;
}

std::optional<int> optionalInteger(JsonFields &fields, const char *name)
{
    const int value = fields.integer(name, 0);
    return fields.has(name) ? std::optional<int>(value) : std::nullopt;
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
        const auto code = search::readLanguage(word);
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
        const MetadataCondition condition = search::readCondition(text);
        if (condition.key.isEmpty() || !search::isComparable(condition))
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

} // namespace

const QList<QueryField> &searchFields()
{
    static const QList<QueryField> fields{
        {"owner_id", FieldKind::Text},
        {"query", FieldKind::Text},
        {"search_type", FieldKind::Text},
        {"limit", FieldKind::Integer},
        {"offset", FieldKind::Integer},
        {"alpha", FieldKind::Number},
        {"id_at_origin", FieldKind::Text},
        {"id_at_origins", FieldKind::TextList},
        {"document_types", FieldKind::TextList},
        {"metadata_filter", FieldKind::Object},
        {"date_from", FieldKind::Text},
        {"date_to", FieldKind::Text},
        {"languages", FieldKind::TextList},
        {"paths", FieldKind::TextList},
        {"tags", FieldKind::TextList},
        {"page_from", FieldKind::Integer},
        {"page_to", FieldKind::Integer},
        {"metadata_conditions", FieldKind::TextList},
        {"include_parent_context", FieldKind::Flag},
        {"context_window", FieldKind::Integer},
        {"query_expansion", FieldKind::Flag},
        {"max_query_variants", FieldKind::Integer},
        {"rerank", FieldKind::Flag},
        {"rerank_top_k", FieldKind::Integer},
        {"rerank_return_k", FieldKind::Integer},
        {"group_by_document", FieldKind::Flag},
        {"diversity", FieldKind::Number},
        {"min_score", FieldKind::Number},
        {"explain", FieldKind::Flag},
        {"facets", FieldKind::Flag},
    };
    return fields;
}

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
    query.queryExpansion = optionalFlag(fields, "query_expansion");
    query.maxQueryVariants = optionalInteger(fields, "max_query_variants");
    query.rerank = optionalFlag(fields, "rerank");
    query.rerankTopK = optionalInteger(fields, "rerank_top_k");
    query.rerankReturnK = optionalInteger(fields, "rerank_return_k");
    if (auto ok = fields.finish(); !ok)
        return ok.error();
    return query;
}

} // namespace llmemory::http
