#pragma once

#include "core/base/result.h"

#include <QMutex>
#include <QString>

#include <chrono>

namespace llmemory::embed {

/// Keeps calls away from a service that asked for a pause, refuses the key or does not answer: a
/// circuit breaker. It closes for as long as the service asks, and after kFailuresToClose failures
/// in a row for 30 s, doubling to 10 min. After a pause one call is let through as a probe.
/// Any thread.
class ProviderGate final
{
public:
    using Clock = std::chrono::steady_clock;

    static constexpr int kFailuresToClose = 5;
    static constexpr std::chrono::seconds kFirstPause{30};
    static constexpr std::chrono::seconds kLongestPause{600};
    /// After a refused key or address: somebody has to act, then it should soon go on.
    static constexpr std::chrono::seconds kAuthPause{60};

    /// @param provider  name for messages
    explicit ProviderGate(QString provider);

    /// Asks to make a call, which must then be reported by one of the three below. Error: the
    /// failure that closed the gate, with the rest of the pause in retryAfterS.
    Result<> enter(Clock::time_point now);
    /// The service works, whatever it said of the text.
    void succeeded();
    /// @return @p error, with the pause in retryAfterS when the gate is closed now.
    Error failed(Error error, Clock::time_point now);
    /// The call was given up and tells nothing.
    void withdrawn();

private:
    const QString m_provider;
    QMutex m_mutex; // guards the rest
    int m_failures = 0;
    int m_pauses = 0;
    bool m_closed = false;
    bool m_probing = false;
    Clock::time_point m_until;
    Error m_lastError;
};

} // namespace llmemory::embed
