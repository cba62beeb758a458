#include "core/migrate/migration_history.h"

#include <QCoreApplication>

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

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

Error refusal(const char *code, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .code = QLatin1String(code)};
}

Error newer(const QString &module, const QString &fileName)
{
    if (module == QLatin1String(kOwnModule))
        return refusal(
            "schema_newer",
            tr("The database was changed by a newer llmemory (%1). Update this program; the "
               "stored documents are safe.")
                .arg(fileName));
    return refusal("schema_newer",
                   tr("The database was changed by a newer version of \"%1\" (%2). Update this "
                      "program; the stored documents are safe.")
                       .arg(module, fileName));
}

Result<bool> ask(db::Session &session, const Statement &question)
{
    auto row = session.queryOne(question, {session.names().schema()});
    return row ? Result<bool>(row->boolean(0)) : Result<bool>(row.error());
}

} // namespace

Result<bool> schemaExists(db::Session &session)
{
    return ask(session, kSchemaExists);
}

Result<QList<AppliedMigration>> readHistory(db::Session &session, const QString &module)
{
    auto exists = ask(session, kHistoryExists);
    if (!exists)
        return exists.error();
    if (!*exists)
        return QList<AppliedMigration>();
    auto rows = session.query(kHistory, {module});
    if (!rows)
        return rows.error();
    QList<AppliedMigration> history;
    for (const db::Row &row : *rows)
        history.append({row.text(0), row.text(1), row.time(2)});
    return history;
}

Result<> prepareHistory(db::Session &session)
{
    auto exists = schemaExists(session);
    if (!exists)
        return exists.error();
    if (!*exists) {
        if (auto ok = session.runScript(QStringLiteral("create_schema"),
                                        QStringLiteral("CREATE SCHEMA {{schema}}"));
            !ok)
            return ok;
    }
    exists = ask(session, kHistoryExists);
    if (!exists)
        return exists.error();
    if (*exists)
        return {};
    return session.runScript(QStringLiteral("create_schema_migrations"),
                             QLatin1String(kTrackingTable));
}

Result<> record(db::Session &session,
                const QString &module,
                const Migration &migration,
                qint64 elapsedMs)
{
    const qint64 storedMs = std::min<qint64>(elapsedMs, std::numeric_limits<int>::max());
    auto recorded =
        session.execute(kRecord, {migration.fileName, migration.checksum, module, storedMs});
    return recorded ? Result<>() : Result<>(recorded.error());
}

Error migrationFailed(const Error &cause, const QString &what)
{
    Error error = cause;
    const QString reason = cause.detail.isEmpty() ? cause.message : cause.detail;
    error.message = what + QLatin1Char(' ') + tr("The reason: %1").arg(reason);
    if (cause.sqlState == QLatin1String("57014"))
        error.message += QLatin1Char(' ') +
                         tr("Where it was not cancelled on purpose, set statement_timeout of the "
                            "migrating user to 0.");
    if (error.code.isEmpty())
        error.code = QStringLiteral("migration_failed");
    return error;
}

Result<> compareHistory(const ModuleMigrations &module, const QList<AppliedMigration> &history)
{
    for (const AppliedMigration &entry : history) {
        const auto file =
            std::find_if(module.migrations.begin(),
                         module.migrations.end(),
                         [&](const Migration &m) { return m.fileName == entry.fileName; });
        if (file == module.migrations.end())
            return newer(module.module, entry.fileName);
        if (file->checksum != entry.checksum) {
            return refusal(
                "migration_changed",
                tr("The migration %1 of module \"%2\" is not the one that was applied to this "
                   "database. Use the program that created it, or restore the original file.")
                    .arg(entry.fileName, module.module));
        }
    }
    return {};
}

} // namespace llmemory::migrate
