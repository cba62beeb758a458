#include "core/migrate/migration_runner.h"

#include "core/base/logging.h"
#include "core/db/transaction.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace llmemory::migrate {

using db::Statement;

namespace {

constexpr Statement kHistoryExists{"history_exists",
                                   "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN "
                                   "pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                                   "WHERE n.nspname = $1 AND c.relname = 'schema_migrations')"};
constexpr Statement kHistory{"migration_history",
                             "SELECT filename, checksum, applied_at FROM "
                             "{{tables.schema_migrations}} WHERE module_name = $1"};
constexpr Statement kRecord{"record_migration",
                            "INSERT INTO {{tables.schema_migrations}} (filename, checksum, "
                            "module_name, applied_by, execution_time_ms) "
                            "VALUES ($1, $2, $3, current_user, $4)"};
// The key holds the schema: schemas of one database migrate side by side.
constexpr Statement kLock{"migration_lock",
                          "SELECT pg_advisory_xact_lock(hashtextextended('llmemory:' || $1, 0))"};
constexpr Statement kSchemaExists{
    "schema_exists", "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1)"};

constexpr const char *kTrackingTable = R"sql(
CREATE TABLE IF NOT EXISTS {{tables.schema_migrations}} (
    id                serial       PRIMARY KEY,
    filename          varchar(255) NOT NULL,
    checksum          varchar(64)  NOT NULL,
    module_name       varchar(100) NOT NULL,
    applied_at        timestamptz  NOT NULL DEFAULT now(),
    applied_by        varchar(100) NOT NULL,
    execution_time_ms integer      NOT NULL,
    UNIQUE (filename, module_name)
)
)sql";

// Migrations may wait for another process that migrates, and may take long.
constexpr const char *kPatience = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0";

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

Error refusal(const char *code, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .code = QLatin1String(code)};
}

} // namespace

MigrationRunner::MigrationRunner(QString module,
                                 QList<Migration> migrations,
                                 QString ownerRole,
                                 QString appRole)
    : m_module(std::move(module))
    , m_migrations(std::move(migrations))
    , m_ownerRole(std::move(ownerRole))
    , m_appRole(std::move(appRole))
{
}

Result<QList<MigrationRunner::Applied>> MigrationRunner::history(db::Session &session) const
{
    auto exists = session.queryOne(kHistoryExists, {session.names().schema()});
    if (!exists)
        return exists.error();
    if (!exists->boolean(0))
        return QList<Applied>();
    auto rows = session.query(kHistory, {m_module});
    if (!rows)
        return rows.error();
    QList<Applied> applied;
    for (const db::Row &row : *rows)
        applied.append({row.text(0), row.text(1), row.time(2)});
    return applied;
}

Result<> MigrationRunner::compare(const QList<Applied> &applied) const
{
    for (const Applied &entry : applied) {
        const auto file =
            std::find_if(m_migrations.begin(), m_migrations.end(), [&](const Migration &m) {
                return m.fileName == entry.fileName;
            });
        if (file == m_migrations.end()) {
            return refusal(
                "schema_newer",
                tr("The database was changed by a newer llmemory (%1). Update this program; the "
                   "stored documents are safe.")
                    .arg(entry.fileName));
        }
        if (file->checksum != entry.checksum) {
            return refusal(
                "migration_changed",
                tr("The migration %1 is not the one that was applied to this database. Use the "
                   "program that created it, or restore the original file.")
                    .arg(entry.fileName));
        }
    }
    return {};
}

Result<SchemaStatus> MigrationRunner::status(db::Session &session) const
{
    auto applied = history(session);
    if (!applied)
        return applied.error();
    if (auto ok = compare(*applied); !ok)
        return ok.error();
    SchemaStatus status;
    status.schema = session.names().schema();
    for (const Migration &migration : m_migrations) {
        const auto done = std::find_if(applied->begin(), applied->end(), [&](const Applied &entry) {
            return entry.fileName == migration.fileName;
        });
        const bool isApplied = done != applied->end();
        status.entries.append(
            {migration.fileName, isApplied, isApplied ? done->appliedAt : QDateTime()});
        status.pending += isApplied ? 0 : 1;
    }
    return status;
}

Result<> MigrationRunner::prepareSchema(db::Session &session) const
{
    auto exists = session.queryOne(kSchemaExists, {session.names().schema()});
    if (!exists)
        return exists.error();
    if (!exists->boolean(0)) {
        if (auto ok = session.runScript(QStringLiteral("create_schema"),
                                        QStringLiteral("CREATE SCHEMA {{schema}}"));
            !ok)
            return ok;
    }
    return session.runScript(QStringLiteral("create_schema_migrations"),
                             QLatin1String(kTrackingTable));
}

Result<> MigrationRunner::applyOne(db::Session &session, const Migration &migration) const
{
    QElapsedTimer timer;
    timer.start();
    if (auto ok = session.runScript(migration.fileName, migration.sql); !ok) {
        Error error = ok.error();
        error.message = tr("The migration %1 failed; nothing of it was kept. %2")
                            .arg(migration.fileName, error.message);
        return error;
    }
    auto recorded = session.execute(
        kRecord, {migration.fileName, migration.checksum, m_module, timer.elapsed()});
    return recorded ? Result<>() : Result<>(recorded.error());
}

Result<> MigrationRunner::grant(db::Session &session) const
{
    if (m_appRole.isEmpty())
        return {};
    // Role names come from the cluster's own constants.
    const QString script =
        QStringLiteral(
            "GRANT USAGE ON SCHEMA {{schema}} TO %1; "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{schema}} TO %1; "
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {{schema}} TO %1; "
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {{schema}} TO %1")
            .arg(m_appRole);
    return session.runScript(QStringLiteral("grant_schema"), script);
}

Result<int> MigrationRunner::apply(db::Session &session) const
{
    int count = 0;
    // One transaction a migration; the lock is taken anew in each, and the history read again under
    // it.
    for (;;) {
        const auto step = [&](db::Session &s) -> Result<bool> {
            if (auto ok =
                    s.runScript(QStringLiteral("migration_patience"), QLatin1String(kPatience));
                !ok)
                return ok.error();
            if (auto ok = s.query(kLock, {s.names().schema()}); !ok)
                return ok.error();
            if (!m_ownerRole.isEmpty()) {
                const QString role = QLatin1String("SET LOCAL ROLE ") + m_ownerRole;
                if (auto ok = s.runScript(QStringLiteral("migration_role"), role); !ok)
                    return ok.error();
            }
            if (auto ok = prepareSchema(s); !ok)
                return ok.error();
            auto applied = history(s);
            if (!applied)
                return applied.error();
            if (auto ok = compare(*applied); !ok)
                return ok.error();
            const auto next =
                std::find_if(m_migrations.begin(), m_migrations.end(), [&](const Migration &m) {
                    return std::none_of(
                        applied->begin(), applied->end(), [&](const Applied &entry) {
                            return entry.fileName == m.fileName;
                        });
                });
            if (next == m_migrations.end()) {
                if (auto ok = grant(s); !ok)
                    return ok.error();
                return false;
            }
            logging::info(QStringLiteral("applying migration %1").arg(next->fileName));
            if (auto ok = applyOne(s, *next); !ok)
                return ok.error();
            return true;
        };
        auto more = db::inTransaction(session, "migrate", db::Scope::registry(), step);
        if (!more)
            return more.error();
        if (!*more)
            return count;
        ++count;
    }
}

} // namespace llmemory::migrate
