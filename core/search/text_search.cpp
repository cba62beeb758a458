#include "core/search/text_search.h"

#include "core/db/sql_array.h"
#include "core/search/search_filter.h"

#include <QSet>

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

constexpr Statement kUnwanted{
    "unwanted_passages",
    "SELECT x.chunk_id FROM {{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.chunk_id = ANY ($2::uuid[]) AND x.search_vector @@ $3::tsquery"};

} // namespace

Result<QList<Ranked>> withoutUnwanted(db::Session &session,
                                      const OwnerId &owner,
                                      const QString &unwanted,
                                      const QList<Ranked> &ranked)
{
    if (unwanted.isEmpty() || ranked.isEmpty())
        return ranked;
    QStringList ids;
    for (const Ranked &entry : ranked)
        ids << entry.chunk.toString();
    auto rows = session.query(kUnwanted, {owner.toString(), db::textArray(ids), unwanted});
    if (!rows)
        return rows.error();
    QSet<ChunkId> excluded;
    for (const db::Row &row : *rows)
        excluded.insert(ChunkId(row.value(0).toUuid()));
    QList<Ranked> kept;
    for (const Ranked &entry : ranked) {
        if (!excluded.contains(entry.chunk))
            kept.append(entry);
    }
    return kept;
}

Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most)
{
    TextMatches matches;
    if (text.any.isEmpty() && text.none.isEmpty())
        return matches;
    auto parsed = session.queryOne(kTsquery, {query.owner.toString(), text.any, text.none});
    if (!parsed)
        return parsed.error();
    matches.tsquery = parsed->text(0);
    matches.unwanted = parsed->text(1);
    if (matches.tsquery.isEmpty())
        return matches; // only stop words or exclusions, or no documents
    const QString condition =
        matches.unwanted.isEmpty()
            ? matches.tsquery
            : QStringLiteral("(%1) & !(%2)").arg(matches.tsquery, matches.unwanted);
    auto rows = session.query(kSearch,
                              filterValues(query) + QVariantList{matches.tsquery, condition, most});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        matches.ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return matches;
}

} // namespace llmemory::search
