#include "core/embed/embedding_worker.h"

#include "core/base/logging.h"
#include "core/embed/model_activation.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace llmemory::embed {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Texts that a model gets at a time.
constexpr int kMostTexts = 64;
constexpr int kMostIntervalS = 3600;
constexpr int kRenewMs = 30'000;
/// "One retry, then dead."
constexpr int kBadAnswerAttempts = 2;
/// Leases in a row that somebody else emptied first.
constexpr int kMostLost = 10;

Result<> checkRange(const char *field, qint64 value, qint64 most)
{
    if (value >= 1 && value <= most)
        return {};
    return Error::validation(
        QLatin1String(field),
        QCoreApplication::translate("llmemory::embed", "%1 must be 1 to %2; it is %3.")
            .arg(QLatin1String(field))
            .arg(most)
            .arg(value));
}

/// The jobs of a lease whose texts met this fate, with the last one's reason.
struct Share
{
    EmbeddingLease lease;
    std::vector<Vector> vectors;
    QString reason;
};

Share shareOf(const EmbeddingLease &lease, BatchOutcome &outcome, TextFate fate)
{
    Share share{{lease.token, lease.owner, {}}, {}, {}};
    for (qsizetype i = 0; i < lease.jobs.size(); ++i) {
        BatchOutcome::Text &text = outcome.texts[i];
        if (text.fate != fate)
            continue;
        share.lease.jobs.append(lease.jobs.at(i));
        share.reason = text.reason;
        if (fate == TextFate::Embedded)
            share.vectors.push_back(std::move(text.vector));
    }
    return share;
}

Result<> failShare(db::Session &session, const Share &share, int mostAttempts)
{
    if (share.lease.jobs.isEmpty())
        return {};
    return failJobs(session, share.lease, share.reason, mostAttempts);
}

} // namespace

EmbeddingWorker::EmbeddingWorker(db::DatabaseManager database,
                                 std::shared_ptr<const Embedder> embedder,
                                 Callbacks callbacks,
                                 PassageText text)
    : m_database(std::move(database))
    , m_embedder(std::move(embedder))
    , m_callbacks(std::move(callbacks))
    , m_text(text)
{
}

EmbeddingWorker::~EmbeddingWorker()
{
    stop();
}

void EmbeddingWorker::start()
{
    (void)start(kInterval, kBatchSize); // its values are in range
}

Result<> EmbeddingWorker::start(seconds interval, int batchSize)
{
    if (auto ok = checkRange("interval_seconds", interval.count(), kMostIntervalS); !ok)
        return ok;
    if (auto ok = checkRange("batch_size", batchSize, PendingEmbeddings::kMostBatchSize); !ok)
        return ok;
    stop();
    const QMutexLocker control(&m_control);
    if (m_thread.joinable())
        return {}; // somebody else started it meanwhile
    m_stopping = false;
    m_running = true;
    m_thread = std::thread([=, this] { run(interval, batchSize); });
    return {};
}

void EmbeddingWorker::stop()
{
    const QMutexLocker control(&m_control);
    m_stopping = true;
    wake();
    if (m_thread.joinable())
        m_thread.join();
    m_running = false;
}

void EmbeddingWorker::wake()
{
    const QMutexLocker lock(&m_mutex);
    m_woken = true;
    m_changed.wakeAll();
}

void EmbeddingWorker::run(seconds interval, int batchSize)
{
    while (!m_stopping) {
        const milliseconds pause = step(interval, batchSize);
        const bool mayBeWoken = pause <= interval; // a model's own pause is not cut short
        QDeadlineTimer deadline(pause);
        QMutexLocker lock(&m_mutex);
        while (!m_stopping && !deadline.hasExpired() && !(mayBeWoken && m_woken))
            m_changed.wait(&m_mutex, deadline);
        m_woken = false;
    }
}

/// One batch. @return how long to wait before the next.
milliseconds EmbeddingWorker::step(seconds interval, int batchSize)
{
    const CancelTest isCancelled = [this] { return m_stopping.load(); };
    const auto report = [](const Error &error) {
        if (error.kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("embedding: %1 (%2)").arg(error.message, error.detail));
    };
    if (m_callbacks.mayStore) {
        if (auto room = m_callbacks.mayStore(); !room) {
            report(room.error());
            return interval;
        }
    }
    if (auto ok = activate(isCancelled); !ok) {
        report(ok.error());
        return interval;
    }
    auto round = processLease(claimRequest({}, batchSize), isCancelled);
    if (!round) {
        report(round.error());
        return interval;
    }
    if (!round->error)
        return round->claimed > 0 ? milliseconds(0) : milliseconds(interval);
    report(*round->error);
    return std::max(milliseconds(interval), milliseconds(seconds(round->error->retryAfterS)));
}

Result<> EmbeddingWorker::activate(const CancelTest &isCancelled)
{
    if (m_active)
        return {};
    auto queued = activateModel(m_database, m_embedder->modelId(), isCancelled);
    if (!queued)
        return queued.error();
    m_active = true;
    return {};
}

ClaimRequest EmbeddingWorker::claimRequest(const OwnerId &owner, int most) const
{
    ClaimRequest request;
    request.model = m_embedder->modelId();
    request.owner = owner;
    request.most = std::min(most, kMostTexts);
    request.text = m_text;
    return request;
}

Result<qint64> EmbeddingWorker::process(const PendingEmbeddings &request,
                                        const CancelTest &isCancelled)
{
    if (auto ok = checkRange("batch_size", request.batchSize, PendingEmbeddings::kMostBatchSize);
        !ok)
        return ok.error();
    if (auto ok = checkRange("max_batches", request.maxBatches, PendingEmbeddings::kMostBatches);
        !ok)
        return ok.error();
    if (auto ok = activate(isCancelled); !ok)
        return ok.error();
    qint64 left = qint64(request.batchSize) * request.maxBatches;
    qint64 total = 0;
    int lost = 0;
    std::optional<Error> failure;
    while (left > 0 && lost < kMostLost) {
        const int most = int(std::min<qint64>(left, request.batchSize));
        auto round = processLease(claimRequest(request.owner, most), isCancelled);
        if (!round)
            return round.error();
        total += round->stored;
        left -= round->claimed;
        if (round->error && !failure)
            failure = round->error;
        if (round->error && round->stored == 0)
            break;
        if (round->claimed > 0)
            lost = 0;
        else if (round->owner.isEmpty() || !request.owner.isEmpty())
            break;
        else
            ++lost;
    }
    return failure && total == 0 ? Result<qint64>(*failure) : Result<qint64>(total);
}

Result<qint64> EmbeddingWorker::process(const OwnerId &owner,
                                        const std::optional<DocumentId> &document,
                                        const CancelTest &isCancelled)
{
    ClaimRequest request = claimRequest(owner, kMostTexts);
    request.document = document;
    qint64 total = 0;
    std::optional<Error> failure;
    for (;;) {
        auto round = processLease(request, isCancelled);
        if (!round)
            return round.error();
        total += round->stored;
        if (round->error && !failure)
            failure = round->error;
        if (round->claimed == 0 || (round->error && round->stored == 0))
            break;
    }
    return failure ? Result<qint64>(*failure) : Result<qint64>(total);
}

Result<EmbeddingWorker::Round> EmbeddingWorker::processLease(const ClaimRequest &request,
                                                             const CancelTest &isCancelled)
{
    if (isCancelled())
        return Error::cancelled();
    auto lease = m_database
                     .run(db::Access::Write,
                          [&request](db::Session &session) { return claimJobs(session, request); })
                     .result();
    if (!lease)
        return lease.error();
    Round round{lease->owner, lease->jobs.size()};
    if (round.claimed == 0)
        return round;
    BatchOutcome outcome = embed(*lease, isCancelled);
    round.error = outcome.error;
    auto stored = settle(*lease, std::move(outcome));
    if (!stored)
        return stored.error();
    round.stored = *stored;
    if (round.stored > 0 && m_callbacks.stored)
        m_callbacks.stored(lease->owner);
    if (round.error && round.error->kind == ErrorKind::Cancelled)
        return *round.error;
    if (round.error && m_callbacks.failed)
        m_callbacks.failed(lease->owner, *round.error);
    return round;
}

BatchOutcome EmbeddingWorker::embed(const EmbeddingLease &lease, const CancelTest &isCancelled)
{
    QList<QString> texts;
    for (const EmbeddingJob &job : lease.jobs)
        texts << job.content;
    QElapsedTimer sinceRenewal;
    sinceRenewal.start();
    // A slow service is asked for this often enough that no lease runs out.
    const CancelTest renewing = [&] {
        if (sinceRenewal.elapsed() >= kRenewMs) {
            sinceRenewal.start();
            auto renewed =
                m_database
                    .run(db::Access::Write,
                         [&lease](db::Session &session) { return renewJobs(session, lease); })
                    .result();
            if (!renewed)
                logging::warning(QStringLiteral("embedding: %1").arg(renewed.error().message));
        }
        return isCancelled();
    };
    return embedBatch(*m_embedder, texts, renewing);
}

/// Writes down what became of each job. @return vectors stored.
Result<qint64> EmbeddingWorker::settle(const EmbeddingLease &lease, BatchOutcome outcome)
{
    const Share embedded = shareOf(lease, outcome, TextFate::Embedded);
    const Share refused = shareOf(lease, outcome, TextFate::Refused);
    const Share useless = shareOf(lease, outcome, TextFate::BadAnswer);
    const Share unavailable = shareOf(lease, outcome, TextFate::Unavailable);
    const Share untried = shareOf(lease, outcome, TextFate::NotTried);
    return m_database
        .run(db::Access::Write,
             [&](db::Session &session) -> Result<qint64> {
                 if (auto ok = failShare(session, refused, 1); !ok)
                     return ok.error();
                 if (auto ok = failShare(session, useless, kBadAnswerAttempts); !ok)
                     return ok.error();
                 if (auto ok = failShare(session, unavailable, kMostAttempts); !ok)
                     return ok.error();
                 if (!untried.lease.jobs.isEmpty()) {
                     if (auto ok = returnJobs(session, untried.lease); !ok)
                         return ok.error();
                 }
                 return embedded.vectors.empty()
                            ? Result<qint64>(qint64(0))
                            : finishJobs(session, embedded.lease, embedded.vectors);
             })
        .result();
}

} // namespace llmemory::embed
