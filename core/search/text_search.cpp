#include "core/search/text_search.h"

#include "core/search/search_filter.h"

namespace llmemory::search {

using db::Statement;

namespace {

// The owner's languages by hopping through the index, some dozen probes however many documents
// there are; then the query in each of them, joined with OR. Only PostgreSQL's own output is cast
// back to tsquery.
constexpr Statement kTsquery{
    "text_query",
    "WITH RECURSIVE configs AS ("
    "(SELECT text_config FROM {{tables.documents}} WHERE owner_id = $1 ORDER BY text_config LIMIT "
    "1) "
    "UNION ALL "
    "SELECT (SELECT d.text_config FROM {{tables.documents}} d "
    "WHERE d.owner_id = $1 AND d.text_config > c.text_config ORDER BY d.text_config LIMIT 1) "
    "FROM configs c WHERE c.text_config IS NOT NULL), "
    "parsed AS (SELECT websearch_to_tsquery(text_config, $2) AS wanted, "
    "websearch_to_tsquery(text_config, $3) AS unwanted FROM configs WHERE text_config IS NOT NULL) "
    "SELECT string_agg(DISTINCT '(' || wanted::text || ')', ' | ') FILTER (WHERE numnode(wanted) > "
    "0), "
    "string_agg(DISTINCT '(' || unwanted::text || ')', ' | ') FILTER (WHERE numnode(unwanted) > 0) "
    "FROM parsed"};

// Ranking flag 1: divides by 1 + ln(length), so that long passages do not win by length alone.
constexpr Statement kSearch{
    "text_search",
    "SELECT x.chunk_id, ts_rank(x.search_vector, $8::tsquery, 1) AS rank FROM "
    "{{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.search_vector @@ $9::tsquery AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY rank DESC, x.chunk_id LIMIT $10"};

} // namespace

Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most)
{
    TextMatches matches;
    if (text.any.isEmpty())
        return matches;
    auto parsed = session.queryOne(kTsquery, {query.owner.toString(), text.any, text.none});
    if (!parsed)
        return parsed.error();
    if (parsed->isNull(0))
        return matches; // only stop words, or no documents
    matches.tsquery = parsed->text(0);
    const QString condition =
        parsed->isNull(1) ? matches.tsquery
                          : QStringLiteral("(%1) & !(%2)").arg(matches.tsquery, parsed->text(1));
    auto rows = session.query(kSearch,
                              filterValues(query) + QVariantList{matches.tsquery, condition, most});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        matches.ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return matches;
}

} // namespace llmemory::search
