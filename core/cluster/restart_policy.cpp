#include "core/cluster/restart_policy.h"

namespace llmemory::cluster {

std::optional<int> RestartPolicy::afterExit(qint64 nowMs, const QString &panic)
{
    m_equalPanics = panic.isEmpty() ? 0 : (panic == m_panic ? m_equalPanics + 1 : 1);
    m_panic = panic;
    if (m_equalPanics >= kEqualPanics)
        return std::nullopt;
    m_exits.removeIf([nowMs](qint64 exit) { return nowMs - exit >= kWindowMs; });
    if (m_exits.size() >= kMostRestarts)
        return std::nullopt;
    const int delayMs = 1000 << m_exits.size();
    m_exits.append(nowMs);
    return delayMs;
}

} // namespace llmemory::cluster
