#pragma once

#include "core/extract/extraction.h"
#include "core/extract/file_descriptor.h"

#include <QByteArray>
#include <QString>

namespace llmemory::extract {

/// A file opened for reading, whatever its path may point to.
struct InputFile
{
    FileDescriptor descriptor;
    qint64 size = 0;
    QByteArray firstBytes;         ///< at most kSniffedBytes
    Outcome outcome = Outcome::Ok; ///< Ok, Unreadable or TooLarge
    QString reason;                ///< sentence for people when Unreadable

    /// Opens a regular file without following a link in the last component and without ever
    /// blocking on a device or a pipe. Any thread.
    static InputFile open(const QString &path, qint64 mostBytes);
};

} // namespace llmemory::extract
