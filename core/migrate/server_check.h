#pragma once

#include "core/db/session.h"

namespace llmemory::migrate {

/// Whether llmemory can work with the server: PostgreSQL 14, pgvector 0.8.0. Creates the extension
/// where it is installed but not enabled.
/// Error: Configuration, saying what to install or to run.
Result<> checkServer(db::Session &session);

} // namespace llmemory::migrate
