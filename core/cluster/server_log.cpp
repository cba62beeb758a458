#include "core/cluster/server_log.h"

#include "core/cluster/files.h"

#include <QCoreApplication>

#include <array>

namespace llmemory::cluster {

namespace {

constexpr qsizetype kLineBytes = 8 * 1024;

/// The text after `<severity>:  `; empty when the line has another severity.
QString textAfter(const QString &line, const char *severity)
{
    const QString mark = QStringLiteral("%1:  ").arg(QLatin1String(severity));
    const qsizetype at = line.indexOf(mark);
    return at < 0 ? QString() : line.mid(at + mark.size());
}

} // namespace

ServerLog::ServerLog(const QString &directory)
    : m_directory(directory), m_file(directory + QStringLiteral("/server.log"))
{
}

Result<std::unique_ptr<ServerLog>> ServerLog::open(const QString &directory)
{
    if (const auto made = files::makeDirectory(directory, 0700); !made)
        return made.error();
    std::unique_ptr<ServerLog> log(new ServerLog(directory));
    if (const auto opened = log->openFile(); !opened)
        return opened.error();
    return log;
}

Result<> ServerLog::openFile()
{
    if (m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        return {};
    return Error{ErrorKind::Unavailable,
                 QCoreApplication::translate("llmemory::cluster", "Cannot write %1: %2.")
                     .arg(m_file.fileName(), m_file.errorString())};
}

void ServerLog::beginRun()
{
    m_partOfLine.clear();
    m_lastLine.clear();
    m_fatal.clear();
    m_panic.clear();
    m_diskWasFull = false;
    m_recovery.invalidate();
}

void ServerLog::write(const QByteArray &output)
{
    if (output.isEmpty())
        return;
    if (m_file.size() + output.size() > kFileBytes) {
        const QString older = m_file.fileName() + QStringLiteral(".1");
        m_file.close();
        QFile::remove(older);
        QFile::rename(m_file.fileName(), older);
    }
    // Without a log (full disk) the server goes on, and its lines are still noticed.
    if (m_file.isOpen() || openFile())
        m_file.write(output);
    m_partOfLine += output;
    qsizetype end = 0;
    while ((end = m_partOfLine.indexOf('\n')) >= 0) {
        notice(QString::fromUtf8(m_partOfLine.left(end)));
        m_partOfLine.remove(0, end + 1);
    }
    if (m_partOfLine.size() > kLineBytes)
        m_partOfLine.clear();
}

void ServerLog::notice(const QString &line)
{
    if (line.trimmed().isEmpty())
        return;
    m_lastLine = line.trimmed();
    // "the database system is starting up" and the like answer a client; they are not why a start
    // failed.
    const QString fatal = textAfter(line, "FATAL");
    if (!fatal.isEmpty() && !fatal.startsWith(QLatin1String("the database system is ")))
        m_fatal = fatal;
    if (const QString panic = textAfter(line, "PANIC"); !panic.isEmpty()) {
        m_panic = panic;
        m_fatal = panic;
        m_diskWasFull = m_diskWasFull || panic.contains(QLatin1String("No space left on device"));
    }
    constexpr std::array signs{"automatic recovery in progress",
                               "redo in progress",
                               "redo starts at",
                               "redo done at",
                               "syncing data directory",
                               "resetting unlogged relations",
                               "checkpoint starting: end-of-recovery"};
    for (const char *sign : signs) {
        if (line.contains(QLatin1String(sign)))
            m_recovery.start();
    }
}

QString ServerLog::lastWords() const
{
    return m_fatal.isEmpty() ? m_lastLine : m_fatal;
}

qint64 ServerLog::sinceRecoveryMs() const
{
    return m_recovery.isValid() ? m_recovery.elapsed() : -1;
}

} // namespace llmemory::cluster
