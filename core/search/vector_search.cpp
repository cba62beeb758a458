#include "core/search/vector_search.h"

#include "core/db/sql_array.h"
#include "core/search/search_filter.h"

namespace llmemory::search {

using db::Statement;

namespace {

constexpr Statement kPassages{"owner_passages",
                              "SELECT chunk_count FROM {{tables.owners}} WHERE owner_id = $1"};

// Vectors are of unit length, so the inner product is the cosine; "<#>" answers it negated. Adding
// 0 keeps the planner from the HNSW index, which would lose rows of a small owner.
constexpr Statement kExact{
    "vector_search_exact",
    "SELECT x.chunk_id, -(x.embedding <#> $8::halfvec) FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY (x.embedding <#> $8::halfvec) + 0, x.chunk_id LIMIT $9"};
constexpr Statement kIndexed{
    "vector_search_hnsw",
    "SELECT x.chunk_id, -(x.embedding <#> $8::halfvec) FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY x.embedding <#> $8::halfvec LIMIT $9"};

// For this transaction only.
constexpr Statement kKnobs{"hnsw_knobs",
                           "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), "
                           "set_config('hnsw.ef_search', $1, true)"};

} // namespace

int efSearch(HnswProfile profile)
{
    switch (profile) {
    case HnswProfile::Fast:
        return 40;
    case HnswProfile::Accurate:
        return 200;
    case HnswProfile::Balanced:
        break;
    }
    return 100;
}

Result<QList<Ranked>> searchVectors(db::Session &session,
                                    const SearchQuery &query,
                                    const embed::Vector &vector,
                                    int most,
                                    int efSearch)
{
    auto passages = session.query(kPassages, {query.owner.toString()});
    if (!passages)
        return passages.error();
    const bool exact = passages->isEmpty() || passages->first().bigint(0) <= kExactPassages;
    if (!exact) {
        if (auto ok = session.query(kKnobs, {QString::number(efSearch)}); !ok)
            return ok.error();
    }
    auto rows = session.query(exact ? kExact : kIndexed,
                              filterValues(query) + QVariantList{db::vectorLiteral(vector), most});
    if (!rows)
        return rows.error();
    QList<Ranked> ranked;
    for (const db::Row &row : *rows)
        ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return ranked;
}

} // namespace llmemory::search
