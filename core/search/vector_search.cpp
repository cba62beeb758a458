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

// ef_search 100 is the reference's "balanced" profile.
constexpr const char *kKnobs =
    "SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.ef_search = 100";

} // namespace

Result<QList<Ranked>> searchVectors(db::Session &session,
                                    const SearchQuery &query,
                                    const embed::Vector &vector,
                                    int most)
{
    auto passages = session.query(kPassages, {query.owner.toString()});
    if (!passages)
        return passages.error();
    const bool exact = passages->isEmpty() || passages->first().bigint(0) <= kExactPassages;
    if (!exact) {
        if (auto ok = session.runScript(QStringLiteral("hnsw_knobs"), QLatin1String(kKnobs)); !ok)
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
