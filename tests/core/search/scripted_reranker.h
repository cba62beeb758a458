#pragma once

#include "core/search/reranker.h"

#include <QMutex>
#include <QThread>

#include <atomic>
#include <chrono>
#include <functional>

namespace llmemory::testing {

/// A program's own reranker that does as it is told and remembers what it saw. Any thread.
class ScriptedReranker final : public search::Reranker
{
public:
    /// From the number of passages.
    using Answer = std::function<Result<std::vector<double>>(qsizetype)>;

    /// 0, 1, 2 …: turns the order round.
    static Result<std::vector<double>> numbered(qsizetype passages)
    {
        std::vector<double> scores;
        for (qsizetype i = 0; i < passages; ++i)
            scores.push_back(double(i));
        return scores;
    }

    explicit ScriptedReranker(Answer answer = numbered, std::chrono::milliseconds pause = {})
        : m_answer(std::move(answer)), m_pause(pause)
    {
    }

    QString id() const override { return QStringLiteral("scripted"); }
    Result<std::vector<double>> score(const QString &,
                                      const QList<QString> &passages) const override
    {
        ++m_running;
        {
            const QMutexLocker lock(&m_mutex);
            m_lastPassages = passages;
        }
        QThread::msleep(static_cast<unsigned long>(m_pause.count()));
        --m_running;
        return m_answer(passages.size());
    }

    QList<QString> lastPassages() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_lastPassages;
    }
    int running() const { return m_running; }

private:
    Answer m_answer;
    std::chrono::milliseconds m_pause;
    mutable QMutex m_mutex;
    mutable QList<QString> m_lastPassages; // guarded by m_mutex
    mutable std::atomic_int m_running = 0;
};

} // namespace llmemory::testing
