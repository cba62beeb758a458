#include "core/embed/embedding_worker.h"

#include "core/base/logging.h"

#include <cmath>

namespace llmemory::embed {

namespace {

/// How often the queue is looked at without being woken: expired leases return within this time.
constexpr int kPollMs = 5000;
/// Texts per batch: of at most 64 texts a lease of 120 s is never outlived by a local model.
constexpr int kBatch = 64;

/// The vectors must fit the table and be comparable.
Result<> check(const std::vector<Vector> &vectors, qsizetype expected, int dimension)
{
    const auto wrong = [](const QString &what) {
        return Error{.kind = ErrorKind::Embedding,
                     .message = QStringLiteral("The embedding model answered with %1.").arg(what)};
    };
    if (qsizetype(vectors.size()) != expected)
        return wrong(QStringLiteral("%1 vectors for %2 texts").arg(vectors.size()).arg(expected));
    for (const Vector &vector : vectors) {
        if (int(vector.size()) != dimension)
            return wrong(
                QStringLiteral("%1 dimensions instead of %2").arg(vector.size()).arg(dimension));
        double sum = 0;
        for (const float value : vector)
            sum += double(value) * double(value);
        if (!std::isfinite(sum) || sum <= 0)
            return wrong(QStringLiteral("a vector that is not finite or is zero"));
    }
    return {};
}

} // namespace

EmbeddingWorker::EmbeddingWorker(db::DatabaseManager database,
                                 std::shared_ptr<const Embedder> embedder,
                                 Callbacks callbacks)
    : m_database(std::move(database))
    , m_embedder(std::move(embedder))
    , m_callbacks(std::move(callbacks))
{
}

EmbeddingWorker::~EmbeddingWorker()
{
    stop();
}

void EmbeddingWorker::start()
{
    m_thread = std::thread([this] { loop(); });
}

void EmbeddingWorker::stop()
{
    m_stopping = true;
    wake();
    if (m_thread.joinable())
        m_thread.join();
}

void EmbeddingWorker::wake()
{
    const QMutexLocker lock(&m_mutex);
    m_woken = true;
    m_changed.wakeAll();
}

void EmbeddingWorker::loop()
{
    const auto isCancelled = [this] { return m_stopping.load(); };
    while (!m_stopping) {
        ClaimRequest request;
        request.model = m_embedder->modelId();
        request.most = kBatch;
        const Result<> room = m_callbacks.mayStore ? m_callbacks.mayStore() : Result<>();
        auto stored = room ? processBatch(request, isCancelled) : Result<qint64>(qint64(0));
        if (!stored && stored.error().kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("embedding: %1 (%2)")
                                 .arg(stored.error().message, stored.error().detail));
        if (stored && *stored > 0)
            continue;
        QMutexLocker lock(&m_mutex);
        if (!m_woken && !m_stopping)
            m_changed.wait(&m_mutex, kPollMs);
        m_woken = false;
    }
}

Result<qint64> EmbeddingWorker::process(const OwnerId &owner,
                                        const std::optional<DocumentId> &document,
                                        const std::function<bool()> &isCancelled)
{
    qint64 total = 0;
    ClaimRequest request{m_embedder->modelId(), owner, document, kBatch};
    for (;;) {
        auto stored = processBatch(request, isCancelled);
        if (!stored)
            return stored;
        if (*stored == 0)
            return total;
        total += *stored;
    }
}

Result<qint64> EmbeddingWorker::processBatch(const ClaimRequest &request,
                                             const std::function<bool()> &isCancelled)
{
    if (isCancelled())
        return Error::cancelled();
    auto lease = m_database
                     .run(db::Access::Write,
                          [request](db::Session &session) { return claimJobs(session, request); })
                     .result();
    if (!lease)
        return lease.error();
    if (lease->jobs.isEmpty())
        return qint64(0);
    if (isCancelled()) {
        auto returned =
            m_database
                .run(db::Access::Write,
                     [lease = *lease](db::Session &session) { return returnJobs(session, lease); })
                .result();
        return returned ? Error::cancelled() : returned.error();
    }
    QList<QString> texts;
    for (const EmbeddingJob &job : lease->jobs)
        texts << job.content;
    auto vectors = m_embedder->embedDocuments(texts);
    Result<> fit = vectors ? check(*vectors, texts.size(), m_embedder->dimension())
                           : Result<>(vectors.error());
    if (!fit) {
        auto failed =
            m_database
                .run(db::Access::Write,
                     [lease = *lease, reason = fit.error().message](db::Session &session) {
                         return failJobs(session, lease, reason);
                     })
                .result();
        return failed ? fit.error() : failed.error();
    }
    auto stored = m_database
                      .run(db::Access::Write,
                           [lease = *lease, vectors = std::move(*vectors)](db::Session &session) {
                               return finishJobs(session, lease, vectors);
                           })
                      .result();
    if (stored && *stored > 0 && m_callbacks.stored)
        m_callbacks.stored(lease->owner);
    return stored;
}

} // namespace llmemory::embed
