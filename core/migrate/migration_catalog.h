#pragma once

#include "core/base/result.h"
#include "core/migrate/migration_module.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::migrate {

/// One migration file.
struct Migration
{
    qint64 number = 0; ///< the order; 1 to 18 digits in the name
    QString fileName;  ///< "0001_schema.sql"
    QString sql;       ///< with templates
    QString checksum;  ///< SHA-256 (hex) of the text with LF line ends, outer white space removed

    /// False where the first line is `-- llmemory:no-transaction`.
    bool runsInTransaction() const;
    /// What is sent to the server at a time: the whole text, or the parts between the lines
    /// `-- llmemory:next` of a file that runs outside a transaction.
    QStringList statements() const;
};

/// The files of one module.
struct ModuleMigrations
{
    QString module; ///< name in `schema_migrations`
    QList<Migration> migrations;
};

/// Reads a folder of `NUMBER_what.sql` files (1-18 digits; what: a-z 0-9 _), ordered by number.
/// Blocks on the disk; any thread.
/// @param folder  a directory or a resource path.
/// Error: Configuration with code "migration_files" for a folder that is not there, a wrong name, a
/// number used twice, an unreadable file, BEGIN or COMMIT in a file, and outside a transaction a
/// statement that could not be run again after a crash.
Result<QList<Migration>> readMigrations(const QString &folder);

/// Reads the folders of several modules, in the order given.
/// Error: as readMigrations(), and for a name that is not one or is used twice, or "llmemory" for
/// another folder than ours.
Result<QList<ModuleMigrations>> readModules(const QList<MigrationModule> &modules);

/// The checksum that is stored: line ends and outer white space do not count.
QString migrationChecksum(const QString &sql);

inline constexpr const char *kOwnMigrations = ":/llmemory/migrations";
inline constexpr const char *kOwnModule = "llmemory";

/// The module of llmemory itself.
MigrationModule ownModule();

} // namespace llmemory::migrate
