#pragma once

#include "core/base/ids.h"

#include <QCache>
#include <QDeadlineTimer>
#include <QMutex>

#include <chrono>
#include <optional>

namespace llmemory::search {

/// What the vector leg of an owner has to do.
struct OwnerSize
{
    qint64 passages = 0;
    int efSearch = 0; ///< that the index was measured to need; 0 = not measured, or no index
};

/// Sizes of owners that were searched in the last seconds: one who searches goes on searching, and
/// asking the database each time takes as long as everything else around a search of the index.
/// What it says may be outdated; a search must be right with any size, and only be slower. Any
/// thread.
class OwnerSizeCache final
{
public:
    /// @param lifetime  of an entry.
    explicit OwnerSizeCache(std::chrono::milliseconds lifetime = std::chrono::seconds(5));
    Q_DISABLE_COPY_MOVE(OwnerSizeCache)

    /// Nothing where the owner's size is to be asked for.
    std::optional<OwnerSize> find(const OwnerId &owner) const;
    void insert(const OwnerId &owner, const OwnerSize &size);

private:
    struct Entry
    {
        OwnerSize size;
        QDeadlineTimer expiry;
    };

    const std::chrono::milliseconds m_lifetime;
    mutable QMutex m_mutex;
    QCache<OwnerId, Entry> m_entries; ///< drops what was not looked for longest
};

} // namespace llmemory::search
