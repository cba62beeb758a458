#include "core/migrate/schema_migrations.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

#include <QFile>
#include <QTemporaryDir>

using namespace llmemory;
using db::Statement;
using migrate::MigrationModule;
using migrate::SchemaMigrations;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kTables{"tables",
                            "SELECT coalesce(string_agg(tablename, ',' ORDER BY tablename), '') "
                            "FROM pg_tables WHERE schemaname = $1"};
constexpr Statement kModules{
    "modules", "SELECT string_agg(module_name, ',' ORDER BY id) FROM {{tables.schema_migrations}}"};

/// Waits for an answer of the pool.
template <typename T>
Result<T> answer(QFuture<Result<T>> future)
{
    future.waitForFinished();
    return future.isCanceled() ? Result<T>(Error::cancelled()) : future.result();
}

} // namespace

/// Migrations by hand on a pool that belongs to another program, with modules of its own.
class TestSchemaMigrations : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void oursFirst();
    void planChangesNothing();
    void onlyTheProgramsOwn();
    void wrongFilesAreAnError();
    void failureIsAnError();
    void schemasOnOnePool();
    void schemaOfAnyName();

private:
    void write(const QString &name, const QByteArray &sql);
    MigrationModule shop() const { return {QStringLiteral("shop"), m_folder->path()}; }
    QString text(const Statement &statement, const QVariantList &values = {});

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TemporarySchema> m_database;
};

void TestSchemaMigrations::initTestCase()
{
    const TemporarySchema database(false);
    if (!database.isAvailable())
        QSKIP(qPrintable(database.reason()));
}

void TestSchemaMigrations::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_database = std::make_unique<TemporarySchema>(false);
    // By letters, 10 would come before 2, which it builds upon.
    write(QStringLiteral("10_price.sql"), "ALTER TABLE {{tables.orders}} ADD COLUMN price int");
    write(QStringLiteral("2_orders.sql"),
          "CREATE TABLE {{tables.orders}} (owner_id text, document_id uuid)");
}

void TestSchemaMigrations::write(const QString &name, const QByteArray &sql)
{
    QFile file(m_folder->filePath(name));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(sql) != sql.size())
        qFatal("cannot write a migration");
}

QString TestSchemaMigrations::text(const Statement &statement, const QVariantList &values)
{
    ThreadSession session(*m_database);
    const auto row = session->queryOne(statement, values);
    return row ? row->text(0) : row.error().detail;
}

void TestSchemaMigrations::oursFirst()
{
    // The table of the other module refers to one of ours.
    write(QStringLiteral("11_reference.sql"),
          "ALTER TABLE {{tables.orders}} ADD FOREIGN KEY (owner_id, document_id) "
          "REFERENCES {{tables.documents}}");
    const auto migrations = SchemaMigrations::ofMemory(m_database->manager(1), {shop()});
    const auto applied = answer(migrations.apply());
    VERIFY_RESULT(applied);
    const auto status = answer(migrations.status());
    VERIFY_RESULT(status);
    QCOMPARE(status->schema, m_database->schema());
    QCOMPARE(status->pending, 0);
    QCOMPARE(status->entries.size(), *applied);
    QCOMPARE(status->entries.first().module, QStringLiteral("llmemory"));
    QCOMPARE(status->entries.at(*applied - 3).fileName, QStringLiteral("2_orders.sql"));
    QCOMPARE(status->entries.at(*applied - 2).number, 10);
    QVERIFY(text(kModules).startsWith(QLatin1String("llmemory,")));
    QVERIFY(text(kModules).endsWith(QLatin1String(",shop,shop,shop")));
    const auto again = answer(migrations.apply());
    VERIFY_RESULT(again);
    QCOMPARE(*again, 0);
}

void TestSchemaMigrations::planChangesNothing()
{
    const auto migrations = SchemaMigrations::ofMemory(m_database->manager(1), {shop()});
    const auto plan = answer(migrations.plan());
    VERIFY_RESULT(plan);
    QVERIFY(plan->createsSchema);
    QCOMPARE(plan->total, int(plan->steps.size()));
    QCOMPARE(plan->steps.first().fileName, QStringLiteral("0001_schema.sql"));
    QCOMPARE(plan->steps.last().fileName, QStringLiteral("10_price.sql"));
    for (const auto &step : plan->steps) {
        QVERIFY(!step.sql.contains(QLatin1String("{{")));
        QVERIFY(step.sql.contains(m_database->schema()));
    }
    QCOMPARE(text(kTables, {m_database->schema()}), QString());
    const auto applied = answer(migrations.apply());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, int(plan->steps.size()));
}

void TestSchemaMigrations::onlyTheProgramsOwn()
{
    const auto migrations = SchemaMigrations::ofModules(m_database->manager(1), {shop()});
    const auto applied = answer(migrations.apply());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, 2);
    QCOMPARE(text(kTables, {m_database->schema()}), QStringLiteral("orders,schema_migrations"));
}

void TestSchemaMigrations::wrongFilesAreAnError()
{
    write(QStringLiteral("0002_again.sql"), "SELECT 1");
    const auto migrations = SchemaMigrations::ofModules(m_database->manager(1), {shop()});
    const auto status = answer(migrations.status());
    const auto plan = answer(migrations.plan());
    const auto applied = answer(migrations.apply());
    QVERIFY(!status && !plan && !applied);
    for (const Error &error : {status.error(), plan.error(), applied.error()})
        QCOMPARE(error.code, QStringLiteral("migration_files"));
}

void TestSchemaMigrations::failureIsAnError()
{
    write(QStringLiteral("3_broken.sql"), "DROP TABLE {{tables.orders}}; SELECT nothing");
    const auto migrations = SchemaMigrations::ofModules(m_database->manager(1), {shop()});
    const auto applied = answer(migrations.apply());
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind, ErrorKind::Database);
    QCOMPARE(applied.error().code, QStringLiteral("migration_failed"));
    QVERIFY(applied.error().message.contains(QLatin1String("3_broken.sql")));
    QVERIFY(applied.error().message.contains(QLatin1String("\"shop\"")));
    QCOMPARE(text(kTables, {m_database->schema()}), QStringLiteral("orders,schema_migrations"));
    // The pool is not spoilt by it.
    const auto status = answer(migrations.status());
    VERIFY_RESULT(status);
    QCOMPARE(status->pending, 2);
}

void TestSchemaMigrations::schemasOnOnePool()
{
    const TemporarySchema other(false);
    const auto here = m_database->manager(2);
    const auto there = db::DatabaseManager::create(here.pool(), other.schema());
    VERIFY_RESULT(there);
    auto first = SchemaMigrations::ofMemory(here, {shop()}).apply();
    auto second = SchemaMigrations::ofMemory(*there).apply();
    const auto appliedHere = answer(first);
    const auto appliedThere = answer(second);
    VERIFY_RESULT(appliedHere);
    VERIFY_RESULT(appliedThere);
    QCOMPARE(*appliedHere, *appliedThere + 2);
    QVERIFY(!text(kTables, {other.schema()}).contains(QLatin1String("orders")));
}

void TestSchemaMigrations::schemaOfAnyName()
{
    const QString schema =
        QStringLiteral("Strange \"N\u00e4me\" 1 ") + m_database->schema().right(8);
    const auto manager = db::DatabaseManager::create(m_database->manager(1).pool(), schema);
    VERIFY_RESULT(manager);
    write(QStringLiteral("20_index.sql"),
          "-- llmemory:no-transaction\n"
          "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_by_price ON {{tables.orders}} (price)");
    const auto migrations = SchemaMigrations::ofMemory(*manager, {shop()});
    const auto plan = answer(migrations.plan());
    const auto applied = answer(migrations.apply());
    const auto status = answer(migrations.status());
    const QString made = text(kTables, {schema});
    ThreadSession session(*m_database);
    VERIFY_RESULT(session->connection().runScript(
        QStringLiteral("drop"),
        QStringLiteral("DROP SCHEMA %1 CASCADE").arg(db::quotedIdentifier(schema))));

    VERIFY_RESULT(plan);
    VERIFY_RESULT(applied);
    VERIFY_RESULT(status);
    QCOMPARE(*applied, int(plan->steps.size()));
    QCOMPARE(status->pending, 0);
    QVERIFY(made.contains(QLatin1String("documents")));
    QVERIFY(made.contains(QLatin1String("orders")));
    QCOMPARE(text(kTables, {QStringLiteral("public")}), QString());
}

QTEST_GUILESS_MAIN(TestSchemaMigrations)
#include "tst_schema_migrations.moc"
