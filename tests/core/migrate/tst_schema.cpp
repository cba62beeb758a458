#include "core/embed/embedding_model_repository.h"
#include "core/embed/hashed_ngram_embedder.h"
#include "core/migrate/schema_admin.h"
#include "tests/core/db/thread_session.h"
#include "tests/support/verify_result.h"

#include <thread>
#include <vector>

using namespace llmemory;
using db::Statement;
using migrate::migrateSchema;
using testing::TestDatabase;
using testing::ThreadSession;

namespace {

// Tables of the schema that hold rows of tenants; the registry itself is readable by
// administration.
#define TENANT_TABLES                                                                              \
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "                               \
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'owner_id' AND NOT a.attisdropped " \
    "WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname <> 'owners' "

constexpr Statement kTenantTables{"tenant_tables", "SELECT c.relname " TENANT_TABLES "ORDER BY 1"};
// A foreign key to a table that has no owner, such as the models, cannot begin with it.
constexpr Statement kKeysNotByOwner{"keys_not_by_owner",
                                    "SELECT c.relname || '.' || k.conname FROM pg_constraint k "
                                    "JOIN pg_class c ON c.oid = k.conrelid "
                                    "WHERE c.oid IN (SELECT c.oid " TENANT_TABLES
                                    ") AND k.contype IN ('p', 'u', 'f') "
                                    "AND k.conkey[1] <> (SELECT attnum FROM pg_attribute WHERE "
                                    "attrelid = c.oid AND attname = 'owner_id') "
                                    "AND (k.contype <> 'f' OR EXISTS (SELECT FROM pg_attribute "
                                    "WHERE attrelid = k.confrelid AND attname = 'owner_id'))"};
constexpr Statement kUniqueIndexesNotByOwner{
    "indexes_not_by_owner",
    "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indisunique "
    "AND i.indrelid IN (SELECT c.oid " TENANT_TABLES ") AND i.indkey[0] <> "
    "(SELECT attnum FROM pg_attribute WHERE attrelid = i.indrelid AND attname = 'owner_id')"};
constexpr Statement kTablesWithoutPrimaryKey{
    "tables_without_key",
    "SELECT c.relname " TENANT_TABLES
    "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')"};
constexpr Statement kUnprotected{
    "unprotected",
    "SELECT c.relname " TENANT_TABLES "AND NOT (c.relrowsecurity AND c.relforcerowsecurity "
    "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' "
    "AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL))"};
constexpr Statement kTables{"tables", "SELECT count(*) FROM pg_tables WHERE schemaname = $1"};
constexpr Statement kRecords{"records", "SELECT count(*) FROM {{tables.schema_migrations}}"};

migrate::SchemaTarget target(const TestDatabase &database)
{
    return {database.params(), database.schema(), {}, {}};
}

QStringList names(const Result<db::Rows> &rows)
{
    QStringList list;
    if (!rows)
        return {rows.error().detail};
    for (const db::Row &row : *rows)
        list << row.text(0);
    return list;
}

} // namespace

/// The program's own schema: made by several programs at once, side by side, with its walls.
class TestSchema : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void secondTimeDoesNothing();
    void programsStartingAtOnce();
    void schemasSideBySide();
    void worksWithoutSearchPath();
    void tenantTablesAreWalledOff();
    void modelIsMadeOnceByProgramsStartingAtOnce();
    void wrongNameIsRefused();

private:
    int count(const TestDatabase &database,
              const Statement &statement,
              const QVariantList &values = {});
};

void TestSchema::initTestCase()
{
    const TestDatabase database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
}

int TestSchema::count(const TestDatabase &database,
                      const Statement &statement,
                      const QVariantList &values)
{
    ThreadSession session(database);
    const auto row = session->queryOne(statement, values);
    return row ? row->integer(0) : -1;
}

void TestSchema::secondTimeDoesNothing()
{
    const TestDatabase database(false);
    const auto first = migrateSchema(target(database));
    VERIFY_RESULT(first);
    QVERIFY(*first > 0);
    const auto second = migrateSchema(target(database));
    VERIFY_RESULT(second);
    QCOMPARE(*second, 0);
    const auto status = schemaStatus(target(database));
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 0);
    QCOMPARE(status->entries.size(), *first);
}

void TestSchema::programsStartingAtOnce()
{
    const TestDatabase database(false);
    constexpr int kPrograms = 6;
    std::vector<Result<int>> outcomes(kPrograms, Result<int>(0));
    std::vector<std::thread> programs;
    for (int i = 0; i < kPrograms; ++i)
        programs.emplace_back([&, i] { outcomes[size_t(i)] = migrateSchema(target(database)); });
    for (std::thread &program : programs)
        program.join();
    int applied = 0;
    for (const auto &outcome : outcomes) {
        VERIFY_RESULT(outcome);
        applied += *outcome;
    }
    QVERIFY(applied > 0);
    QCOMPARE(count(database, kRecords), applied);
}

void TestSchema::schemasSideBySide()
{
    constexpr int kSchemas = 10;
    std::vector<std::unique_ptr<TestDatabase>> databases;
    std::vector<Result<int>> outcomes(kSchemas, Result<int>(0));
    std::vector<std::thread> programs;
    for (int i = 0; i < kSchemas; ++i)
        databases.push_back(std::make_unique<TestDatabase>(false));
    for (int i = 0; i < kSchemas; ++i)
        programs.emplace_back(
            [&, i] { outcomes[size_t(i)] = migrateSchema(target(*databases[size_t(i)])); });
    for (std::thread &program : programs)
        program.join();
    for (const auto &outcome : outcomes)
        VERIFY_RESULT(outcome);
    const int tables = count(*databases.front(), kTables, {databases.front()->schema()});
    QVERIFY(tables > 5);
    for (const auto &database : databases)
        QCOMPARE(count(*database, kTables, {database->schema()}), tables);
}

void TestSchema::worksWithoutSearchPath()
{
    // The extension's types are found in public; nothing else may be.
    const TestDatabase database(false);
    migrate::SchemaTarget nowhere = target(database);
    nowhere.connection.options << QStringLiteral("options='-c search_path=public'");
    VERIFY_RESULT(migrateSchema(nowhere));
    QCOMPARE(count(database, kTables, {QStringLiteral("public")}), 0);
    QVERIFY(count(database, kTables, {database.schema()}) > 5);
}

void TestSchema::tenantTablesAreWalledOff()
{
    const TestDatabase database;
    QVERIFY2(database.isAvailable(), qPrintable(database.reason()));
    ThreadSession session(database);
    const QVariantList schema{database.schema()};
    const QStringList tables = names(session->query(kTenantTables, schema));
    QVERIFY(tables.contains(QLatin1String("documents")));
    QVERIFY(tables.contains(QLatin1String("document_chunks")));
    QVERIFY(tables.contains(embed::vectorTableName(embed::HashedNgramEmbedder().modelId())));
    QCOMPARE(names(session->query(kTablesWithoutPrimaryKey, schema)), QStringList());
    QCOMPARE(names(session->query(kKeysNotByOwner, schema)), QStringList());
    QCOMPARE(names(session->query(kUniqueIndexesNotByOwner, schema)), QStringList());
    QCOMPARE(names(session->query(kUnprotected, schema)), QStringList());
}

void TestSchema::modelIsMadeOnceByProgramsStartingAtOnce()
{
    const TestDatabase database(false);
    VERIFY_RESULT(migrateSchema(target(database)));
    constexpr int kPrograms = 6;
    std::vector<Result<>> outcomes(kPrograms);
    std::vector<std::thread> programs;
    for (int i = 0; i < kPrograms; ++i) {
        programs.emplace_back([&, i] {
            ThreadSession session(database);
            outcomes[size_t(i)] =
                embed::ensureModel(*session, embed::HashedNgramEmbedder(), {}, {});
        });
    }
    for (std::thread &program : programs)
        program.join();
    for (const auto &outcome : outcomes)
        VERIFY_RESULT(outcome);
}

void TestSchema::wrongNameIsRefused()
{
    const TestDatabase database(false);
    migrate::SchemaTarget wrong = target(database);
    wrong.schema = QStringLiteral("x\"; DROP SCHEMA public; --");
    const auto outcome = migrateSchema(wrong);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, QStringLiteral("schema_name"));
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
