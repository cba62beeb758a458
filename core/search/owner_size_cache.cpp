#include "core/search/owner_size_cache.h"

#include <QMutexLocker>

namespace llmemory::search {

namespace {

constexpr int kMostOwners = 10'000; // about 1 MB

} // namespace

OwnerSizeCache::OwnerSizeCache(std::chrono::milliseconds lifetime)
    : m_lifetime(lifetime), m_entries(kMostOwners)
{
}

std::optional<OwnerSize> OwnerSizeCache::find(const OwnerId &owner) const
{
    const QMutexLocker lock(&m_mutex);
    const Entry *entry = m_entries.object(owner);
    if (!entry || entry->expiry.hasExpired())
        return {};
    return entry->size;
}

void OwnerSizeCache::insert(const OwnerId &owner, const OwnerSize &size)
{
    const QMutexLocker lock(&m_mutex);
    m_entries.insert(owner, new Entry{size, QDeadlineTimer(m_lifetime)});
}

} // namespace llmemory::search
