#include "core/embed/provider_gate.h"

#include "core/embed/embedding_batch.h"
#include "core/embed/provider_errors.h"

#include <algorithm>

namespace llmemory::embed {

using std::chrono::ceil;
using std::chrono::seconds;

ProviderGate::ProviderGate(QString provider) : m_provider(std::move(provider)) {}

Result<> ProviderGate::enter(Clock::time_point now)
{
    const QMutexLocker lock(&m_mutex);
    if (!m_closed)
        return {};
    const bool waiting = now < m_until;
    if (!waiting && !m_probing) {
        m_probing = true;
        return {};
    }
    const int rest = waiting ? int(ceil<seconds>(m_until - now).count()) : 1;
    if (m_lastError.code == QLatin1String(kProviderLimited))
        return limitedError(m_provider, rest);
    Error error = m_lastError;
    error.retryAfterS = rest;
    return error;
}

void ProviderGate::succeeded()
{
    const QMutexLocker lock(&m_mutex);
    m_failures = 0;
    m_pauses = 0;
    m_closed = false;
    m_probing = false;
}

Error ProviderGate::failed(Error error, Clock::time_point now)
{
    const QMutexLocker lock(&m_mutex);
    m_probing = false;
    ++m_failures;
    seconds pause{error.retryAfterS};
    if (pause.count() == 0 && isPause(error))
        pause = kAuthPause;
    if (m_failures >= kFailuresToClose) {
        constexpr int kMostDoublings = 5; // 30 s * 2^5 is past the longest pause
        const int factor = 1 << std::min(m_pauses++, kMostDoublings);
        pause = std::max(pause, std::min(kFirstPause * factor, kLongestPause));
    }
    if (pause.count() > 0) {
        m_closed = true;
        m_until = std::max(m_until, now + pause);
        error.retryAfterS = int(pause.count());
    }
    m_lastError = error;
    return error;
}

void ProviderGate::withdrawn()
{
    const QMutexLocker lock(&m_mutex);
    m_probing = false;
}

} // namespace llmemory::embed
