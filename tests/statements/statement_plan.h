#pragma once

#include "core/base/json.h"

#include <QHash>
#include <QStringList>

namespace llmemory::testing {

/// External parameters are numbered from here in the plans that are judged, `$101` for `$1`:
/// EXPLAIN writes the results of subqueries as `$0`, `$1`, … as well.
inline constexpr int kFirstParameter = 101;

/// What a plan does with tenants' rows without saying whose: a line per scan that is not restricted
/// to an owner that the caller gave, and per insertion that does not set one. Empty = nothing.
/// @param plan    of EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF)
/// @param tables  tenant tables and, of each, the position of the column owner_id, from 0
/// Equality in a condition that always holds counts, with a parameter or with the owner_id of
/// another scan that is restricted itself; one of several alternatives does not. Pure.
QStringList faultsOfPlan(const Json &plan, const QHash<QString, int> &tables);

} // namespace llmemory::testing
