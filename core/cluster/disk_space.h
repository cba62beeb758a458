#pragma once

#include "core/base/result.h"

#include <QString>

/// Room on the disk that the server writes to. Any thread.
namespace llmemory::cluster::disk {

inline constexpr qint64 kReadOnlyBelow = qint64(256) * 1024 * 1024;
inline constexpr qint64 kWritableFrom = qint64(1024) * 1024 * 1024;
/// The ballast is given up when the disk is full: PostgreSQL needs room to recover.
inline constexpr qint64 kBallastBytes = qint64(64) * 1024 * 1024;

/// Bytes that an ordinary user may still use; the largest number when it cannot be told.
qint64 freeBytes(const QString &path);
/// Sets the ballast aside, unless it is there already or less than kWritableFrom is free.
Result<> makeBallast(const QString &path);

} // namespace llmemory::cluster::disk
