#pragma once

#include "core/db/session.h"
#include "core/migrate/migration_catalog.h"

#include <QDateTime>

namespace llmemory::migrate {

/// Where a schema stands.
struct SchemaStatus
{
    struct Entry
    {
        QString fileName;
        bool applied = false;
        QDateTime appliedAt; ///< UTC; invalid when not applied
    };
    QString schema;
    QList<Entry> entries; ///< by number
    int pending = 0;      ///< migrations not yet applied
};

/// Applies a module's migrations to the session's schema, in order, each in one transaction with
/// its record. Processes that start at once wait for each other. Works on the session's thread.
class MigrationRunner
{
public:
    /// @param module     name in `schema_migrations`
    /// @param ownerRole  role that shall own the objects; empty = the connected user
    /// @param appRole    role that is granted use of everything in the schema; empty = nobody
    MigrationRunner(QString module,
                    QList<Migration> migrations,
                    QString ownerRole = {},
                    QString appRole = {});

    /// Compares files and history without changing anything. Error: Configuration with code
    /// "schema_newer" (the schema was made by a newer program) or "migration_changed" (an applied
    /// file is different now).
    Result<SchemaStatus> status(db::Session &session) const;
    /// Applies what is pending; how many. Errors as status(), and Database with the file's name.
    Result<int> apply(db::Session &session) const;

private:
    struct Applied
    {
        QString fileName;
        QString checksum;
        QDateTime appliedAt;
    };

    Result<QList<Applied>> history(db::Session &session) const;
    Result<> compare(const QList<Applied> &applied) const;
    Result<> prepareSchema(db::Session &session) const;
    Result<> applyOne(db::Session &session, const Migration &migration) const;
    Result<> grant(db::Session &session) const;

    QString m_module;
    QList<Migration> m_migrations;
    QString m_ownerRole;
    QString m_appRole;
};

} // namespace llmemory::migrate
