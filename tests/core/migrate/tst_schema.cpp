#include "core/embed/embedding_model_repository.h"
#include "core/migrate/schema_admin.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <thread>
#include <vector>

using namespace llmemory;
using db::Statement;
using migrate::migrateSchema;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kTables{"tables", "SELECT count(*) FROM pg_tables WHERE schemaname = $1"};
constexpr Statement kPublic{"public_schema",
                            "SELECT count(*) FROM pg_namespace WHERE nspname = 'public'"};
constexpr Statement kRecords{"records", "SELECT count(*) FROM {{tables.schema_migrations}}"};

migrate::SchemaTarget target(const TemporarySchema &database)
{
    return {database.params(), database.schema(), {}, {}};
}

} // namespace

/// The program's own schema: made by several programs at once, side by side.
class TestSchema : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void secondTimeDoesNothing();
    void programsStartingAtOnce();
    void schemasSideBySide();
    void worksWithoutSearchPath();
    void modelIsMadeOnceByProgramsStartingAtOnce();
    void wrongNameIsRefused();
    void hostileNameIsOnlyAName();

private:
    int count(const TemporarySchema &database,
              const Statement &statement,
              const QVariantList &values = {});
};

void TestSchema::initTestCase()
{
    const TemporarySchema database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
}

int TestSchema::count(const TemporarySchema &database,
                      const Statement &statement,
                      const QVariantList &values)
{
    ThreadSession session(database);
    const auto row = session->queryOne(statement, values);
    return row ? row->integer(0) : -1;
}

void TestSchema::secondTimeDoesNothing()
{
    const TemporarySchema database(false);
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
    const TemporarySchema database(false);
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
    std::vector<std::unique_ptr<TemporarySchema>> databases;
    std::vector<Result<int>> outcomes(kSchemas, Result<int>(0));
    std::vector<std::thread> programs;
    for (int i = 0; i < kSchemas; ++i)
        databases.push_back(std::make_unique<TemporarySchema>(false));
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
    const TemporarySchema database(false);
    migrate::SchemaTarget nowhere = target(database);
    nowhere.connection.options << QStringLiteral("options='-c search_path=public'");
    VERIFY_RESULT(migrateSchema(nowhere));
    QCOMPARE(count(database, kTables, {QStringLiteral("public")}), 0);
    QVERIFY(count(database, kTables, {database.schema()}) > 5);
}

void TestSchema::modelIsMadeOnceByProgramsStartingAtOnce()
{
    const TemporarySchema database(false);
    VERIFY_RESULT(migrateSchema(target(database)));
    constexpr int kPrograms = 6;
    std::vector<Result<>> outcomes(kPrograms);
    std::vector<std::thread> programs;
    for (int i = 0; i < kPrograms; ++i) {
        programs.emplace_back([&, i] {
            ThreadSession session(database);
            outcomes[size_t(i)] =
                embed::ensureModel(*session, testing::DeterministicEmbedder(), {}, {});
        });
    }
    for (std::thread &program : programs)
        program.join();
    for (const auto &outcome : outcomes)
        VERIFY_RESULT(outcome);
}

void TestSchema::wrongNameIsRefused()
{
    const TemporarySchema database(false);
    migrate::SchemaTarget wrong = target(database);
    wrong.schema = QStringLiteral("pg_own");
    const auto outcome = migrateSchema(wrong);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, QStringLiteral("schema_name"));
}

void TestSchema::hostileNameIsOnlyAName()
{
    const TemporarySchema database(false);
    migrate::SchemaTarget hostile = target(database);
    hostile.schema = QLatin1String("x\"; DROP SCHEMA public; --") + database.schema().right(8);
    VERIFY_RESULT(migrateSchema(hostile));
    const int tables = count(database, kTables, {hostile.schema});
    ThreadSession session(database);
    VERIFY_RESULT(session->runScript(
        QStringLiteral("drop"),
        QStringLiteral("DROP SCHEMA %1 CASCADE").arg(db::quotedIdentifier(hostile.schema))));
    QVERIFY(tables > 5);
    QCOMPARE(count(database, kPublic), 1);
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
