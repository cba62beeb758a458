#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <sys/types.h>

/// Small file operations with exact modes, owners and durability. Any thread.
/// Errors: Permission (EACCES, EPERM, EROFS), otherwise Unavailable; the message names the path.
namespace llmemory::cluster::files {

/// The calling user's file: no change of owner.
inline constexpr uid_t kSameUser = static_cast<uid_t>(-1);
inline constexpr gid_t kSameGroup = static_cast<gid_t>(-1);

/// An Error for a failed system call on @p path. @p action is a translated verb phrase with `%1`
/// for the path ("Cannot write %1").
Error systemError(const QString &action, const QString &path, int errorNumber);

/// Makes one directory with exactly @p mode, whatever the umask; an existing one is left as it is.
Result<> makeDirectory(const QString &path,
                       mode_t mode,
                       uid_t uid = kSameUser,
                       gid_t gid = kSameGroup);
/// The whole file. Error: NotFound when there is none; Validation when it is over @p mostBytes.
Result<QByteArray> readSmall(const QString &path, qint64 mostBytes = 64 * 1024);
/// Replaces @p path in one step: readers see the old or the new content, also after a power cut.
Result<> writeAtomically(const QString &path,
                         const QByteArray &content,
                         mode_t mode = 0600,
                         uid_t uid = kSameUser,
                         gid_t gid = kSameGroup);
/// Renames, and makes the new name durable.
Result<> rename(const QString &from, const QString &to);
/// Flushes everything written to the file system of @p path: much quicker than a thousand files one
/// by one.
Result<> syncFileSystem(const QString &path);
/// Removes a file, or a directory with everything in it; symbolic links are not followed. Absent is
/// fine.
Result<> remove(const QString &path);

} // namespace llmemory::cluster::files
