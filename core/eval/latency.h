#pragma once

#include "core/base/json.h"

#include <QList>

namespace llmemory::eval {

/// How long many calls took, in milliseconds; zeros when there were none.
struct Latency
{
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
};

/// The smallest of @p values that @p percent of them do not exceed (nearest rank, without
/// interpolation: a figure that was really measured); 0 of an empty list. Pure.
/// @param percent  above 0, at most 100.
double percentile(QList<double> values, double percent);

/// @param milliseconds  of each call, in any order. Pure.
Latency latencyOf(const QList<double> &milliseconds);

/// `{"p50", "p95", "p99"}`, rounded to microseconds. Pure.
Json toJson(const Latency &latency);

/// @p value with @p digits digits after the point, as JSON prints it best. Pure.
double rounded(double value, int digits);

} // namespace llmemory::eval
