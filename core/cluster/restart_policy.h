#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace llmemory::cluster {

/// Decides whether a server that ended by itself is started again: after 1, 2, 4, 8 and 16 s, but
/// not a sixth time within 10 minutes, and not after three equal PANICs in a row. Pure but for its
/// memory.
class RestartPolicy
{
public:
    static constexpr int kMostRestarts = 5;
    static constexpr qint64 kWindowMs = 10 * 60 * 1000;
    static constexpr int kEqualPanics = 3;

    /// @param nowMs  any steady clock.
    /// @param panic  the PANIC it ended with; empty = none.
    /// @return milliseconds to wait before the next start; empty = give up.
    std::optional<int> afterExit(qint64 nowMs, const QString &panic);

private:
    QList<qint64> m_exits;
    QString m_panic;
    int m_equalPanics = 0;
};

} // namespace llmemory::cluster
