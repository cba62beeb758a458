#include "core/search/facet_repository.h"

#include "core/search/own_rows.h"
#include "core/search/search_filter.h"
#include "core/search/text_conditions.h"

#include <QUuid>

#include <cmath>

namespace llmemory::search {

using db::Statement;

namespace {

constexpr Statement kFacets{
    "count_facets",
    "WITH matched AS MATERIALIZED (SELECT x.chunk_id, x.document_id "
    "FROM {{tables.document_chunks}} x WHERE x.owner_id = $1 AND x.chunk_level = 1 "
    "AND ($8::tsquery IS NULL OR x.search_vector @@ $8::tsquery) AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY x.chunk_id LIMIT $9), "
    "described AS MATERIALIZED (SELECT m.n, d.document_type, d.language, d.document_date, "
    "d.metadata->'tags' AS tags, substring(d.id_at_origin from '^(.+)/[^/]*$') AS folder "
    "FROM (SELECT document_id, count(*) AS n FROM matched GROUP BY document_id) m "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = m.document_id), "
    "counted AS (SELECT 'type' AS facet, document_type AS value, sum(n) AS n FROM described "
    "GROUP BY 2 "
    "UNION ALL SELECT 'language', language, sum(n) FROM described GROUP BY 2 "
    "UNION ALL SELECT 'tag', tag #>> '{}', sum(n) FROM described, "
    "jsonb_path_query(tags, '$[*] ? (@.type() == \"string\")') tag GROUP BY 2 "
    "UNION ALL SELECT 'year', extract(year FROM document_date AT TIME ZONE 'UTC')::integer::text, "
    "sum(n) FROM described WHERE document_date IS NOT NULL GROUP BY 2 "
    "UNION ALL SELECT 'folder', folder, sum(n) FROM described WHERE folder IS NOT NULL GROUP BY "
    "2), "
    "ranked AS (SELECT facet, value, n, "
    "row_number() OVER (PARTITION BY facet ORDER BY n DESC, value) AS place FROM counted) "
    "SELECT facet, value, n::bigint, place FROM ranked WHERE place <= $10 "
    "UNION ALL SELECT 'passages', max(chunk_id::text), count(*), 1 FROM matched "
    "ORDER BY 1, 4"};

/// How much of all ids is up to @p last: version 4 ids begin with 32 random bits.
double shareUpTo(const QUuid &last)
{
    return (double(last.data1) + 1) / std::pow(2.0, 32);
}

QList<FacetCount> *listOf(Facets &facets, const QString &facet)
{
    if (facet == QLatin1String("type"))
        return &facets.types;
    if (facet == QLatin1String("language"))
        return &facets.languages;
    if (facet == QLatin1String("tag"))
        return &facets.tags;
    if (facet == QLatin1String("year"))
        return &facets.years;
    if (facet == QLatin1String("folder"))
        return &facets.folders;
    return nullptr;
}

void scale(Facets &facets, double factor)
{
    const auto scaled = [&](qint64 count) { return qint64(std::llround(double(count) * factor)); };
    facets.passages = scaled(facets.passages);
    for (auto *list :
         {&facets.types, &facets.languages, &facets.tags, &facets.years, &facets.folders}) {
        for (FacetCount &entry : *list)
            entry.count = scaled(entry.count);
    }
}

} // namespace

Result<Facets> countFacets(db::Session &session,
                           const SearchQuery &query,
                           const TextQuery &words,
                           int most)
{
    const auto filtered = withConditions(session, query, words);
    if (!filtered)
        return filtered.error();
    TextQuery any;
    if (!words.any.isEmpty())
        any.must.append({.words = words.any});
    const auto alternatives = textConditions(session, query.owner, any);
    if (!alternatives)
        return alternatives.error();
    const QVariant tsquery = alternatives->matching.isEmpty()
                                 ? QVariant(QMetaType::fromType<QString>())
                                 : QVariant(alternatives->matching);
    auto rows = queryOwnRows(
        session,
        {kFacets, filterValues(*filtered) + QVariantList{tsquery, most + 1, kFacetValues}});
    if (!rows)
        return rows.error();

    Facets facets;
    QUuid last;
    for (const db::Row &row : *rows) {
        if (QList<FacetCount> *list = listOf(facets, row.text(0))) {
            list->append({row.text(1), row.bigint(2)});
            continue;
        }
        facets.passages = row.bigint(2);
        last = QUuid::fromString(row.text(1));
    }
    facets.exact = facets.passages <= most;
    if (!facets.exact)
        scale(facets, 1 / shareUpTo(last));
    return facets;
}

} // namespace llmemory::search
