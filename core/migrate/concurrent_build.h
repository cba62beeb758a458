#pragma once

#include "core/db/session.h"
#include "core/migrate/migration_catalog.h"

namespace llmemory::migrate {

/// Applies one migration that runs outside a transaction: long index builds, during which the
/// program goes on working. Goes on after a crash where it stopped, since every statement may be
/// run again; an invalid index that a dead build left in the schema is dropped first, one that
/// somebody is building is waited for.
///
/// Only one program builds in a schema. It says so by a row of `schema_migration_builds`, which
/// counts while the statements that carry its token are seen at work: CREATE INDEX CONCURRENTLY
/// waits for every older transaction, so neither a lock nor a transaction may be held around it,
/// and a session-level lock would not work behind a connection pooler.
class ConcurrentBuild
{
public:
    /// @param ownerRole  as in MigrationRunner
    ConcurrentBuild(QString module, Migration migration, QString ownerRole);

    /// Whether this program applied it; false when another one did meanwhile. Blocks as long as the
    /// index takes; a cancelled session stops between statements and within one.
    /// Error: of the failing statement, saying which; those before it stay.
    Result<bool> run(db::Session &session);

private:
    enum class Claim { Ours, Theirs, Done };
    enum class Outcome { Applied, Lost };

    Result<> prepareTable(db::Session &session) const;
    Result<Claim> claim(db::Session &session) const;
    /// False when another program has taken over.
    Result<bool> renew(db::Session &session) const;
    Result<Outcome> build(db::Session &session) const;
    Result<bool> dropInvalidIndexes(db::Session &session) const;
    Result<> runStatement(db::Session &session, qsizetype index) const;
    Result<Outcome> finish(db::Session &session, qint64 elapsedMs) const;
    void release(db::Session &session) const;
    Error failed(const Error &cause, qsizetype index) const;

    QString m_module;
    Migration m_migration;
    QStringList m_statements;
    QString m_ownerRole;
    QString m_token;
};

} // namespace llmemory::migrate
