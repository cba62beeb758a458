#include "core/search/condition_search.h"

#include "core/search/search_filter.h"

namespace llmemory::search {

using db::Statement;

namespace {

// The same normalisation as in the text leg.
constexpr Statement kMatching{
    "condition_search",
    "SELECT x.chunk_id, ts_rank(x.search_vector, $8::tsquery, 1) AS rank FROM "
    "{{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.search_vector @@ $8::tsquery AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY rank DESC, x.chunk_id LIMIT $9"};

constexpr Statement kListing{
    "condition_listing",
    "SELECT p.chunk_id, 0::real FROM (SELECT x.document_id, x.document_date, x.document_name "
    "FROM {{tables.documents}} x WHERE x.owner_id = $1 AND " LLMEMORY_DOCUMENT_FILTER
    ") t CROSS JOIN LATERAL (SELECT x.chunk_id FROM {{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.document_id = t.document_id AND x.chunk_level = 1 "
    "AND " LLMEMORY_PASSAGE_FILTER " ORDER BY x.chunk_index LIMIT 1) p "
    "ORDER BY t.document_date DESC NULLS LAST, t.document_name, t.document_id LIMIT $8"};

} // namespace

Result<QList<Ranked>> searchByConditions(db::Session &session, const SearchQuery &query, int most)
{
    const QString &matching = query.filter.matching;
    SearchQuery others = query;
    others.filter.matching.clear(); // the statement asks for it by itself, which uses the index
    auto rows = matching.isEmpty()
                    ? session.query(kListing, filterValues(query) + QVariantList{most})
                    : session.query(kMatching, filterValues(others) + QVariantList{matching, most});
    if (!rows)
        return rows.error();
    QList<Ranked> ranked;
    for (const db::Row &row : *rows)
        ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return ranked;
}

} // namespace llmemory::search
