#include "core/search/history/history_cleaner.h"

#include "core/base/logging.h"
#include "core/search/history/history_repository.h"
#include "core/tenants/owner_repository.h"

#include <QDeadlineTimer>

#include <chrono>

namespace llmemory::search {

using db::Access;
using db::Scope;
using db::Session;

namespace {

constexpr std::chrono::hours kInterval{24};
/// Searches of a transaction, each with up to 20 results.
constexpr int kBatch = 500;

} // namespace

HistoryCleaner::HistoryCleaner(db::DatabaseManager database, int days)
    : m_database(std::move(database)), m_days(days)
{
}

HistoryCleaner::~HistoryCleaner()
{
    stop();
}

void HistoryCleaner::start()
{
    if (m_thread.joinable())
        return;
    m_stopping = false;
    m_thread = std::thread([this] { run(); });
}

void HistoryCleaner::stop()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void HistoryCleaner::run()
{
    while (!m_stopping) {
        if (const auto done = clean(); !done && done.error().kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("search history: old searches stay: %1 (%2)")
                                 .arg(done.error().message, done.error().detail));
        const QDeadlineTimer deadline(kInterval);
        QMutexLocker lock(&m_mutex);
        while (!m_stopping && !deadline.hasExpired())
            m_changed.wait(&m_mutex, deadline);
    }
}

Result<qint64> HistoryCleaner::clean()
{
    const auto owners = m_database
                            .runInTransaction(Access::Read,
                                              "owners_with_history",
                                              Scope::registry(),
                                              tenants::listOwners,
                                              [this] { return m_stopping.load(); })
                            .result();
    if (!owners)
        return owners.error();
    qint64 count = 0;
    for (const Owner &owner : *owners) {
        const auto forgotten = cleanOwner(owner.id);
        if (!forgotten)
            return forgotten;
        count += *forgotten;
    }
    return count;
}

Result<qint64> HistoryCleaner::cleanOwner(const OwnerId &owner)
{
    const QDateTime before = QDateTime::currentDateTimeUtc().addDays(-m_days);
    for (qint64 count = 0;;) {
        if (m_stopping)
            return Error::cancelled();
        const auto forgotten =
            m_database
                .runInTransaction(
                    Access::Write,
                    "forget_searches",
                    Scope::owner(owner),
                    [owner, before](Session &session) {
                        return deleteSearchesBefore(session, owner, before, kBatch);
                    },
                    [this] { return m_stopping.load(); })
                .result();
        if (!forgotten)
            return forgotten;
        count += *forgotten;
        if (*forgotten < kBatch)
            return count;
    }
}

} // namespace llmemory::search
