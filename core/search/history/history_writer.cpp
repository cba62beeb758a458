#include "core/search/history/history_writer.h"

#include "core/base/logging.h"
#include "core/search/history/history_repository.h"

#include <QDeadlineTimer>
#include <QMap>

#include <algorithm>
#include <chrono>

namespace llmemory::search {

using db::Session;

namespace {

constexpr qsizetype kBatch = 100;
/// Old searches that go with a batch: more than come.
constexpr int kOldPerBatch = 200;
constexpr std::chrono::seconds kClosing{5};
constexpr unsigned long kCancelPollMs = 20;

} // namespace

HistoryWriter::HistoryWriter(db::DatabaseManager database, Options options)
    : m_database(std::move(database)), m_options(std::move(options)), m_thread([this] { run(); })
{
}

HistoryWriter::~HistoryWriter()
{
    QMutexLocker lock(&m_mutex);
    m_stopping = true;
    m_changed.wakeAll();
    const QDeadlineTimer deadline(kClosing);
    while (oldest() <= m_added && m_changed.wait(&m_mutex, deadline)) {
    }
    m_givesUp = true;
    lock.unlock();
    m_thread.join();
}

void HistoryWriter::add(SearchRecord record)
{
    const QMutexLocker lock(&m_mutex);
    if (m_queue.size() >= size_t(m_options.mostQueued)) {
        m_queue.pop_front();
        if (!m_toldOfDrops)
            logging::warning(QStringLiteral(
                "search history: the database is too slow; searches are not written down"));
        m_toldOfDrops = true;
    }
    m_queue.push_back(std::move(record));
    ++m_added;
    m_changed.wakeAll();
}

Result<> HistoryWriter::wait(const std::function<bool()> &isCancelled)
{
    QMutexLocker lock(&m_mutex);
    const quint64 last = m_added;
    while (oldest() <= last) {
        if (isCancelled())
            return Error::cancelled();
        m_changed.wait(&m_mutex, kCancelPollMs);
    }
    return {};
}

quint64 HistoryWriter::oldest() const
{
    return m_writing > 0 ? m_writing : m_added + 1 - m_queue.size();
}

void HistoryWriter::run()
{
    QMutexLocker lock(&m_mutex);
    for (;;) {
        while (m_queue.empty() && !m_stopping)
            m_changed.wait(&m_mutex);
        if (m_queue.empty() || m_givesUp)
            return;
        m_writing = oldest();
        QList<SearchRecord> batch;
        while (!m_queue.empty() && batch.size() < kBatch) {
            batch.append(std::move(m_queue.front()));
            m_queue.pop_front();
        }
        lock.unlock();
        write(batch);
        lock.relock();
        m_writing = 0;
        m_changed.wakeAll();
    }
}

void HistoryWriter::write(const QList<SearchRecord> &batch)
{
    QMap<OwnerId, QList<SearchRecord>> owners;
    for (const SearchRecord &record : batch)
        owners[record.owner].append(record);
    for (auto owner = owners.cbegin(); owner != owners.cend(); ++owner)
        report(writeOwner(owner.key(), owner.value()));
}

Result<> HistoryWriter::writeOwner(const OwnerId &owner, const QList<SearchRecord> &searches)
{
    if (m_options.mayStore) {
        if (auto ok = m_options.mayStore(); !ok)
            return ok;
    }
    return m_database
        .runInTransaction(
            db::Access::Write,
            "write_searches",
            db::Scope::owner(owner),
            [owner, searches, days = m_options.days](Session &session) -> Result<> {
                if (auto ok = insertSearches(session, owner, searches); !ok || days <= 0)
                    return ok;
                const QDateTime before = QDateTime::currentDateTimeUtc().addDays(-days);
                const auto old = deleteSearchesBefore(session, owner, before, kOldPerBatch);
                return old ? Result<>() : Result<>(old.error());
            },
            [this] { return m_givesUp.load(); })
        .result();
}

void HistoryWriter::report(const Result<> &outcome)
{
    // Once, not with every search: a server that only reads refuses them all.
    if (!outcome && !m_isFailing)
        logging::warning(QStringLiteral("search history: searches are not written down: %1 (%2)")
                             .arg(outcome.error().message, outcome.error().detail));
    m_isFailing = !outcome;
}

} // namespace llmemory::search
