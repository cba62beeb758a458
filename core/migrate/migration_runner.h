#pragma once

#include "core/db/session.h"
#include "core/migrate/migration_catalog.h"
#include "core/migrate/schema_status.h"

#include <optional>

namespace llmemory::migrate {

/// Applies the migrations of one or several modules to the session's schema: module by module in
/// the order given, each file in one transaction with its record, or outside of one where it says
/// so (ConcurrentBuild). Programs that start at once wait for each other. Modules that the
/// database knows and this runner does not are left alone. Blocks; works on the session's thread.
class MigrationRunner
{
public:
    /// @param ownerRole  role that shall own the objects; empty = the connected user
    /// @param appRole    role that is granted use of everything in the schema; empty = nobody
    explicit MigrationRunner(QList<ModuleMigrations> modules,
                             QString ownerRole = {},
                             QString appRole = {});

    /// Compares files and history without changing anything. Error: Configuration with code
    /// "schema_newer" (a module was changed by a newer program) or "migration_changed" (an applied
    /// file is different now).
    Result<SchemaStatus> status(db::Session &session) const;
    /// What apply() would run now; changes nothing. Errors as status().
    Result<MigrationPlan> plan(db::Session &session) const;
    /// Applies what is pending; how many this program applied. Needs no right to change anything
    /// where nothing is pending. Errors as status(), those of a server that llmemory cannot work
    /// with, Cancelled, and of a failing file with its name, its module and the reason: nothing of
    /// it is kept, what was applied before it is.
    Result<int> apply(db::Session &session) const;

private:
    struct Step
    {
        const ModuleMigrations *module = nullptr;
        const Migration *migration = nullptr;
        bool isApplied = false; ///< in the transaction that found it
    };

    Result<QList<Step>> pending(db::Session &session) const;
    /// Applies the next migration, or names one that runs outside a transaction; nothing when all
    /// are applied.
    Result<std::optional<Step>> next(db::Session &locked) const;
    Result<> applyOne(db::Session &locked, const Step &step) const;
    Result<> grant(db::Session &session) const;

    QList<ModuleMigrations> m_modules;
    QString m_ownerRole;
    QString m_appRole;
};

} // namespace llmemory::migrate
