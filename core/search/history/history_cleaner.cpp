#include "core/search/history/history_cleaner.h"

#include "core/base/logging.h"
#include "core/search/history/history_repository.h"
#include "core/tenants/owner_repository.h"

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
    : m_database(std::move(database)), m_days(days), m_task(kInterval, [this] {
        if (const auto done = clean(); !done && done.error().kind != ErrorKind::Cancelled)
            logging::warning(QStringLiteral("search history: old searches stay: %1 (%2)")
                                 .arg(done.error().message, done.error().detail));
    })
{
}

Result<qint64> HistoryCleaner::clean()
{
    const auto owners = m_database
                            .runInTransaction(Access::Read,
                                              "owners_with_history",
                                              Scope::registry(),
                                              tenants::listOwners,
                                              [this] { return m_task.isStopping(); })
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
        if (m_task.isStopping())
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
                    [this] { return m_task.isStopping(); })
                .result();
        if (!forgotten)
            return forgotten;
        count += *forgotten;
        if (*forgotten < kBatch)
            return count;
    }
}

} // namespace llmemory::search
