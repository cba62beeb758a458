#include "core/ingest/ingest_service.h"

#include "core/base/logging.h"
#include "core/base/text.h"
#include "core/ingest/file_scanner.h"
#include "core/tenants/owner_repository.h"

#include <QPromise>
#include <QSysInfo>
#include <QThread>

#include <algorithm>

namespace llmemory::ingest {

namespace {

/// Leases of 20 s are renewed every 5 s; orphans are looked for as often.
constexpr int kLeaseEveryMs = 5000;
/// Pause after the database could not be reached.
constexpr int kUnavailablePauseMs = 1000;
/// How often a full disk is looked at again.
constexpr int kNoRoomPauseMs = 10'000;

/// Paths mean something on one machine only.
QString hostId()
{
    QByteArray id = QSysInfo::machineUniqueId();
    if (id.isEmpty())
        id = QSysInfo::machineHostName().toUtf8();
    return sha256Hex(id).left(16);
}

/// A reader mostly waits for its child, so there are two even where the window needs the other
/// core.
int readerCount()
{
    return std::max(2, QThread::idealThreadCount() - 1);
}

/// Runs blocking @p work on a thread of @p threads.
template <typename T>
QFuture<Result<T>> runOn(QThreadPool &threads,
                         std::function<Result<T>(const std::function<bool()> &)> work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    threads.start([promise, work = std::move(work)] {
        promise->addResult(work([promise] { return promise->isCanceled(); }));
        promise->finish();
    });
    return future;
}

} // namespace

IngestService::IngestService(db::DatabaseManager database,
                             const QString &program,
                             const QString &provider,
                             const Config::Chunking &chunking,
                             Callbacks callbacks)
    : m_database(database)
    , m_pipeline(std::move(database), program, provider, chunking)
    , m_callbacks(std::move(callbacks))
    , m_host(hostId())
{
    m_scanners.setMaxThreadCount(4);
}

IngestService::~IngestService()
{
    stop();
}

void IngestService::start(bool adopt)
{
    for (int i = 0; i < readerCount(); ++i)
        m_threads.emplace_back([this] { readLoop(); });
    m_threads.emplace_back([this, adopt] { leaseLoop(adopt); });
}

void IngestService::stop()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_stopping = true;
        for (const BatchPointer &batch : std::as_const(m_batches))
            batch->stopFlag() = true;
        m_changed.wakeAll();
    }
    m_scanners.waitForDone();
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

// Requests ---------------------------------------------------------------------------------------

QFuture<Result<IngestBatchId>> IngestService::enqueue(const IngestRequest &request)
{
    return runOn<IngestBatchId>(
        m_scanners, [this, request](const std::function<bool()> &isCancelled) {
            return store(request, [this, isCancelled] { return m_stopping || isCancelled(); });
        });
}

QFuture<Result<QList<IngestFile>>> IngestService::plan(const IngestRequest &request)
{
    return runOn<QList<IngestFile>>(m_scanners,
                                    [this, request](const std::function<bool()> &isCancelled) {
                                        return scanFiles(request, {}, [this, isCancelled] {
                                            return m_stopping || isCancelled();
                                        });
                                    });
}

Result<IngestBatchId> IngestService::store(const IngestRequest &request,
                                           const std::function<bool()> &isCancelled)
{
    const LeasedBatch leased{request.owner, IngestBatchId::create(), optionsOf(request)};
    IngestProgress progress;
    progress.owner = request.owner;
    progress.batch = leased.batch;
    progress.scanning = true;
    const auto onFound = [&](qint64 count) {
        progress.total = count;
        m_callbacks.progress(progress);
    };
    auto files = scanFiles(request, onFound, isCancelled);
    if (!files)
        return files.error();
    const auto write = [&](db::Session &session) -> Result<> {
        if (auto ok = tenants::ensureOwner(session, request.owner); !ok)
            return ok;
        return insertBatch(session, leased, m_host, m_lease, *files);
    };
    auto stored = m_database
                      .runInTransaction(
                          db::Access::Write, "store_batch", db::Scope::owner(request.owner), write)
                      .result();
    if (!stored)
        return stored.error();
    for (IngestFile file : std::as_const(*files)) {
        file.batch = leased.batch;
        m_callbacks.fileChanged(file);
    }
    if (auto ok = takeOver(leased, false); !ok)
        return ok.error();
    return leased.batch;
}

QFuture<Result<>> IngestService::cancel(const OwnerId &owner, const IngestBatchId &id)
{
    const BatchPointer batch = find(id);
    if (batch) {
        batch->stopFlag() = true;
        batch->begin(); // not over before its waiting files are counted
    }
    return runOn<void>(
        m_scanners, [this, owner, id, batch](const std::function<bool()> &) -> Result<> {
            const auto work = [&](db::Session &session) -> Result<qint64> {
                auto cancelled = cancelWaiting(session, owner, id);
                if (!cancelled || batch)
                    return cancelled;
                auto finished = finishBatch(session, owner, id);
                return finished ? cancelled : Result<qint64>(finished.error());
            };
            const auto cancelled =
                m_database
                    .runInTransaction(
                        db::Access::Write, "cancel_batch", db::Scope::owner(owner), work)
                    .result();
            if (batch) {
                batch->cancelledWaiting(cancelled.value_or(0));
                batch->returned();
                const QMutexLocker lock(&m_mutex);
                m_changed.wakeAll(); // a reader finds nothing any more and ends the batch
            }
            return cancelled ? Result<>() : Result<>(cancelled.error());
        });
}

QFuture<Result<qint64>> IngestService::retry(const OwnerId &owner, const QList<IngestFileId> &files)
{
    return runOn<qint64>(
        m_scanners, [this, owner, files](const std::function<bool()> &) -> Result<qint64> {
            qint64 count = 0;
            auto batches =
                m_database
                    .runInTransaction(db::Access::Write,
                                      "retry_files",
                                      db::Scope::owner(owner),
                                      [&](db::Session &session) {
                                          return retryFiles(
                                              session, owner, files, m_host, m_lease, &count);
                                      })
                    .result();
            if (!batches)
                return batches.error();
            for (const LeasedBatch &batch : std::as_const(*batches)) {
                if (auto ok = takeOver(batch, false); !ok)
                    return ok.error();
            }
            return count;
        });
}

// Batches ----------------------------------------------------------------------------------------

Result<> IngestService::takeOver(const LeasedBatch &leased, bool resetFirst)
{
    const auto read = [&](db::Session &session) -> Result<IngestProgress> {
        if (resetFirst) {
            if (auto ok = resetRunning(session, leased.owner, leased.batch); !ok)
                return ok.error();
        }
        return batchProgress(session, leased.owner, leased.batch);
    };
    auto progress =
        m_database
            .runInTransaction(db::Access::Write, "take_batch", db::Scope::owner(leased.owner), read)
            .result();
    if (!progress)
        return progress.error();
    insert(std::make_shared<IngestBatch>(leased, *progress));
    return {};
}

void IngestService::insert(const BatchPointer &batch)
{
    {
        const QMutexLocker lock(&m_mutex);
        batch->stopFlag() = m_stopping.load();
        m_batches.append(batch);
        m_changed.wakeAll();
    }
    report(batch, true);
}

IngestService::BatchPointer IngestService::find(const IngestBatchId &id)
{
    const QMutexLocker lock(&m_mutex);
    const auto it = std::find_if(m_batches.begin(),
                                 m_batches.end(),
                                 [&](const BatchPointer &batch) { return batch->id() == id; });
    return it == m_batches.end() ? nullptr : *it;
}

/// Batches take turns, so that a small one is not kept waiting by a large one.
IngestService::BatchPointer IngestService::nextBatch()
{
    QMutexLocker lock(&m_mutex);
    while (!m_stopping) {
        for (qsizetype i = 0; i < m_batches.size(); ++i) {
            const BatchPointer batch = m_batches.at(i);
            if (!batch->mayHaveWork())
                continue;
            m_batches.append(m_batches.takeAt(i));
            batch->begin();
            return batch;
        }
        m_changed.wait(&m_mutex);
    }
    return nullptr;
}

void IngestService::report(const BatchPointer &batch, bool now)
{
    if (const auto progress = batch->report(now))
        m_callbacks.progress(*progress);
}

void IngestService::finishIfIdle(const BatchPointer &batch)
{
    if (!batch->takeFinished())
        return report(batch, false);
    auto finished =
        m_database
            .runInTransaction(db::Access::Write,
                              "finish_batch",
                              db::Scope::owner(batch->owner()),
                              [&](db::Session &session) {
                                  return finishBatch(session, batch->owner(), batch->id());
                              })
            .result();
    if (!finished)
        logging::warning(QStringLiteral("finish batch: %1").arg(finished.error().detail));
    {
        const QMutexLocker lock(&m_mutex);
        m_batches.removeOne(batch);
    }
    report(batch, true);
}

// Threads ----------------------------------------------------------------------------------------

void IngestService::readLoop()
{
    while (const BatchPointer batch = nextBatch()) {
        if (!hasRoom()) {
            batch->returned();
            pause(kNoRoomPauseMs);
        } else if (!readOne(batch)) {
            pause(kUnavailablePauseMs);
        }
    }
}

bool IngestService::hasRoom()
{
    const Result<> room = m_callbacks.mayStore ? m_callbacks.mayStore() : Result<>();
    if (m_paused.exchange(!room) == room.has_value() && m_callbacks.paused)
        m_callbacks.paused(room ? QString() : room.error().message);
    return room.has_value();
}

/// False when the database could not be asked.
bool IngestService::readOne(const BatchPointer &batch)
{
    auto claimed = m_database
                       .runInTransaction(db::Access::Write,
                                         "claim_file",
                                         db::Scope::owner(batch->owner()),
                                         [&](db::Session &session) {
                                             return claimFile(session, batch->owner(), batch->id());
                                         })
                       .result();
    if (!claimed) {
        batch->returned();
        return false;
    }
    if (*claimed) {
        readFile(batch, **claimed);
    } else {
        batch->exhausted();
    }
    finishIfIdle(batch);
    return true;
}

void IngestService::readFile(const BatchPointer &batch, IngestFile file)
{
    m_callbacks.fileChanged(file);
    for (;;) {
        auto processed = m_pipeline.process(file, batch->options(), &batch->stopFlag());
        if (processed) {
            batch->ended(processed->state);
            m_callbacks.fileChanged(*processed);
            if (processed->state == IngestState::Added || processed->state == IngestState::Updated)
                m_callbacks.stored(batch->owner());
            return;
        }
        if (m_stopping)
            return putBack(batch, file);
        if (batch->stopFlag())
            break;
        pause(kUnavailablePauseMs); // the database is away: the file stays ours and is tried again
    }
    file.state = IngestState::Cancelled;
    auto stored =
        m_database
            .runInTransaction(db::Access::Write,
                              "cancel_file",
                              db::Scope::owner(batch->owner()),
                              [&](db::Session &session) { return updateFile(session, file); })
            .result();
    if (!stored)
        logging::warning(QStringLiteral("cancel file: %1").arg(stored.error().detail));
    batch->ended(file.state);
    m_callbacks.fileChanged(file);
}

void IngestService::putBack(const BatchPointer &batch, const IngestFile &file)
{
    auto returned =
        m_database
            .runInTransaction(db::Access::Write,
                              "return_file",
                              db::Scope::owner(batch->owner()),
                              [&](db::Session &session) { return returnFile(session, file); })
            .result();
    if (!returned)
        logging::warning(QStringLiteral("return file: %1").arg(returned.error().detail));
    batch->returned();
}

void IngestService::leaseLoop(bool adopt)
{
    while (!m_stopping) {
        auto adopted =
            m_database
                .runInTransaction(db::Access::Write,
                                  "leases",
                                  db::Scope::queue(),
                                  [&](db::Session &session) -> Result<QList<LeasedBatch>> {
                                      if (auto ok = renewLease(session, m_lease); !ok)
                                          return ok.error();
                                      if (!adopt)
                                          return QList<LeasedBatch>();
                                      return adoptBatches(session, m_host, m_lease);
                                  })
                .result();
        if (adopted) {
            for (const LeasedBatch &batch : std::as_const(*adopted)) {
                // A batch of our own whose lease ran out while the database was away goes on as it
                // is.
                if (find(batch.batch))
                    continue;
                if (auto ok = takeOver(batch, true); !ok)
                    logging::warning(QStringLiteral("adopt batch: %1").arg(ok.error().detail));
            }
        }
        pause(kLeaseEveryMs);
    }
    auto released =
        m_database
            .runInTransaction(db::Access::Write,
                              "release_leases",
                              db::Scope::queue(),
                              [&](db::Session &session) { return releaseLease(session, m_lease); })
            .result();
    if (!released)
        logging::warning(QStringLiteral("release leases: %1").arg(released.error().detail));
}

void IngestService::pause(int milliseconds)
{
    QMutexLocker lock(&m_mutex);
    if (!m_stopping)
        m_changed.wait(&m_mutex, milliseconds);
}

} // namespace llmemory::ingest
