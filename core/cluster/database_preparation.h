#pragma once

#include "core/base/result.h"
#include "core/db/connection_params.h"

namespace llmemory::cluster {

/// What the program needs in a database and only a superuser can do: the extension pgvector, up to
/// date, and operators marked as leakproof. Idempotent; blocks.
/// @param login  the superuser's, in that database.
/// Error: Unavailable, Database.
Result<> prepareDatabase(const db::ConnectionParams &login);

} // namespace llmemory::cluster
