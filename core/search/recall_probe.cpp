#include "core/search/recall_probe.h"

#include "core/db/sql_array.h"
#include "core/search/vector_search.h"

#include <QUuid>

#include <algorithm>

namespace llmemory::search {

using db::Statement;

namespace {

constexpr int kBest = 10;
/// As a search asks for; see SearchRun.
constexpr int kCandidates = 100;

// Ids are random: the next one after a random id is a random passage.
constexpr Statement kVector{
    "passage_vector",
    "SELECT embedding::text FROM {{embeddings}} WHERE owner_id = $1 AND chunk_id >= $2::uuid "
    "ORDER BY owner_id, chunk_id LIMIT 1"};

/// Equal vectors may stand for each other: what is as near as the tenth counts as found.
Result<double> recallOf(db::Session &session,
                        const OwnerId &owner,
                        const embed::Vector &vector,
                        int efSearch)
{
    constexpr double kSame = 1e-6;
    const SearchQuery query{.owner = owner};
    const auto best = searchVectorsExactly(session, query, vector, kBest);
    if (!best)
        return best.error();
    const auto found = searchVectors(session, query, vector, kCandidates, efSearch);
    if (!found)
        return found.error();
    if (best->isEmpty())
        return 1.0;
    const auto seen = found->first(std::min<qsizetype>(found->size(), best->size()));
    const auto good = std::count_if(seen.begin(), seen.end(), [&](const Ranked &entry) {
        return entry.score >= best->last().score - kSame;
    });
    return double(good) / double(best->size());
}

} // namespace

Result<Recall> measureRecall(db::Session &session, const OwnerId &owner, int queries, int efSearch)
{
    Recall recall;
    double sum = 0;
    for (int i = 0; i < queries; ++i) {
        if (session.isCancelled())
            return Error::cancelled();
        auto rows = session.query(
            kVector, {owner.toString(), QUuid::createUuid().toString(QUuid::WithoutBraces)});
        if (!rows)
            return rows.error();
        if (rows->isEmpty())
            continue; // behind the last id
        auto found =
            recallOf(session, owner, db::vectorFromLiteral(rows->first().text(0)), efSearch);
        if (!found)
            return found.error();
        sum += *found;
        recall.worstAt10 = std::min(recall.worstAt10, *found);
        ++recall.queries;
    }
    if (recall.queries > 0)
        recall.at10 = sum / recall.queries;
    return recall;
}

} // namespace llmemory::search
