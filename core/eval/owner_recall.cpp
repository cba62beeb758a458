#include "core/eval/owner_recall.h"

#include "core/embed/vector_index_status.h"
#include "core/eval/vector_recall.h"
#include "core/search/vector_search.h"
#include "core/tenants/owner_repository.h"

namespace llmemory::eval {

namespace {
constexpr int kQueries = 20;
} // namespace

Result<RecallCheck> measureOwnerRecall(db::Session &session,
                                       const OwnerId &owner,
                                       HnswProfile profile)
{
    const auto found = tenants::findOwner(session, owner);
    if (!found)
        return found.error();
    const auto index = embed::vectorIndexState(session, owner);
    if (!index)
        return index.error();
    RecallCheck check{.passages = found->chunkCount,
                      .hasIndex = *index >= embed::VectorIndexState::Unmeasured};
    if (!check.hasIndex)
        return check;
    const auto vectors = search::sampleVectors(session, owner, kQueries);
    if (!vectors)
        return vectors.error();
    const auto recall = measureVectorRecall(session, {.owner = owner}, *vectors, profile);
    if (!recall)
        return recall.error();
    check.queries = recall->queries;
    check.recall = recall->at10;
    check.worstRecall = recall->worstAt10;
    check.searchMs = recall->search.p50;
    check.comparisonMs = recall->exact.p50;
    return check;
}

} // namespace llmemory::eval
