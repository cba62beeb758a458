#include "core/search/vector_search.h"

#include "core/db/sql_array.h"
#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_tuning.h"
#include "core/search/own_rows.h"
#include "core/search/search_filter.h"

#include <algorithm>
#include <cmath>

namespace llmemory::search {

using db::Statement;

namespace {

constexpr int kMostEfSearch = 1000; // pgvector's

// With how far the owner's index has to be searched, see vector_index_tuning.h.
constexpr Statement kPassages{
    "owner_passages",
    "SELECT chunk_count, substring(obj_description(to_regclass($2), 'pg_class') FROM "
    "'^ef_search=([0-9]{1,4}) ')::int FROM {{tables.owners}} WHERE owner_id = $1"};

// A document has a passage at least: so many documents settle the question.
constexpr Statement kKept{"filtered_passages",
                          "SELECT coalesce(sum(kept.chunk_count), 0) FROM (SELECT d.chunk_count "
                          "FROM {{tables.documents}} d WHERE d.owner_id = $1 AND d.chunk_count > 0 "
                          "AND " LLMEMORY_DOCUMENT_CONDITIONS " LIMIT $8) kept"};

// Vectors are of unit length, so the inner product is the cosine; "<#>" answers it negated. Adding
// 0 keeps the planner from the HNSW index.
constexpr Statement kExact{
    "vector_search_exact",
    "SELECT x.chunk_id, (x.embedding <#> $8::halfvec) + 0 FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 AND " LLMEMORY_SEARCH_FILTER " ORDER BY 2, x.chunk_id LIMIT $9"};
// From the documents to their vectors: an IN would have the server read all of the owner's.
constexpr Statement kExactOfDocuments{
    "vector_search_of_documents",
    "SELECT x.chunk_id, (x.embedding <#> $8::halfvec) + 0 FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 "
    "AND x.document_id = ANY (ARRAY(" LLMEMORY_MATCHING_DOCUMENTS ")) AND " LLMEMORY_PASSAGE_FILTER
    " ORDER BY 2, x.chunk_id LIMIT $9"};
// Few passages can meet the filter's conditions, and which is known.
constexpr Statement kExactOfPassages{
    "vector_search_of_passages",
    "SELECT x.chunk_id, (x.embedding <#> $8::halfvec) + 0 FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 AND x.chunk_id = ANY (ARRAY(SELECT n.chunk_id "
    "FROM {{tables.document_chunks}} n WHERE n.owner_id = $1 "
    "AND n.chunk_no = ANY (($2::jsonb->>'numbers')::bigint[]))) AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY 2, x.chunk_id LIMIT $9"};
constexpr Statement kIndexed{"vector_search_hnsw",
                             "SELECT x.chunk_id, x.embedding <#> $8::halfvec FROM {{embeddings}} x "
                             "WHERE x.owner_id = $1 AND " LLMEMORY_SEARCH_FILTER
                             " ORDER BY x.embedding <#> $8::halfvec LIMIT $9"};

// Without a filter: the server takes longer to read and plan its text than to find the owner's
// index.
constexpr Statement kExactOfAll{
    "vector_search_exact_of_all",
    "SELECT x.chunk_id, (x.embedding <#> $2::halfvec) + 0 FROM {{embeddings}} x "
    "WHERE x.owner_id = $1 ORDER BY 2, x.chunk_id LIMIT $3"};
constexpr Statement kIndexedOfAll{"vector_search_hnsw_of_all",
                                  "SELECT x.chunk_id, x.embedding <#> $2::halfvec "
                                  "FROM {{embeddings}} x WHERE x.owner_id = $1 "
                                  "ORDER BY x.embedding <#> $2::halfvec LIMIT $3"};

QList<Ranked> rankedOf(const db::Rows &rows)
{
    QList<Ranked> ranked;
    ranked.reserve(rows.size());
    for (const db::Row &row : rows)
        ranked.append({ChunkId(row.value(0).toUuid()), -row.real(1)});
    std::sort(ranked.begin(), ranked.end(), [](const Ranked &a, const Ranked &b) {
        return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });
    return ranked;
}

/// What the decision between the index and comparing all rests on.
struct Size
{
    qint64 passages = 0; ///< of the owner
    /// Of them in documents that the filter keeps; above exactUpTo() at least so many.
    qint64 kept = 0;
    int efSearch = 0; ///< that the owner's index needs
};

Result<OwnerSize> ownerSizeOf(db::Session &session, const OwnerId &owner, OwnerSizeCache *sizes)
{
    if (const auto known = sizes ? sizes->find(owner) : std::nullopt)
        return *known;
    const QString index = embed::vectorIndexIdentifier(session.names(), owner);
    const auto rows = session.query(kPassages, {owner.toString(), index});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return OwnerSize();
    const OwnerSize size{rows->first().bigint(0), int(rows->first().bigint(1))};
    if (sizes)
        sizes->insert(owner, size);
    return size;
}

Result<Size> sizeOf(db::Session &session,
                    const SearchQuery &query,
                    const QVariantList &filter,
                    HnswProfile profile,
                    OwnerSizeCache *sizes)
{
    const bool keepsDocuments = filtersDocuments(query);
    const auto owner = ownerSizeOf(session, query.owner, sizes);
    if (!owner)
        return owner.error();
    Size size{.passages = owner->passages,
              .kept = owner->passages,
              .efSearch = efSearch(profile, owner->efSearch)};
    if (size.passages <= embed::kExactPassages || !keepsDocuments)
        return size;
    const qint64 most = exactUpTo(size.passages, size.efSearch) + 1;
    const auto kept = queryOwnRows(session, {kKept, filter + QVariantList{most}});
    if (!kept)
        return kept.error();
    size.kept = std::min(kept->first().bigint(0), size.passages);
    return size;
}

Result<QList<Ranked>> searchIndex(db::Session &session,
                                  const db::BoundStatement &search,
                                  int efSearch)
{
    // The last one for what comes behind in this transaction.
    auto answers = session.queryTogether(
        {embed::vectorIndexKnobs(efSearch), search, embed::noVectorIndexKnobs()});
    if (!answers)
        return answers.error();
    return rankedOf(answers->at(1));
}

Result<QList<Ranked>> compareAll(db::Session &session, const db::BoundStatement &comparison)
{
    auto rows = queryOwnRows(session, comparison);
    if (!rows)
        return rows.error();
    return rankedOf(*rows);
}

} // namespace

int efSearch(HnswProfile profile, int measured)
{
    switch (profile) {
    case HnswProfile::Fast:
        return 40;
    case HnswProfile::Accurate:
        return std::max(400, measured);
    case HnswProfile::Balanced:
        break;
    }
    return measured > 0 ? measured : 200;
}

qint64 exactUpTo(qint64 passages, int efSearch)
{
    constexpr double kComparisons = 50; // as dear as a candidate
    const double limit = std::pow(kComparisons * efSearch, 2) * double(passages);
    return std::max(embed::kExactPassages, qint64(std::cbrt(limit)));
}

int efSearchUnderFilter(int efSearch, qint64 passages, qint64 kept)
{
    const double factor = std::sqrt(double(passages) / double(std::max<qint64>(kept, 1)));
    return int(std::clamp(efSearch * factor, double(efSearch), double(kMostEfSearch)));
}

Result<QList<Ranked>> searchVectors(db::Session &session,
                                    const SearchQuery &query,
                                    const embed::Vector &vector,
                                    int most,
                                    HnswProfile profile,
                                    OwnerSizeCache *sizes)
{
    const QVariantList filter = filterValues(query);
    const auto bound = [&](const Statement &filtered, const Statement &ofAll) {
        return boundTo(filter, filtered, ofAll, {db::vectorLiteral(vector), most});
    };
    if (query.filter.passages)
        return compareAll(session, bound(kExactOfPassages, kExactOfAll));
    const bool keepsDocuments = filtersDocuments(query);
    auto size = sizeOf(session, query, filter, profile, sizes);
    if (!size)
        return size.error();
    if (size->kept <= exactUpTo(size->passages, size->efSearch)) {
        // Where most are kept, one pass over all is cheaper than one for each document.
        const bool byDocument = keepsDocuments && size->kept < size->passages / 2;
        return compareAll(session, bound(byDocument ? kExactOfDocuments : kExact, kExactOfAll));
    }
    auto found = searchIndex(session,
                             bound(kIndexed, kIndexedOfAll),
                             efSearchUnderFilter(size->efSearch, size->passages, size->kept));
    // The scan of the index ends somewhere; passages without a vector yet are not missed.
    if (found && found->size() < most)
        return compareAll(session, bound(kExact, kExactOfAll));
    return found;
}

Result<QList<Ranked>> searchVectorsExactly(db::Session &session,
                                           const SearchQuery &query,
                                           const embed::Vector &vector,
                                           int most)
{
    return compareAll(
        session,
        boundTo(filterValues(query), kExact, kExactOfAll, {db::vectorLiteral(vector), most}));
}

} // namespace llmemory::search
