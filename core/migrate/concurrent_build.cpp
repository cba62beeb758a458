#include "core/migrate/concurrent_build.h"

#include "core/base/logging.h"
#include "core/migrate/migration_history.h"
#include "core/migrate/schema_lock.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QUuid>

#include <algorithm>

namespace llmemory::migrate {

using db::Statement;

namespace {

constexpr const char *kBuildsTable = R"sql(
CREATE TABLE IF NOT EXISTS {{tables.schema_migration_builds}} (
    only_one    boolean      PRIMARY KEY DEFAULT true CHECK (only_one),
    module_name varchar(100) NOT NULL,
    filename    varchar(255) NOT NULL,
    token       text         NOT NULL,
    renewed_at  timestamptz  NOT NULL
)
)sql";

constexpr Statement kBuildsTableExists{
    "migration_builds_exist",
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
    "ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'schema_migration_builds')"};

// Another program builds when its statement runs, or an index of this schema is being made. The
// server hides from others who may not see it what a statement says and which table it is about:
// then it may be ours. A program that has just said that it builds gets a few seconds to begin.
constexpr Statement kOtherBuilds{
    "migration_build_by_other",
    "SELECT b.renewed_at > clock_timestamp() - interval '5 s' "
    "OR EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datname = current_database() "
    "AND a.state = 'active' AND strpos(a.query, b.token) > 0) "
    "OR EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p "
    "WHERE p.datname = current_database() AND (p.relid IS NULL OR p.relid IN "
    "(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
    "ON n.oid = c.relnamespace WHERE n.nspname = $2))) "
    "FROM {{tables.schema_migration_builds}} b WHERE b.token <> $1"};
constexpr Statement kClaim{
    "claim_migration_build",
    "INSERT INTO {{tables.schema_migration_builds}} (module_name, filename, token, renewed_at) "
    "VALUES ($1, $2, $3, clock_timestamp()) ON CONFLICT (only_one) DO UPDATE SET module_name = $1, "
    "filename = $2, token = $3, renewed_at = clock_timestamp()"};
constexpr Statement kRenew{"renew_migration_build",
                           "UPDATE {{tables.schema_migration_builds}} SET renewed_at = "
                           "clock_timestamp() WHERE token = $1"};
constexpr Statement kRelease{"release_migration_build",
                             "DELETE FROM {{tables.schema_migration_builds}} WHERE token = $1"};

// Not those of partitioned tables ("I"), which are invalid until each partition has its own.
constexpr Statement kInvalidIndexes{
    "invalid_indexes",
    "SELECT c.relname, format('%I.%I', n.nspname, c.relname), "
    "EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.datname = "
    "current_database() AND (p.relid IS NULL OR p.relid = i.indrelid)) "
    "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = $1 AND c.relkind = 'i' AND NOT i.indisvalid ORDER BY 1"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

void pause()
{
    QThread::msleep(kMigrationPollMs);
}

} // namespace

ConcurrentBuild::ConcurrentBuild(QString module, Migration migration, QString ownerRole)
    : m_module(std::move(module))
    , m_migration(std::move(migration))
    , m_statements(m_migration.statements())
    , m_ownerRole(std::move(ownerRole))
    , m_token(QLatin1String("llmemory-build-") + QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

Result<bool> ConcurrentBuild::run(db::Session &session)
{
    if (auto ok = prepareTable(session); !ok)
        return ok.error();
    int tries = 0;
    for (;;) {
        if (session.isCancelled())
            return Error::cancelled();
        auto state = claim(session);
        if (!state)
            return state.error();
        if (*state == Claim::Done)
            return false;
        if (*state == Claim::Theirs) {
            pause();
            continue;
        }
        auto outcome = build(session);
        if (outcome) {
            if (*outcome == Outcome::Applied)
                return true;
            continue;
        }
        // A deadlock with somebody else's statements; the next try drops what it left.
        if (db::isRetryable(outcome.error()) && ++tries < db::kTransactionTries) {
            pause();
            continue;
        }
        release(session);
        return outcome.error();
    }
}

Result<> ConcurrentBuild::prepareTable(db::Session &session) const
{
    return withSchemaLock(session, m_ownerRole, [](db::Session &locked) -> Result<> {
        auto exists = locked.queryOne(kBuildsTableExists, {locked.names().schema()});
        if (!exists)
            return exists.error();
        if (exists->boolean(0))
            return {};
        return locked.runScript(QStringLiteral("create_migration_builds"),
                                QLatin1String(kBuildsTable));
    });
}

Result<ConcurrentBuild::Claim> ConcurrentBuild::claim(db::Session &session) const
{
    // As the connected user: the owning role may not see what it does.
    return withSchemaLock(session, {}, [this](db::Session &locked) -> Result<Claim> {
        auto history = readHistory(locked, m_module);
        if (!history)
            return history.error();
        const bool done =
            std::any_of(history->begin(), history->end(), [this](const AppliedMigration &entry) {
                return entry.fileName == m_migration.fileName;
            });
        if (done)
            return Claim::Done;
        auto others = locked.query(kOtherBuilds, {m_token, locked.names().schema()});
        if (!others)
            return others.error();
        if (!others->isEmpty() && others->first().boolean(0))
            return Claim::Theirs;
        auto claimed = locked.execute(kClaim, {m_module, m_migration.fileName, m_token});
        return claimed ? Result<Claim>(Claim::Ours) : Result<Claim>(claimed.error());
    });
}

Result<bool> ConcurrentBuild::renew(db::Session &session) const
{
    return withSchemaLock(session, m_ownerRole, [this](db::Session &locked) -> Result<bool> {
        auto renewed = locked.execute(kRenew, {m_token});
        return renewed ? Result<bool>(*renewed > 0) : Result<bool>(renewed.error());
    });
}

Result<ConcurrentBuild::Outcome> ConcurrentBuild::build(db::Session &session) const
{
    QElapsedTimer timer;
    timer.start();
    auto clean = dropInvalidIndexes(session);
    if (!clean)
        return clean.error();
    if (!*clean)
        return Outcome::Lost;
    for (qsizetype i = 0; i < m_statements.size(); ++i) {
        if (session.isCancelled())
            return Error::cancelled();
        auto ours = renew(session);
        if (!ours)
            return ours.error();
        if (!*ours)
            return Outcome::Lost;
        if (auto ok = runStatement(session, i); !ok)
            return ok.error();
    }
    return finish(session, timer.elapsed());
}

Result<bool> ConcurrentBuild::dropInvalidIndexes(db::Session &session) const
{
    for (;;) {
        if (session.isCancelled())
            return Error::cancelled();
        auto ours = renew(session);
        if (!ours || !*ours)
            return ours;
        auto invalid = session.query(kInvalidIndexes, {session.names().schema()});
        if (!invalid)
            return invalid.error();
        if (invalid->isEmpty())
            return true;
        const auto dead = std::find_if(
            invalid->begin(), invalid->end(), [](const db::Row &row) { return !row.boolean(2); });
        if (dead == invalid->end()) {
            pause();
            continue;
        }
        logging::info(QStringLiteral("dropping the unfinished index %1").arg(dead->text(0)));
        // The name is the server's own: no template in it is meant.
        const QString drop = QStringLiteral("/* %1 */ DROP INDEX CONCURRENTLY IF EXISTS %2")
                                 .arg(m_token, dead->text(1));
        if (auto ok = session.connection().runScript(QStringLiteral("drop_invalid_index"), drop);
            !ok)
            return ok.error();
    }
}

Result<> ConcurrentBuild::runStatement(db::Session &session, qsizetype index) const
{
    logging::info(QStringLiteral("migration %1: statement %2 of %3")
                      .arg(m_migration.fileName)
                      .arg(index + 1)
                      .arg(m_statements.size()));
    const QString sql = QStringLiteral("/* %1 */ ").arg(m_token) + m_statements.at(index);
    if (auto ok = session.runScript(m_migration.fileName, sql); !ok)
        return failed(ok.error(), index);
    return {};
}

Result<ConcurrentBuild::Outcome> ConcurrentBuild::finish(db::Session &session,
                                                         qint64 elapsedMs) const
{
    return withSchemaLock(session, m_ownerRole, [&](db::Session &locked) -> Result<Outcome> {
        auto ours = locked.execute(kRelease, {m_token});
        if (!ours)
            return ours.error();
        if (*ours == 0)
            return Outcome::Lost;
        // IF NOT EXISTS takes an invalid index for a finished one.
        auto invalid = locked.query(kInvalidIndexes, {locked.names().schema()});
        if (!invalid)
            return invalid.error();
        if (!invalid->isEmpty()) {
            return Error{
                .kind = ErrorKind::Database,
                .message = tr("The migration %1 of module \"%2\" left the index \"%3\" unfinished. "
                              "Apply again: it is dropped and built anew.")
                               .arg(m_migration.fileName, m_module, invalid->first().text(0)),
                .code = QStringLiteral("migration_failed")};
        }
        if (auto ok = record(locked, m_module, m_migration, elapsedMs); !ok)
            return ok.error();
        return Outcome::Applied;
    });
}

void ConcurrentBuild::release(db::Session &session) const
{
    // Where this fails, other programs notice after some seconds that nobody builds.
    if (!session.connection().isOpen())
        return;
    if (auto ok = session.execute(kRelease, {m_token}); !ok)
        logging::info(QStringLiteral("release of a migration: %1").arg(ok.error().detail));
}

Error ConcurrentBuild::failed(const Error &cause, qsizetype index) const
{
    return migrationFailed(
        cause,
        tr("Statement %1 of %2 of the migration %3 of module \"%4\" failed. Those before it are "
           "done and stay; correct the cause and apply again: it goes on from there.")
            .arg(index + 1)
            .arg(m_statements.size())
            .arg(m_migration.fileName, m_module));
}

} // namespace llmemory::migrate
