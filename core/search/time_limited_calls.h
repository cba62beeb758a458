#pragma once

#include "core/base/result.h"

#include <QString>
#include <QThreadPool>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>

namespace llmemory::search {

/// Calls code of others that may take long or throw, without depending on it. Any thread, many at
/// once.
class TimeLimitedCalls final
{
public:
    /// @param timeLimit  for one answer, waiting for a thread included.
    explicit TimeLimitedCalls(std::chrono::milliseconds timeLimit) : m_timeLimit(timeLimit)
    {
        m_threads.setMaxThreadCount(kMostAtOnce);
    }
    /// Waits for calls that are still at work although nobody waits for their answers.
    ~TimeLimitedCalls() { m_threads.waitForDone(); }
    Q_DISABLE_COPY_MOVE(TimeLimitedCalls)

    /// What @p call answers, on a thread of this object. Blocks, at most for the time limit.
    /// Error: Cancelled; Unavailable with @p late as message when the time is up; Internal when it
    /// throws.
    template <typename T>
    Result<T> run(std::function<Result<T>()> call,
                  const std::function<bool()> &isCancelled,
                  const QString &late)
    {
        const auto attempt = std::make_shared<Attempt<T>>();
        auto answer = attempt->answer.get_future();
        m_threads.start([attempt, call = std::move(call)] {
            if (!attempt->abandoned)
                attempt->answer.set_value(guarded(call));
        });
        const auto deadline = std::chrono::steady_clock::now() + m_timeLimit;
        for (;;) {
            const auto next = std::min(deadline, std::chrono::steady_clock::now() + kCancelPoll);
            if (answer.wait_until(next) == std::future_status::ready)
                return answer.get();
            if (isCancelled() || next == deadline) {
                attempt->abandoned = true;
                return isCancelled() ? Error::cancelled()
                                     : Error{.kind = ErrorKind::Unavailable, .message = late};
            }
        }
    }

private:
    static constexpr int kMostAtOnce = 8;
    static constexpr std::chrono::milliseconds kCancelPoll{20};

    /// Shared by who waits and who works, as either may outlive the other.
    template <typename T>
    struct Attempt
    {
        std::promise<Result<T>> answer;
        std::atomic_bool abandoned = false;
    };

    template <typename T>
    static Result<T> guarded(const std::function<Result<T>()> &call)
    {
        try {
            return call();
        } catch (const std::exception &e) {
            return Error::internal(QString::fromUtf8(e.what()));
        }
    }

    const std::chrono::milliseconds m_timeLimit;
    QThreadPool m_threads;
};

} // namespace llmemory::search
