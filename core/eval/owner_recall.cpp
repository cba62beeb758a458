#include "core/eval/owner_recall.h"

#include "core/embed/vector_index_status.h"
#include "core/embed/vector_index_tuning.h"
#include "core/eval/vector_recall.h"
#include "core/tenants/owner_repository.h"

namespace llmemory::eval {

namespace {

constexpr int kQueries = 20;

Result<RecallCheck> sizeOf(db::Session &session, const OwnerId &owner)
{
    const auto found = tenants::findOwner(session, owner);
    if (!found)
        return found.error();
    const auto index = embed::vectorIndexState(session, owner);
    if (!index)
        return index.error();
    return RecallCheck{.passages = found->chunkCount,
                       .hasIndex = *index >= embed::VectorIndexState::Unmeasured};
}

} // namespace

Result<RecallCheck> measureOwnerRecall(const RecallTransaction &inTransaction,
                                       const embed::Embedder &embedder,
                                       const OwnerId &owner,
                                       HnswProfile profile,
                                       const embed::CancelTest &isCancelled)
{
    QStringList queries;
    const auto size = inTransaction([&](db::Session &session) {
        auto check = sizeOf(session, owner);
        if (!check || !check->hasIndex)
            return check;
        auto sample = embed::sampleQueries(session, owner, kQueries);
        if (!sample)
            return Result<RecallCheck>(sample.error());
        queries = std::move(*sample);
        return check;
    });
    if (!size || queries.isEmpty())
        return size;
    QList<embed::Vector> vectors;
    for (const QString &query : std::as_const(queries)) {
        auto vector = embedder.embedQueryUnless(isCancelled, query);
        if (!vector)
            return vector.error();
        vectors += std::move(*vector);
    }
    return inTransaction([&](db::Session &session) -> Result<RecallCheck> {
        const auto recall = measureVectorRecall(session, {.owner = owner}, vectors, profile);
        if (!recall)
            return recall.error();
        RecallCheck check = *size;
        check.queries = recall->queries;
        check.recall = recall->at10;
        check.worstRecall = recall->worstAt10;
        check.searchMs = recall->search.p50;
        check.comparisonMs = recall->exact.p50;
        return check;
    });
}

} // namespace llmemory::eval
