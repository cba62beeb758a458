#include "core/eval/latency.h"

#include <algorithm>
#include <cmath>

namespace llmemory::eval {

namespace {

constexpr int kDigits = 3; // of milliseconds

/// @param sorted  ascending, not empty.
double nearestRank(const QList<double> &sorted, double percent)
{
    const double rank = std::ceil(percent / 100 * double(sorted.size()));
    return sorted.at(std::clamp<qsizetype>(qsizetype(rank), 1, sorted.size()) - 1);
}

} // namespace

double percentile(QList<double> values, double percent)
{
    if (values.isEmpty())
        return 0;
    std::sort(values.begin(), values.end());
    return nearestRank(values, percent);
}

Latency latencyOf(const QList<double> &milliseconds)
{
    if (milliseconds.isEmpty())
        return {};
    QList<double> sorted = milliseconds;
    std::sort(sorted.begin(), sorted.end());
    return {nearestRank(sorted, 50), nearestRank(sorted, 95), nearestRank(sorted, 99)};
}

Json toJson(const Latency &latency)
{
    return {{"p50", rounded(latency.p50, kDigits)},
            {"p95", rounded(latency.p95, kDigits)},
            {"p99", rounded(latency.p99, kDigits)}};
}

double rounded(double value, int digits)
{
    const double factor = std::pow(10.0, digits);
    return std::round(value * factor) / factor;
}

} // namespace llmemory::eval
