#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QFile>
#include <QString>

#include <memory>

namespace llmemory::cluster {

/// Writes what the server says to a file of bounded size, and notices what the supervisor must act
/// on. The server speaks English (lc_messages C). One thread.
class ServerLog
{
public:
    /// server.log is moved to server.log.1 at this size: 8 MiB in all.
    static constexpr qint64 kFileBytes = 4 * 1024 * 1024;

    /// @p directory is created 0700 when absent. Error: Permission, Unavailable.
    static Result<std::unique_ptr<ServerLog>> open(const QString &directory);

    const QString &directory() const { return m_directory; }
    /// Forgets what was noticed: a new run of the server begins.
    void beginRun();
    /// Takes output in pieces of any size.
    void write(const QByteArray &output);

    /// Last FATAL or PANIC of this run without its prefix, else the last line; for messages.
    QString lastWords() const;
    /// Last PANIC of this run; empty when there was none.
    const QString &panic() const { return m_panic; }
    /// A PANIC of this run was about a full disk.
    bool diskWasFull() const { return m_diskWasFull; }
    /// Milliseconds since a line showed that recovery goes on; -1 when none did in this run.
    qint64 sinceRecoveryMs() const;

private:
    explicit ServerLog(const QString &directory);
    Result<> openFile();
    void notice(const QString &line);

    QString m_directory;
    QFile m_file;
    QByteArray m_partOfLine;
    QString m_lastLine;
    QString m_fatal;
    QString m_panic;
    bool m_diskWasFull = false;
    QElapsedTimer m_recovery;
};

} // namespace llmemory::cluster
