#include "core/textindex/text_index_worker.h"

#include "core/base/logging.h"
#include "core/textindex/index_builder.h"
#include "core/textindex/segment_merger.h"
#include "core/textindex/segment_repository.h"

#include <algorithm>
#include <optional>

namespace llmemory::textindex {

using db::Access;
using db::Scope;
using db::Session;

namespace {

/// Segments to merge, and the number of the one that they become.
struct Merge
{
    QList<SegmentInfo> segments;
    qint64 id = 0;
};

/// A short transaction of its own: the number's owner is locked, and merging takes long.
Result<Merge> planMerge(Session &session, const OwnerId &owner, MergePolicy policy)
{
    const auto segments = listSegments(session, owner);
    if (!segments)
        return segments.error();
    Merge merge{policy(*segments), 0};
    if (merge.segments.isEmpty()) {
        auto done = setMergeDue(session, owner, false);
        return done ? Result<Merge>(merge) : Result<Merge>(done.error());
    }
    const auto id = reserveNumbers(session, owner, 1);
    if (!id)
        return id.error();
    merge.id = *id;
    return merge;
}

} // namespace

TextIndexWorker::TextIndexWorker(db::DatabaseManager database, Callbacks callbacks)
    : m_database(std::move(database)), m_callbacks(std::move(callbacks)), m_task(kInterval, [this] {
        if (const auto done = work(); !done && done.error().kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("text index: %1 (%2)")
                                 .arg(done.error().message, done.error().detail));
    })
{
}

Result<> TextIndexWorker::mayGoOn() const
{
    if (m_task.isStopping())
        return Error::cancelled();
    return m_callbacks.mayStore ? m_callbacks.mayStore() : Result<>();
}

Result<> TextIndexWorker::work()
{
    const auto work = m_database
                          .runInTransaction(Access::Read,
                                            "index_work",
                                            Scope::registry(),
                                            indexWork,
                                            [this] { return m_task.isStopping(); })
                          .result();
    if (!work)
        return work.error();
    std::optional<Error> failure;
    for (const IndexWork &entry : *work) {
        // One owner's trouble is not the others'.
        if (const auto done = workFor(entry); !done)
            failure = done.error();
        if (m_task.isStopping())
            break;
    }
    return failure ? Result<>(*failure) : Result<>();
}

Result<> TextIndexWorker::workFor(const IndexWork &work)
{
    if (!work.isIndexed) {
        if (auto ok = build(work.owner); !ok)
            return ok;
    }
    if (!work.isIndexed || work.isMergeDue) {
        const auto merged = merge(work.owner, segmentsToMerge);
        return merged ? Result<>() : Result<>(merged.error());
    }
    Seen &seen = m_seen[work.owner];
    if (seen.lastNumber != work.lastNumber) {
        seen = {work.lastNumber, false};
    } else if (!seen.isTidy) {
        const auto merged = merge(work.owner, segmentsToMergeAtRest);
        if (!merged)
            return merged.error();
        seen = {std::max(*merged, work.lastNumber), true};
    }
    return {};
}

Result<> TextIndexWorker::build(const OwnerId &owner)
{
    for (;;) {
        if (auto ok = mayGoOn(); !ok)
            return ok;
        const auto step = m_database
                              .runInTransaction(
                                  Access::Write,
                                  "build_text_index",
                                  Scope::owner(owner),
                                  [owner](Session &session) { return buildIndex(session, owner); },
                                  [this] { return m_task.isStopping(); })
                              .result();
        if (!step)
            return step.error();
        if (m_callbacks.building)
            m_callbacks.building(owner, step->left);
        if (step->left == 0 || step->added == 0)
            return {};
    }
}

Result<qint64> TextIndexWorker::merge(const OwnerId &owner, MergePolicy policy)
{
    for (qint64 last = 0;;) {
        if (auto ok = mayGoOn(); !ok)
            return ok.error();
        const auto isStopping = [this] { return m_task.isStopping(); };
        const auto plan =
            m_database
                .runInTransaction(
                    Access::Write,
                    "plan_merge",
                    Scope::owner(owner),
                    [owner, policy](Session &session) { return planMerge(session, owner, policy); },
                    isStopping)
                .result();
        if (!plan)
            return plan.error();
        if (plan->segments.isEmpty())
            return last;
        const auto merged =
            m_database
                .runInTransaction(
                    Access::Write,
                    "merge_segments",
                    Scope::owner(owner),
                    [owner, plan = *plan](Session &session) {
                        return mergeSegments(session, owner, plan.segments, plan.id);
                    },
                    isStopping)
                .result();
        if (!merged)
            return merged.error();
        if (!*merged)
            return last; // another program does it
        last = plan->id;
    }
}

} // namespace llmemory::textindex
