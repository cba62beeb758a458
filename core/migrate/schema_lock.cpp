#include "core/migrate/schema_lock.h"

namespace llmemory::migrate {

using db::Statement;

namespace {

// The key holds the schema: schemas of one database migrate side by side.
constexpr Statement kTryLock{
    "migration_lock", "SELECT pg_try_advisory_xact_lock(hashtextextended('llmemory:' || $1, 0))"};

// Migrations may take long.
constexpr const char *kPatience = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0";

} // namespace

Result<bool> takeSchemaLock(db::Session &session, const QString &ownerRole)
{
    if (auto ok = session.runScript(QStringLiteral("migration_patience"), QLatin1String(kPatience));
        !ok)
        return ok.error();
    auto taken = session.queryOne(kTryLock, {session.names().schema()});
    if (!taken)
        return taken.error();
    if (!taken->boolean(0) || ownerRole.isEmpty())
        return taken->boolean(0);
    if (auto ok =
            session.runScript(QStringLiteral("migration_role"),
                              QLatin1String("SET LOCAL ROLE ") + db::quotedIdentifier(ownerRole));
        !ok)
        return ok.error();
    return true;
}

} // namespace llmemory::migrate
