#pragma once

#include "core/config.h"
#include "core/doctor/check.h"

#include <QList>

namespace llmemory::doctor {

/// Id of the check that tells whether the database is reachable.
inline constexpr const char *kServerCheck = "server";

/// Looks at the machine, the server, the schema and the queue. Changes nothing, but starts the
/// embedded server where a database exists already. Never fails: what cannot be found out is a
/// failed check. Blocks, up to about a minute; on a worker thread.
QList<Check> runDoctor(const Config &config);

} // namespace llmemory::doctor
