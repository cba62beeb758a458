#include "core/db/statement_log.h"

#include "core/base/json.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <mutex>
#include <set>

namespace llmemory::db {

namespace {

class StatementLog
{
public:
    StatementLog()
    {
        const QString directory = qEnvironmentVariable("LLMEMORY_STATEMENT_LOG");
        if (directory.isEmpty() || !QDir().mkpath(directory))
            return;
        const qint64 process = QCoreApplication::applicationPid();
        m_file.setFileName(
            QDir(directory).filePath(QString::number(process) + QLatin1String(".jsonl")));
        m_active = m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered);
    }

    void add(const Statement &statement)
    {
        if (!m_active)
            return;
        const std::lock_guard lock(m_mutex);
        if (m_seen.insert(statement.sql()).second)
            m_file.write(toUtf8(Json{{"name", statement.name()}, {"sql", statement.sql()}}) + '\n');
    }

private:
    std::mutex m_mutex;
    std::set<const void *> m_seen; // guarded by m_mutex; the texts are literals
    QFile m_file;                  // guarded by m_mutex
    bool m_active = false;
};

} // namespace

void logStatement(const Statement &statement)
{
    static StatementLog log;
    log.add(statement);
}

} // namespace llmemory::db
