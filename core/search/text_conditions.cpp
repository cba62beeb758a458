#include "core/search/text_conditions.h"

#include "core/base/json.h"
#include "core/search/owner_configs.h"
#include "core/textindex/passage_condition.h"
#include "core/textindex/segment_repository.h"

namespace llmemory::search {

using db::Statement;

namespace {

// A prefix and what comes before it become lexemes in
// quotes, in which a quote and a backslash are doubled: only those, and PostgreSQL's own output,
// are cast to tsquery.
constexpr Statement kConditions{
    "text_conditions",
    LLMEMORY_OWNER_CONFIGS
    "conditions AS (SELECT n, c->>'words' AS words, c->>'other' AS other, "
    "(c->>'distance')::integer AS distance, lower(c->>'prefix') AS prefix, "
    "(c->>'excluded')::boolean AS excluded "
    "FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY t (c, n)), "
    "parsed AS (SELECT n, excluded, CASE "
    "WHEN prefix <> '' THEN tsquery_phrase(websearch_to_tsquery('simple', words), "
    "(SELECT string_agg('''' || replace(replace(l, '\\', '\\\\'), '''', '''''') || '''' || "
    "s, ' | ')::tsquery FROM (SELECT prefix AS l, ':*' AS s UNION "
    "SELECT lexeme, '' FROM unnest(to_tsvector(text_config, prefix)) "
    "WHERE starts_with(prefix, left(lexeme, -1))) stems)) "
    "WHEN distance > 0 THEN (SELECT string_agg('(' || tsquery_phrase(l, r, d)::text || ') | (' || "
    "tsquery_phrase(r, l, d)::text || ')', ' | ')::tsquery "
    "FROM generate_series(1, distance) d, websearch_to_tsquery(text_config, words) l, "
    "websearch_to_tsquery(text_config, other) r WHERE numnode(l) > 0 AND numnode(r) > 0) "
    "ELSE websearch_to_tsquery(text_config, words) END AS query "
    "FROM conditions, configs WHERE text_config IS NOT NULL), "
    "joined AS (SELECT excluded, '(' || string_agg(DISTINCT '(' || query::text || ')', ' | ') "
    "FILTER (WHERE numnode(query) > 0) || ')' AS query, bool_and(coalesce(numnode(query), 0) > 0) "
    "AS telling "
    "FROM parsed GROUP BY n, excluded) "
    "SELECT string_agg(query, ' & ') FILTER (WHERE NOT excluded AND telling), "
    "string_agg(query, ' | ') FILTER (WHERE excluded), "
    "(SELECT text_indexed FROM {{tables.owners}} WHERE owner_id = $1) FROM joined"};

Json toJson(const TextCondition &condition, bool excluded)
{
    return {{"words", llmemory::toJson(condition.words)},
            {"other", llmemory::toJson(condition.other)},
            {"distance", condition.distance},
            {"prefix", llmemory::toJson(condition.prefix)},
            {"excluded", excluded}};
}

/// Those that can meet a tsquery; nothing where that is not known, or where they are many.
Result<std::optional<QList<qint64>>> passagesFor(db::Session &session,
                                                 const OwnerId &owner,
                                                 const QString &tsquery)
{
    std::optional<QList<qint64>> none;
    const auto condition = textindex::PassageCondition::parse(tsquery);
    const auto terms = condition ? condition->terms() : QList<textindex::AskedTerm>();
    if (terms.isEmpty())
        return none;
    const auto loaded = textindex::loadLists(session, owner, terms);
    if (!loaded)
        return loaded.error();
    const auto found = condition->passages(loaded->lists, kMostConditionPassages);
    if (!found)
        return none;
    return std::optional(QList<qint64>(found->begin(), found->end()));
}

} // namespace

Result<TextConditions> textConditions(db::Session &session,
                                      const OwnerId &owner,
                                      const TextQuery &text)
{
    Json list = Json::array();
    for (const TextCondition &condition : text.must)
        list.push_back(toJson(condition, false));
    for (const TextCondition &condition : text.mustNot)
        list.push_back(toJson(condition, true));
    if (!text.none.isEmpty())
        list.push_back(toJson(TextCondition{.words = text.none}, true));
    if (list.empty())
        return TextConditions();
    auto row = session.queryOne(kConditions,
                                {owner.toString(), QString::fromUtf8(toUtf8(scrubbed(list)))});
    if (!row)
        return row.error();
    return TextConditions{row->text(0), row->text(1), row->boolean(2)};
}

Result<SearchQuery> withConditions(db::Session &session,
                                   const SearchQuery &query,
                                   const TextQuery &words)
{
    auto conditions = textConditions(session, query.owner, words);
    if (!conditions)
        return conditions.error();
    SearchQuery conditioned = query;
    PassageFilter &filter = conditioned.filter;
    filter.matching = std::move(conditions->matching);
    filter.notMatching = std::move(conditions->notMatching);
    if (!conditions->isIndexed)
        return conditioned;
    for (const auto &[tsquery, known] : {std::pair(&filter.matching, &filter.passages),
                                         std::pair(&filter.notMatching, &filter.notPassages)}) {
        if (tsquery->isEmpty())
            continue;
        auto passages = passagesFor(session, query.owner, *tsquery);
        if (!passages)
            return passages.error();
        *known = std::move(*passages);
    }
    return conditioned;
}

} // namespace llmemory::search
