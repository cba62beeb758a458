#pragma once

#include "core/config.h"
#include "core/db/session.h"
#include "core/doctor/check.h"
#include "core/migrate/schema_admin.h"

#include <QList>

namespace llmemory::doctor {

// Checks inside a database. They block; on the session's thread.

/// Version of the server and of pgvector.
QList<Check> checkServerSoftware(db::Session &session);
/// Whether the schema is what this program expects. Opens a connection of its own.
Check checkSchema(const migrate::SchemaTarget &target);
/// Whether row-level security stands behind the owner filter: not for a superuser, a role that
/// bypasses it, or the tables' owner.
Check checkIsolation(db::Session &session);
/// What waits to be embedded, and what was given up. Needs the schema.
Check checkQueue(db::Session &session);
/// Indexes that the server does not use because their creation failed.
Check checkIndexes(db::Session &session);
/// Recall of the vector leg against the exact answer, for the largest owners of those that have an
/// index (20 queries each, which the configured model embeds); all others are searched exactly.
/// Needs the schema.
/// @param config  of searches and of the model.
Check checkRecall(db::Session &session, const Config &config);

} // namespace llmemory::doctor
