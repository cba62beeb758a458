#include "core/migrate/server_check.h"

#include <QCoreApplication>
#include <QVersionNumber>

namespace llmemory::migrate {

using db::Statement;

namespace {

constexpr int kOldestServer = 140000;

constexpr Statement kServer{
    "server_version",
    "SELECT current_setting('server_version_num')::int, current_setting('server_version'), "
    "(SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector'), "
    "EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'vector'), "
    "current_database()"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

Error unfit(const char *code, const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message, .code = QLatin1String(code)};
}

Result<> createExtension(db::Session &session, const QString &database)
{
    auto created = session.runScript(
        QStringLiteral("create_extension"),
        QStringLiteral("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public"));
    if (created)
        return {};
    // Another program may have created it at the same moment.
    auto row = session.queryOne(kServer);
    if (row && !row->isNull(2))
        return {};
    Error error = unfit("pgvector_not_enabled",
                        tr("The database \"%1\" does not have the extension vector, and this user "
                           "may not create it. "
                           "Run as an administrator: CREATE EXTENSION vector;")
                            .arg(database));
    error.detail = created.error().detail;
    return error;
}

} // namespace

Result<> checkServer(db::Session &session)
{
    auto row = session.queryOne(kServer);
    if (!row)
        return row.error();
    if (row->integer(0) < kOldestServer)
        return unfit(
            "server_too_old",
            tr("The server runs PostgreSQL %1; llmemory needs 14 or newer.").arg(row->text(1)));
    if (row->isNull(2)) {
        if (!row->boolean(3))
            return unfit(
                "pgvector_missing",
                tr("The server has no pgvector. Install it there, for example: apt-get install "
                   "postgresql-%1-pgvector")
                    .arg(row->integer(0) / 10000));
        return createExtension(session, row->text(4));
    }
    if (QVersionNumber::fromString(row->text(2)) < QVersionNumber(0, 8, 0))
        return unfit(
            "pgvector_too_old",
            tr("The server has pgvector %1; llmemory needs 0.8.0 or newer. Update it, then run: "
               "ALTER EXTENSION vector UPDATE;")
                .arg(row->text(2)));
    return {};
}

} // namespace llmemory::migrate
