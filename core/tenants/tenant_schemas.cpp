#include "core/tenants/tenant_schemas.h"

#include "core/base/text.h"
#include "core/db/transaction.h"
#include "core/embed/embedder_factory.h"
#include "core/embed/embedding_model_repository.h"
#include "core/migrate/migration_runner.h"
#include "core/tenants/owner_repository.h"
#include "core/tenants/tenant_mover.h"

#include <QCoreApplication>
#include <QPromise>

namespace llmemory {

using db::Access;
using db::Scope;
using db::Session;
using db::Statement;

namespace {

constexpr qsizetype kMostSchemaBytes = 63;
constexpr qsizetype kMostPrefixBytes = 20;
constexpr qsizetype kHashDigits = 16;

// In a schema's comment, before the owner's id.
constexpr const char *kMark = "llmemory tenant: ";
constexpr Statement kMarked{
    "tenant_schemas",
    "SELECT n.nspname, substr(obj_description(n.oid, 'pg_namespace'), length($2) + 1) "
    "FROM pg_catalog.pg_namespace n WHERE starts_with(n.nspname, $1) "
    "AND starts_with(obj_description(n.oid, 'pg_namespace'), $2) ORDER BY n.nspname"};
// No row: the schema does not exist; NULL: it belongs to no tenant.
constexpr Statement kMarkOf{"tenant_schema",
                            "SELECT obj_description(n.oid, 'pg_namespace') FROM "
                            "pg_catalog.pg_namespace n WHERE n.nspname = $1"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::tenants", text);
}

QString markOf(const OwnerId &owner)
{
    return QLatin1String(kMark) + owner.toString();
}

Result<> checkOwner(const OwnerId &owner)
{
    return owner.isEmpty() ? Result<>(OwnerId::parse({}).error()) : Result<>();
}

/// False when there is no such schema. Error: Conflict when it is somebody else's.
Result<bool> isTenants(Session &session, const OwnerId &owner)
{
    const QString schema = session.names().schema();
    auto rows = session.query(kMarkOf, {schema});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return false;
    if (rows->first().text(0) == markOf(owner))
        return true;
    return Error{.kind = ErrorKind::Conflict,
                 .message = tr("The schema \"%1\" exists, but is not that of the tenant \"%2\".")
                                .arg(schema, owner.toString()),
                 .field = QStringLiteral("owner_id"),
                 .code = QStringLiteral("schema_taken")};
}

/// The schema comes with its mark, before there is anything in it: a crash leaves no schema that
/// nobody knows.
Result<> makeSchema(Session &session, const OwnerId &owner)
{
    return db::inTransaction(
        session, "make_tenant_schema", Scope::registry(), [&](Session &s) -> Result<> {
            auto known = isTenants(s, owner);
            if (!known)
                return known.error();
            if (*known)
                return {};
            // An owner's id has no quotes.
            return s.runScript(
                QStringLiteral("create_tenant_schema"),
                QStringLiteral("CREATE SCHEMA {{schema}}; COMMENT ON SCHEMA {{schema}} IS '%1'")
                    .arg(markOf(owner)));
        });
}

Result<TenantSchema> addTenant(Session &session,
                               const OwnerId &owner,
                               const Config &config,
                               const embed::Embedder &embedder)
{
    if (auto ok = makeSchema(session, owner); !ok)
        return ok.error();
    auto modules = migrate::readModules(QList{migrate::ownModule()} + config.migrations);
    if (!modules)
        return modules.error();
    if (auto ok = migrate::MigrationRunner(*modules).apply(session); !ok)
        return ok.error();
    if (auto ok = embed::ensureModel(session, embedder, {}, {}); !ok)
        return ok.error();
    auto known = db::inTransaction(session, "add_tenant", Scope::owner(owner), [&](Session &s) {
        return tenants::ensureOwner(s, owner);
    });
    if (!known)
        return known.error();
    return TenantSchema{owner, session.names().schema()};
}

template <typename T>
QFuture<Result<T>> refused(const Error &error)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(Result<T>(error));
    promise.finish();
    return promise.future();
}

} // namespace

TenantSchemas::TenantSchemas(std::shared_ptr<db::ConnectionPool> pool,
                             QString prefix,
                             Config config)
    : m_pool(std::move(pool)), m_prefix(std::move(prefix)), m_config(std::move(config))
{
}

Result<TenantSchemas> TenantSchemas::create(std::shared_ptr<db::ConnectionPool> pool,
                                            const QString &prefix,
                                            const Config &config)
{
    if (auto names = db::SqlNames::forSchema(prefix); !names)
        return names.error();
    if (prefix.toUtf8().size() > kMostPrefixBytes)
        return Error{.kind = ErrorKind::Configuration,
                     .message =
                         tr("The prefix of tenants' schemas has at most %1 bytes; \"%2\" has %3.")
                             .arg(kMostPrefixBytes)
                             .arg(prefix)
                             .arg(prefix.toUtf8().size())};
    return TenantSchemas(std::move(pool), prefix, config);
}

QString TenantSchemas::schemaOf(const OwnerId &owner) const
{
    const QString name = m_prefix + owner.toString();
    if (name.toUtf8().size() <= kMostSchemaBytes)
        return name;
    // Ids are ASCII; a part of the id keeps the name readable, the hash keeps it the tenant's own.
    const qsizetype kept = kMostSchemaBytes - m_prefix.toUtf8().size() - 1 - kHashDigits;
    const QString hash = sha256Hex(QStringView(owner.toString())).left(kHashDigits);
    return m_prefix + owner.toString().left(kept) + QLatin1Char('~') + hash;
}

Result<db::DatabaseManager> TenantSchemas::database(const OwnerId &owner) const
{
    if (auto ok = checkOwner(owner); !ok)
        return ok.error();
    return db::DatabaseManager::create(m_pool, schemaOf(owner));
}

Result<TenantSchemas::Home> TenantSchemas::makeHome(const OwnerId &owner) const
{
    auto manager = database(owner);
    if (!manager)
        return manager.error();
    auto embedder = embed::makeEmbedder(m_config.embedding);
    if (!embedder)
        return embedder.error();
    db::SqlNames names = manager->names();
    names.setEmbeddingsTable(embed::vectorTableName((*embedder)->modelId()));
    return Home{db::DatabaseManager(m_pool, names), std::move(*embedder)};
}

QFuture<Result<TenantSchema>> TenantSchemas::add(const OwnerId &owner) const
{
    auto home = makeHome(owner);
    if (!home)
        return refused<TenantSchema>(home.error());
    return home->database.run(
        Access::Write, [owner, config = m_config, embedder = home->embedder](Session &session) {
            return addTenant(session, owner, config, *embedder);
        });
}

QFuture<Result<QList<TenantSchema>>> TenantSchemas::list() const
{
    const db::DatabaseManager manager(m_pool, *db::SqlNames::forSchema(m_prefix));
    return manager.runInTransaction(
        Access::Read,
        "list_tenants",
        Scope::registry(),
        [prefix = m_prefix](Session &session) -> Result<QList<TenantSchema>> {
            auto rows = session.query(kMarked, {prefix, QLatin1String(kMark)});
            if (!rows)
                return rows.error();
            QList<TenantSchema> tenants;
            for (const db::Row &row : *rows) {
                if (auto owner = OwnerId::parse(row.text(1)))
                    tenants.append({*owner, row.text(0)});
            }
            return tenants;
        });
}

QFuture<Result<>> TenantSchemas::drop(const OwnerId &owner) const
{
    auto manager = database(owner);
    if (!manager)
        return refused<void>(manager.error());
    return manager->runInTransaction(
        Access::Write, "drop_tenant", Scope::registry(), [owner](Session &session) -> Result<> {
            auto known = isTenants(session, owner);
            if (!known)
                return known.error();
            if (!*known)
                return Error::notFound(
                    tr("The tenant \"%1\" has no schema of its own.").arg(owner.toString()));
            return session.runScript(QStringLiteral("drop_tenant_schema"),
                                     QStringLiteral("DROP SCHEMA {{schema}} CASCADE"));
        });
}

QFuture<Result<MovedTenant>> TenantSchemas::moveIn(const OwnerId &owner,
                                                   const db::DatabaseManager &from) const
{
    auto home = makeHome(owner);
    if (!home)
        return refused<MovedTenant>(home.error());
    return home->database.run(
        Access::Write,
        [owner, config = m_config, embedder = home->embedder, from = from.names()](
            Session &session) -> Result<MovedTenant> {
            if (auto added = addTenant(session, owner, config, *embedder); !added)
                return added.error();
            return db::inTransaction(
                session, "move_tenant_in", Scope::owner(owner), [&](Session &s) {
                    return tenants::moveTenant(s, owner, from, s.names());
                });
        });
}

QFuture<Result<MovedTenant>> TenantSchemas::moveOut(const OwnerId &owner,
                                                    const db::DatabaseManager &to) const
{
    auto manager = database(owner);
    if (!manager)
        return refused<MovedTenant>(manager.error());
    return manager->run(
        Access::Write, [owner, to = to.names()](Session &session) -> Result<MovedTenant> {
            auto known = isTenants(session, owner);
            if (!known)
                return known.error();
            if (!*known)
                return Error::notFound(
                    tr("The tenant \"%1\" has no schema of its own.").arg(owner.toString()));
            return db::inTransaction(
                session, "move_tenant_out", Scope::owner(owner), [&](Session &s) {
                    return tenants::moveTenant(s, owner, s.names(), to);
                });
        });
}

} // namespace llmemory
