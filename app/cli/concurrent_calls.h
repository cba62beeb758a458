#pragma once

#include "app/cli/command_context.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace llmemory::app {

/// Many asynchronous calls of one kind, a few of them at a time, waited for in an event loop. Main
/// thread.
template <typename T>
class ConcurrentCalls
{
public:
    /// Begins call number @p index.
    using Start = std::function<QFuture<Result<T>>(qsizetype index)>;
    /// A call has ended; an error stops everything.
    using Ended = std::function<Result<>(qsizetype index, const Result<T> &answer)>;

    ConcurrentCalls(CommandContext &context, Start start, Ended ended)
        : m_context(context), m_start(std::move(start)), m_ended(std::move(ended))
    {
    }
    Q_DISABLE_COPY_MOVE(ConcurrentCalls)

    /// Makes @p count calls, at most @p atOnce (> 0) at a time; returns when all have ended. On a
    /// signal or an error the running ones are cancelled and no other begins.
    /// Error: the first one of Ended; Cancelled on a signal.
    Result<> run(qsizetype count, int atOnce)
    {
        m_count = count;
        if (m_context.interrupts().isInterrupted())
            return Error::cancelled();
        if (count == 0)
            return {};
        const auto stopOnSignal =
            QObject::connect(&m_context.interrupts(), &Interrupts::interrupted, &m_loop, [this] {
                stop(Error::cancelled());
            });
        m_lanes = std::vector<Lane>(size_t(std::min<qsizetype>(atOnce, count)));
        for (Lane &lane : m_lanes) {
            lane.watcher = std::make_unique<QFutureWatcher<Result<T>>>();
            QObject::connect(lane.watcher.get(),
                             &QFutureWatcherBase::finished,
                             &m_loop,
                             [this, &lane] { finish(lane); });
            begin(lane);
        }
        m_loop.exec();
        QObject::disconnect(stopOnSignal);
        m_lanes.clear();
        return m_error ? Result<>(*m_error) : Result<>();
    }

private:
    /// How long cancelled calls may take to notice it.
    static constexpr std::chrono::seconds kCancelGrace{10};

    struct Lane
    {
        std::unique_ptr<QFutureWatcher<Result<T>>> watcher;
        qsizetype index = 0;
    };

    void begin(Lane &lane)
    {
        if (m_error || m_next == m_count) {
            if (m_running == 0)
                m_loop.quit();
            return;
        }
        lane.index = m_next++;
        ++m_running;
        lane.watcher->setFuture(m_start(lane.index));
    }

    void finish(Lane &lane)
    {
        --m_running;
        const QFuture<Result<T>> future = lane.watcher->future();
        if (!m_error) {
            const auto ended =
                m_ended(lane.index,
                        future.resultCount() > 0 ? future.result() : Result<T>(Error::cancelled()));
            if (!ended)
                stop(ended.error());
        }
        begin(lane);
    }

    void stop(const Error &error)
    {
        if (!m_error)
            m_error = error;
        for (Lane &lane : m_lanes)
            lane.watcher->cancel();
        QTimer::singleShot(kCancelGrace, &m_loop, &QEventLoop::quit);
    }

    CommandContext &m_context;
    const Start m_start;
    const Ended m_ended;
    QEventLoop m_loop;
    std::vector<Lane> m_lanes;
    std::optional<Error> m_error;
    qsizetype m_count = 0;
    qsizetype m_next = 0;
    qsizetype m_running = 0;
};

} // namespace llmemory::app
