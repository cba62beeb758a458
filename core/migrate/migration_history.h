#pragma once

#include "core/db/session.h"
#include "core/migrate/migration_catalog.h"

#include <QDateTime>

namespace llmemory::migrate {

/// A row of `schema_migrations`.
struct AppliedMigration
{
    QString fileName;
    QString checksum;
    QDateTime appliedAt; ///< UTC
};

// The tracking table of the session's schema; all modules share it.

Result<bool> schemaExists(db::Session &session);
/// What a module has applied; empty where schema or table do not exist yet.
Result<QList<AppliedMigration>> readHistory(db::Session &session, const QString &module);
/// Makes the schema and the tracking table where they do not exist; asks for no right that it does
/// not need.
Result<> prepareHistory(db::Session &session);
Result<> record(db::Session &session,
                const QString &module,
                const Migration &migration,
                qint64 elapsedMs);

/// The error of a file: @p what followed by the server's reason, which is about its statements and
/// no document. Keeps the kind and the SQLSTATE.
Error migrationFailed(const Error &cause, const QString &what);

/// Refuses a history that this program cannot go on from. Pure.
/// Error: Configuration with code "schema_newer" (a file that is not among @p migrations) or
/// "migration_changed" (an applied file is different now).
Result<> compareHistory(const ModuleMigrations &module, const QList<AppliedMigration> &history);

} // namespace llmemory::migrate
