#include "core/embed/embedding_model_repository.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

using namespace llmemory;
using db::Statement;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

// A tenant table is one with a column owner_id. $1 is the schema; o.attnum the column's number.
#define TENANT_TABLES                                                                              \
    "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1 "                 \
    "JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'owner_id' AND NOT o.attisdropped " \
    "AND c.relkind IN ('r', 'p') "

constexpr Statement kTenantTables{"tenant_tables",
                                  "SELECT c.relname FROM " TENANT_TABLES "ORDER BY 1"};
// The models and the history of the schema belong to no tenant.
constexpr Statement kWithoutOwner{
    "tables_without_owner",
    "SELECT c.relname || ' has no owner_id' FROM pg_class c JOIN pg_namespace n "
    "ON n.oid = c.relnamespace AND n.nspname = $1 WHERE c.relkind IN ('r', 'p', 'm', 'f') "
    "AND c.relname NOT IN ('embedding_providers', 'schema_migrations', 'schema_migration_builds') "
    "AND NOT EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid "
    "AND o.attname = 'owner_id' AND NOT o.attisdropped)"};
constexpr Statement kOwnerColumns{
    "owner_columns",
    "SELECT c.relname || '.owner_id is not text NOT NULL' FROM " TENANT_TABLES
    "WHERE NOT o.attnotnull OR o.atttypid <> 'text'::regtype"};
constexpr Statement kWithoutPrimaryKey{
    "tables_without_key",
    "SELECT c.relname || ' has no primary key' FROM " TENANT_TABLES
    "WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')"};
constexpr Statement kKeys{"keys",
                          "SELECT c.relname || ': ' || k.conname || ' does not lead with owner_id' "
                          "FROM " TENANT_TABLES "JOIN pg_constraint k ON k.conrelid = c.oid "
                          "WHERE k.contype IN ('p', 'u', 'x') AND k.conkey[1] <> o.attnum"};
// An expression has the number 0. Those of constraints are named above.
constexpr Statement kUniqueIndexes{
    "unique_indexes",
    "SELECT c.relname || ': ' || x.relname || ' does not lead with owner_id' FROM " TENANT_TABLES
    "JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique JOIN pg_class x ON x.oid = "
    "i.indexrelid WHERE i.indkey[0] <> o.attnum "
    "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.conrelid = c.oid)"};
constexpr Statement kForeignKeys{
    "foreign_keys",
    "SELECT c.relname || ': ' || k.conname || ' does not lead with owner_id' FROM " TENANT_TABLES
    "JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' WHERE k.conkey[1] <> o.attnum"};
constexpr Statement kCrossingKeys{
    "foreign_keys_across_tenants",
    "SELECT c.relname || ': ' || k.conname || ' does not map owner_id to owner_id' "
    "FROM " TENANT_TABLES "JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' "
    "WHERE array_position(k.conkey, o.attnum) IS NULL "
    "OR array_position(k.conkey, o.attnum) IS DISTINCT FROM array_position(k.confkey, "
    "(SELECT r.attnum FROM pg_attribute r WHERE r.attrelid = k.confrelid "
    "AND r.attname = 'owner_id' AND NOT r.attisdropped))"};
constexpr Statement kKeysFromOutside{
    "foreign_keys_from_outside",
    "SELECT k.conrelid::regclass || ': ' || k.conname || ' refers to a tenant without one' "
    "FROM " TENANT_TABLES "JOIN pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' "
    "WHERE NOT EXISTS (SELECT FROM pg_attribute r WHERE r.attrelid = k.conrelid "
    "AND r.attname = 'owner_id' AND NOT r.attisdropped)"};
// owners is the registry: names, settings and counts of the tenants, which administration lists.
constexpr Statement kUnprotected{
    "unprotected",
    "SELECT c.relname || ': row security is not enabled and forced' FROM " TENANT_TABLES
    "WHERE c.relname <> 'owners' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"};
constexpr Statement kWithoutPolicy{
    "without_policy",
    "SELECT c.relname || ' has no policy for everything' FROM " TENANT_TABLES
    "WHERE c.relname <> 'owners' AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid "
    "AND p.polcmd = '*' AND p.polpermissive AND p.polroles = '{0}')"};
// Permissive policies add up, so a single one without the owner opens the table.
constexpr Statement kOpenPolicies{
    "open_policies",
    "SELECT c.relname || ': policy ' || p.polname || ' does not ask for the owner' "
    "FROM " TENANT_TABLES "JOIN pg_policy p ON p.polrelid = c.oid AND p.polpermissive "
    "WHERE coalesce(pg_get_expr(p.polqual, p.polrelid) !~ 'owner_id = .*current_owner\\(\\)', "
    "p.polcmd <> 'a') OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid) "
    "!~ 'owner_id = .*current_owner\\(\\)', p.polcmd NOT IN ('r', 'd'))"};

const Statement kRules[] = {kWithoutOwner,
                            kOwnerColumns,
                            kWithoutPrimaryKey,
                            kKeys,
                            kUniqueIndexes,
                            kForeignKeys,
                            kCrossingKeys,
                            kKeysFromOutside,
                            kUnprotected,
                            kWithoutPolicy,
                            kOpenPolicies};

QStringList firstColumn(const Result<db::Rows> &rows)
{
    QStringList list;
    if (!rows)
        return {rows.error().detail};
    for (const db::Row &row : *rows)
        list << row.text(0);
    return list;
}

} // namespace

/// Walks the catalogue of a migrated schema: everything of a tenant is addressed by its owner_id,
/// so that the schema can be distributed by it and no key crosses tenants.
class TestTenantCatalogue : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void allTablesAreThere();
    void schemaKeepsTheRules();
    void faultsAreFound_data();
    void faultsAreFound();

private:
    QStringList faults();

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<ThreadSession> m_session;
};

void TestTenantCatalogue::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_session = std::make_unique<ThreadSession>(*m_database);
}

QStringList TestTenantCatalogue::faults()
{
    QStringList all;
    for (const Statement &rule : kRules)
        all << firstColumn((*m_session)->query(rule, {m_database->schema()}));
    return all;
}

void TestTenantCatalogue::allTablesAreThere()
{
    const QStringList tables =
        firstColumn((*m_session)->query(kTenantTables, {m_database->schema()}));
    const QStringList expected{QStringLiteral("owners"),
                               QStringLiteral("documents"),
                               QStringLiteral("document_contents"),
                               QStringLiteral("document_chunks"),
                               QStringLiteral("embedding_queue"),
                               QStringLiteral("ingest_batches"),
                               QStringLiteral("ingest_files"),
                               QStringLiteral("text_segments"),
                               QStringLiteral("text_postings"),
                               QStringLiteral("search_history"),
                               QStringLiteral("search_results"),
                               QStringLiteral("notebook_queries"),
                               QStringLiteral("notebook_judgements"),
                               QStringLiteral("notebook_reports"),
                               QStringLiteral("saved_searches"),
                               embed::vectorTableName(testing::DeterministicEmbedder().modelId())};
    for (const QString &table : expected)
        QVERIFY2(tables.contains(table), qPrintable(table));
}

void TestTenantCatalogue::schemaKeepsTheRules()
{
    QCOMPARE(faults(), QStringList());
}

void TestTenantCatalogue::faultsAreFound_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const char *sql, const char *fault) {
        QTest::newRow(name) << QString::fromLatin1(sql) << QString::fromLatin1(fault);
    };
    row("table without owner",
        "CREATE TABLE {{tables.notes}} (id int PRIMARY KEY)",
        "notes has no owner_id");
    row("copy of tenants' rows",
        "CREATE MATERIALIZED VIEW {{schema}}.copies AS SELECT content FROM "
        "{{tables.document_contents}}",
        "copies has no owner_id");
    row("owner that may be missing",
        "ALTER TABLE {{tables.ingest_files}} DROP CONSTRAINT ingest_files_pkey; "
        "ALTER TABLE {{tables.ingest_files}} ALTER owner_id DROP NOT NULL",
        "ingest_files.owner_id is not text NOT NULL");
    row("no primary key",
        "ALTER TABLE {{tables.ingest_files}} DROP CONSTRAINT ingest_files_pkey",
        "ingest_files has no primary key");
    row("primary key",
        "ALTER TABLE {{tables.ingest_files}} DROP CONSTRAINT ingest_files_pkey; "
        "ALTER TABLE {{tables.ingest_files}} ADD PRIMARY KEY (file_id, owner_id)",
        "ingest_files: ingest_files_pkey does not lead with owner_id");
    row("unique constraint",
        "ALTER TABLE {{tables.documents}} ADD CONSTRAINT bad UNIQUE (id_at_origin)",
        "documents: bad does not lead with owner_id");
    row("unique index",
        "CREATE UNIQUE INDEX bad ON {{tables.documents}} (document_id, owner_id)",
        "documents: bad does not lead with owner_id");
    row("unique index of an expression",
        "CREATE UNIQUE INDEX bad ON {{tables.documents}} (lower(owner_id), document_id)",
        "documents: bad does not lead with owner_id");
    row("foreign key that does not lead with the owner",
        "CREATE UNIQUE INDEX other_way ON {{tables.documents}} (document_id, owner_id); "
        "ALTER TABLE {{tables.ingest_files}} ADD CONSTRAINT bad FOREIGN KEY (document_id, "
        "owner_id) "
        "REFERENCES {{tables.documents}} (document_id, owner_id)",
        "ingest_files: bad does not lead with owner_id");
    row("foreign key across tenants",
        "ALTER TABLE {{tables.documents}} ADD CONSTRAINT by_id UNIQUE (document_id); "
        "ALTER TABLE {{tables.ingest_files}} ADD CONSTRAINT bad FOREIGN KEY (document_id) "
        "REFERENCES {{tables.documents}} (document_id)",
        "ingest_files: bad does not map owner_id to owner_id");
    row("owner that refers to something else",
        "ALTER TABLE {{tables.documents}} ADD CONSTRAINT by_type UNIQUE (document_type, "
        "document_id); "
        "ALTER TABLE {{tables.ingest_files}} ADD CONSTRAINT bad FOREIGN KEY (owner_id, "
        "document_id) "
        "REFERENCES {{tables.documents}} (document_type, document_id)",
        "ingest_files: bad does not map owner_id to owner_id");
    row("foreign key to a table without tenants",
        "ALTER TABLE {{tables.embedding_queue}} ADD CONSTRAINT bad FOREIGN KEY (provider_id) "
        "REFERENCES {{tables.embedding_providers}}",
        "embedding_queue: bad does not map owner_id to owner_id");
    row("foreign key from a table without tenants",
        "ALTER TABLE {{tables.embedding_providers}} ADD COLUMN made_by text, "
        "ADD CONSTRAINT bad FOREIGN KEY (made_by) REFERENCES {{tables.owners}}",
        "bad refers to a tenant without one");
    row("row security off",
        "ALTER TABLE {{tables.documents}} DISABLE ROW LEVEL SECURITY",
        "documents: row security is not enabled and forced");
    row("row security not forced",
        "ALTER TABLE {{tables.document_chunks}} NO FORCE ROW LEVEL SECURITY",
        "document_chunks: row security is not enabled and forced");
    row("row security of the vectors",
        "ALTER TABLE {{embeddings}} NO FORCE ROW LEVEL SECURITY",
        ": row security is not enabled and forced");
    row("no policy",
        "DROP POLICY tenant ON {{tables.documents}}",
        "documents has no policy for everything");
    row("second policy that lets everything through",
        "CREATE POLICY more ON {{tables.documents}} FOR SELECT USING (true)",
        "documents: policy more does not ask for the owner");
    row("policy that checks no new rows",
        "ALTER POLICY tenant ON {{tables.documents}} WITH CHECK (true)",
        "documents: policy tenant does not ask for the owner");
}

void TestTenantCatalogue::faultsAreFound()
{
    QFETCH(QString, sql);
    QFETCH(QString, fault);
    db::Session &session = **m_session;
    VERIFY_RESULT(session.runScript(QStringLiteral("fault"), QLatin1String("BEGIN; ") + sql));
    const QString found = faults().join(QLatin1Char('\n'));
    VERIFY_RESULT(session.runScript(QStringLiteral("repair"), QStringLiteral("ROLLBACK")));
    QVERIFY2(found.contains(fault), qPrintable(found));
    QCOMPARE(faults(), QStringList());
}

QTEST_GUILESS_MAIN(TestTenantCatalogue)
#include "tst_tenant_catalogue.moc"
