#pragma once

#include <QElapsedTimer>

namespace llmemory {

/// Since the timer was started.
inline double milliseconds(const QElapsedTimer &timer)
{
    constexpr double kNanoseconds = 1e6;
    return double(timer.nsecsElapsed()) / kNanoseconds;
}

} // namespace llmemory
