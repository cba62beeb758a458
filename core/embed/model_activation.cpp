#include "core/embed/model_activation.h"

#include "core/embed/embedding_model_repository.h"

namespace llmemory::embed {

namespace {

constexpr int kOwnersAtOnce = 1000;
/// Jobs of one transaction: far below a statement's time limit.
constexpr int kJobsAtOnce = 10'000;

Result<qint64> queueOwner(const db::DatabaseManager &database,
                          const QString &modelId,
                          const OwnerId &owner,
                          const CancelTest &isCancelled)
{
    for (qint64 total = 0;;) {
        if (isCancelled())
            return Error::cancelled();
        auto queued = database
                          .run(db::Access::Write,
                               [&](db::Session &session) {
                                   return queueMissing(session, modelId, owner, kJobsAtOnce);
                               })
                          .result();
        if (!queued)
            return queued;
        total += *queued;
        if (*queued == 0)
            return total;
    }
}

Result<qint64> queueAll(const db::DatabaseManager &database,
                        const QString &modelId,
                        const CancelTest &isCancelled)
{
    qint64 total = 0;
    OwnerId after;
    for (;;) {
        auto owners = database
                          .run(db::Access::Read,
                               [&](db::Session &session) {
                                   return ownersWithPassages(session, after, kOwnersAtOnce);
                               })
                          .result();
        if (!owners)
            return owners.error();
        if (owners->isEmpty())
            return total;
        for (const OwnerId &owner : *owners) {
            auto queued = queueOwner(database, modelId, owner, isCancelled);
            if (!queued)
                return queued;
            total += *queued;
        }
        after = owners->last();
    }
}

} // namespace

Result<qint64> activateModel(const db::DatabaseManager &database,
                             const QString &modelId,
                             const CancelTest &isCancelled)
{
    auto active = database
                      .run(db::Access::Read,
                           [&](db::Session &session) { return isActiveModel(session, modelId); })
                      .result();
    if (!active)
        return active.error();
    if (*active)
        return qint64(0);
    auto queued = queueAll(database, modelId, isCancelled);
    if (!queued)
        return queued;
    auto set = database
                   .run(db::Access::Write,
                        [&](db::Session &session) { return setActiveModel(session, modelId); })
                   .result();
    return set ? queued : Result<qint64>(set.error());
}

} // namespace llmemory::embed
