#include "core/search/document_listing.h"

#include "core/search/own_rows.h"
#include "core/search/search_filter.h"

namespace llmemory::search {

using db::Statement;

namespace {

constexpr Statement kListing{
    "list_filtered",
    "SELECT p.chunk_id, 0::real FROM (SELECT x.document_id, x.document_date, x.document_name "
    "FROM {{tables.documents}} x WHERE x.owner_id = $1 AND " LLMEMORY_DOCUMENT_FILTER
    ") t CROSS JOIN LATERAL (SELECT x.chunk_id FROM {{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.document_id = t.document_id AND x.chunk_level = 1 "
    "AND " LLMEMORY_PASSAGE_FILTER " ORDER BY x.chunk_index LIMIT 1) p "
    "ORDER BY t.document_date DESC NULLS LAST, t.document_name, t.document_id LIMIT $8"};

} // namespace

Result<QList<Ranked>> listDocuments(db::Session &session, const SearchQuery &query, int most)
{
    auto rows = queryOwnRows(session, {kListing, filterValues(query) + QVariantList{most}});
    if (!rows)
        return rows.error();
    QList<Ranked> ranked;
    for (const db::Row &row : *rows)
        ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return ranked;
}

} // namespace llmemory::search
