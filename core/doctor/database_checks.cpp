#include "core/doctor/database_checks.h"

#include "core/db/transaction.h"
#include "core/doctor/machine_checks.h"
#include "core/embed/embedder_factory.h"
#include "core/embed/vector_index_keeper.h"
#include "core/eval/owner_recall.h"

#include <QCoreApplication>
#include <QLocale>

namespace llmemory::doctor {

using db::Scope;
using db::Session;
using db::Statement;

namespace {

constexpr const char *kServerVersionId = "server_version";
constexpr const char *kSchemaId = "schema";
constexpr const char *kIsolationId = "isolation";
constexpr const char *kQueueId = "queue";
constexpr const char *kIndexesId = "indexes";
constexpr const char *kRecallId = "recall";

constexpr int kOwnersProbed = 3;
/// Below, people miss passages.
constexpr double kGoodRecall = 0.95;

constexpr Statement kSoftware{
    "doctor_software",
    "SELECT current_setting('server_version_num')::int, "
    "coalesce((SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector'), '')"};

constexpr Statement kRole{"doctor_role",
                          "SELECT r.rolname, r.rolsuper, r.rolbypassrls, "
                          "EXISTS (SELECT FROM pg_catalog.pg_tables t WHERE t.schemaname = $1 AND "
                          "t.tableowner = r.rolname) "
                          "FROM pg_catalog.pg_roles r WHERE r.rolname = current_user"};

constexpr Statement kQueue{
    "doctor_queue",
    "SELECT count(*) FILTER (WHERE status = 'pending'), "
    "count(*) FILTER (WHERE status = 'failed') FROM {{tables.embedding_queue}}"};

constexpr Statement kInvalidIndexes{"doctor_invalid_indexes",
                                    "SELECT c.relname FROM pg_catalog.pg_index i "
                                    "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                                    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                                    "WHERE n.nspname = $1 AND NOT i.indisvalid ORDER BY c.relname"};

constexpr Statement kVectorTable{
    "doctor_vector_table",
    "SELECT table_name FROM {{tables.embedding_providers}} WHERE provider_id = $1"};
constexpr Statement kLargestOwners{
    "doctor_largest_owners",
    "SELECT owner_id FROM {{tables.owners}} WHERE chunk_count > $1 ORDER BY chunk_count DESC "
    "LIMIT $2"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::doctor", text);
}

} // namespace

QList<Check> checkServerSoftware(Session &session)
{
    const auto row = session.queryOne(kSoftware);
    if (!row)
        return {failed(kServerVersionId, row.error().message)};
    return {judgeServerVersion(kServerVersionId, row->integer(0)),
            judgeVectorVersion(row->text(1))};
}

Check checkSchema(const migrate::SchemaTarget &target)
{
    const auto status = migrate::schemaStatus(target);
    if (!status)
        return failed(kSchemaId, status.error().message);
    if (status->pending == 0)
        return ok(kSchemaId,
                  tr("Schema \"%1\" is up to date (migrations: %2).")
                      .arg(target.schema)
                      .arg(status->entries.size()));
    return warning(
        kSchemaId,
        tr("Schema \"%1\" lacks migrations: %2.").arg(target.schema).arg(status->pending),
        tr("They are applied when the program starts the next time, or with \"llmemory migrate "
           "apply\"."));
}

Check checkIsolation(Session &session)
{
    const auto row = session.queryOne(kRole, {session.names().schema()});
    if (!row)
        return failed(kIsolationId, row.error().message);
    QString reason;
    if (row->boolean(1))
        reason = tr("is a superuser");
    else if (row->boolean(2))
        reason = tr("bypasses row-level security");
    else if (row->boolean(3))
        reason = tr("owns the tables");
    if (reason.isEmpty())
        return ok(kIsolationId, tr("isolation: filters and row-level security"));
    return warning(
        kIsolationId,
        tr("isolation: filters only (the role \"%1\" %2)").arg(row->text(0), reason),
        tr("Let the program connect as a role that is no superuser, does not own the tables and "
           "has no BYPASSRLS."));
}

Check checkQueue(Session &session)
{
    const auto row =
        db::inTransaction(session, "doctor_queue", Scope::queue(), [](Session &inside) {
            return inside.queryOne(kQueue);
        });
    if (!row)
        return failed(kQueueId, row.error().message);
    const QLocale locale;
    const QString message =
        tr("Passages that wait for their vector: %1; given up: %2.")
            .arg(locale.toString(row->bigint(0)), locale.toString(row->bigint(1)));
    if (row->bigint(1) == 0)
        return ok(kQueueId, message);
    return warning(
        kQueueId,
        message,
        tr("Passages that were given up are found by words only. Reading their files again tries "
           "them once more."));
}

Check checkIndexes(Session &session)
{
    const auto rows = session.query(kInvalidIndexes, {session.names().schema()});
    if (!rows)
        return failed(kIndexesId, rows.error().message);
    if (rows->isEmpty())
        return ok(kIndexesId, tr("All indexes are usable."));
    QStringList names;
    for (const db::Row &row : *rows)
        names += row.text(0);
    return failed(kIndexesId,
                  tr("Unusable indexes: %1.").arg(names.join(QStringLiteral(", "))),
                  tr("Run REINDEX INDEX CONCURRENTLY for each of them."));
}

namespace {

struct Probe
{
    QStringList owners = {};
    double worst = 1;
    QString worstOwner = {};
};

Result<Probe> probeRecall(Session &session, const Config &config)
{
    auto owners = session.query(kLargestOwners, {embed::kExactPassages, kOwnersProbed});
    if (!owners)
        return owners.error();
    if (owners->isEmpty())
        return Probe{};
    const auto embedder = embed::makeEmbedder(config.embedding);
    if (!embedder)
        return embedder.error();
    auto table = session.query(kVectorTable, {(*embedder)->modelId()});
    if (!table)
        return table.error();
    if (table->isEmpty())
        return Probe{};
    db::SqlNames names = session.names();
    names.setEmbeddingsTable(table->first().text(0));
    Session vectors(session.connection(), names);
    Probe probe;
    for (const db::Row &row : *owners) {
        auto owner = OwnerId::parse(row.text(0));
        if (!owner)
            return owner.error();
        const auto inTransaction = [&](const eval::RecallWork &work) {
            return db::inTransaction(vectors, "doctor_recall", Scope::owner(*owner), work);
        };
        const auto recall = eval::measureOwnerRecall(
            inTransaction, **embedder, *owner, config.search.hnswProfile, [] { return false; });
        if (!recall)
            return recall.error();
        probe.owners += owner->toString();
        if (probe.worstOwner.isEmpty() || recall->recall < probe.worst) {
            probe.worst = recall->recall;
            probe.worstOwner = owner->toString();
        }
    }
    return probe;
}

} // namespace

Check checkRecall(Session &session, const Config &config)
{
    const auto probe = probeRecall(session, config);
    if (!probe)
        return failed(kRecallId, probe.error().message);
    if (probe->owners.isEmpty())
        return ok(kRecallId,
                  tr("Every owner is searched by meaning exactly; none needs an index."));
    const QString message =
        tr("Of the ten nearest passages the search by meaning finds %1 % (worst of the owners %2: "
           "%3).")
            .arg(QLocale().toString(probe->worst * 100, 'f', 1),
                 probe->owners.join(QStringLiteral(", ")),
                 probe->worstOwner);
    if (probe->worst >= kGoodRecall)
        return ok(kRecallId, message);
    return warning(
        kRecallId,
        message,
        tr("Set search.hnsw_profile to \"accurate\"; it counts at once for searches, and "
           "for an index after it was dropped and built again."));
}

} // namespace llmemory::doctor
