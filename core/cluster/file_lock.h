#pragma once

#include "core/base/result.h"
#include "core/cluster/unique_fd.h"

#include <QString>

namespace llmemory::cluster {

/// An advisory lock on a file (flock), released by the kernel when the last holder of the
/// descriptor ends, `kill -9` included. The descriptor is close-on-exec, so children do not keep
/// the lock. One thread at a time.
class FileLock
{
public:
    enum class Mode { Shared, Exclusive };

    /// Opens @p path, created with mode 0600 when absent; no lock is held yet.
    /// Error: Permission, Unavailable.
    static Result<FileLock> open(const QString &path);

    /// Takes the lock, or changes its mode, without waiting. False when another process holds it.
    bool tryLock(Mode mode);
    void unlock();
    /// Notes in the file's modification time that it was used just now.
    void touch();
    /// Nanoseconds since 1970 of the last touch() by any process.
    qint64 lastTouched() const;
    /// Whether another process holds the lock exclusively. Takes it shared for a moment.
    bool isHeldElsewhere();

private:
    explicit FileLock(UniqueFd fd) : m_fd(std::move(fd)) {}

    UniqueFd m_fd;
};

} // namespace llmemory::cluster
