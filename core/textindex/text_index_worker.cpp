#include "core/textindex/text_index_worker.h"

#include "core/base/logging.h"
#include "core/textindex/index_builder.h"
#include "core/textindex/segment_merger.h"
#include "core/textindex/segment_repository.h"

#include <QDeadlineTimer>

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
Result<Merge> planMerge(Session &session, const OwnerId &owner)
{
    const auto segments = listSegments(session, owner);
    if (!segments)
        return segments.error();
    Merge merge{segmentsToMerge(*segments), 0};
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
    : m_database(std::move(database)), m_callbacks(std::move(callbacks))
{
}

TextIndexWorker::~TextIndexWorker()
{
    stop();
}

void TextIndexWorker::start()
{
    if (m_thread.joinable())
        return;
    m_stopping = false;
    m_thread = std::thread([this] { run(); });
}

void TextIndexWorker::stop()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void TextIndexWorker::run()
{
    while (!m_stopping) {
        if (const auto done = work(); !done && done.error().kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("text index: %1 (%2)")
                                 .arg(done.error().message, done.error().detail));
        QDeadlineTimer deadline(kInterval);
        QMutexLocker lock(&m_mutex);
        while (!m_stopping && !deadline.hasExpired())
            m_changed.wait(&m_mutex, deadline);
    }
}

Result<> TextIndexWorker::mayGoOn() const
{
    if (m_stopping)
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
                                            [this] { return m_stopping.load(); })
                          .result();
    if (!work)
        return work.error();
    std::optional<Error> failure;
    for (const IndexWork &entry : *work) {
        Result<> done = entry.isIndexed ? Result<>() : build(entry.owner);
        if (done)
            done = merge(entry.owner);
        // One owner's trouble is not the others'.
        if (!done)
            failure = done.error();
        if (m_stopping)
            break;
    }
    return failure ? Result<>(*failure) : Result<>();
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
                                  [this] { return m_stopping.load(); })
                              .result();
        if (!step)
            return step.error();
        if (m_callbacks.building)
            m_callbacks.building(owner, step->left);
        if (step->left == 0 || step->added == 0)
            return {};
    }
}

Result<> TextIndexWorker::merge(const OwnerId &owner)
{
    for (;;) {
        if (auto ok = mayGoOn(); !ok)
            return ok;
        const auto isStopping = [this] { return m_stopping.load(); };
        const auto plan = m_database
                              .runInTransaction(
                                  Access::Write,
                                  "plan_merge",
                                  Scope::owner(owner),
                                  [owner](Session &session) { return planMerge(session, owner); },
                                  isStopping)
                              .result();
        if (!plan)
            return plan.error();
        if (plan->segments.isEmpty())
            return {};
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
            return {}; // another program does it
    }
}

} // namespace llmemory::textindex
