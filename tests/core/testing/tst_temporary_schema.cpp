#include "core/db/connection.h"
#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/temporary_server.h"

#include <QTest>

using namespace llmemory;
using testing::await;
using testing::TemporarySchema;
using testing::TemporaryServer;

namespace {

/// How many tables the schema has, seen by the superuser; -1 when it does not exist.
int tablesIn(const db::ConnectionParams &params, const QString &schema)
{
    const auto connection = db::Connection::open(params);
    if (!connection)
        return -2;
    const auto rows = (*connection)
                          ->query("tables",
                                  QStringLiteral("SELECT count(c.oid) FROM pg_namespace n LEFT "
                                                 "JOIN pg_class c ON c.relnamespace = n.oid AND "
                                                 "c.relkind = 'r' WHERE n.nspname = $1 GROUP BY "
                                                 "n.oid"),
                                  {schema});
    if (!rows)
        return -2;
    return rows->isEmpty() ? -1 : rows->first().integer(0);
}

} // namespace

/// A schema of a test's own: there with its tables, gone afterwards, apart from others.
class TestTemporarySchema : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void livesAsLongAsTheObject_data();
    void livesAsLongAsTheObject();
    void opensAMemory();
    void keepsTestsApart();
    void needsNoServerGiven();
    void saysWhyItIsNotThere_data();
    void saysWhyItIsNotThere();

private:
    QByteArray m_application = qgetenv("LLMEMORY_TEST_DATABASE");
    QByteArray m_administrator = qgetenv("LLMEMORY_TEST_ADMIN_DATABASE");
};

void TestTemporarySchema::init()
{
    qputenv("LLMEMORY_TEST_DATABASE", m_application);
    qputenv("LLMEMORY_TEST_ADMIN_DATABASE", m_administrator);
    qunsetenv("LLMEMORY_PG_BINDIR");
}

void TestTemporarySchema::livesAsLongAsTheObject_data()
{
    QTest::addColumn<bool>("migrate");
    QTest::addColumn<bool>("hasAdministrator");
    QTest::newRow("with tables") << true << true;
    QTest::newRow("not even made") << false << true;
    QTest::newRow("dropped by its owner") << true << false;
}

void TestTemporarySchema::livesAsLongAsTheObject()
{
    QFETCH(bool, migrate);
    QFETCH(bool, hasAdministrator);
    if (!hasAdministrator)
        qunsetenv("LLMEMORY_TEST_ADMIN_DATABASE");
    const auto administrator = db::ConnectionParams::parse(QString::fromLocal8Bit(m_administrator));
    VERIFY_RESULT(administrator);
    QString name;
    {
        const TemporarySchema schema(migrate);
        QVERIFY2(schema.isAvailable(), qPrintable(schema.reason()));
        name = schema.schema();
        const int tables = tablesIn(*administrator, name);
        QVERIFY2(migrate ? tables > 3 : tables == -1, qPrintable(QString::number(tables)));
    }
    QCOMPARE(tablesIn(*administrator, name), -1);
}

void TestTemporarySchema::opensAMemory()
{
    const TemporarySchema schema;
    QVERIFY2(schema.isAvailable(), qPrintable(schema.reason()));
    Memory memory(schema.config(false));
    VERIFY_FUTURE(memory.initialize());
    const auto owners = await(memory.listOwners());
    VERIFY_RESULT(owners);
    QVERIFY(owners->isEmpty());
}

void TestTemporarySchema::keepsTestsApart()
{
    const TemporarySchema first;
    const TemporarySchema second;
    QVERIFY2(first.isAvailable(), qPrintable(first.reason()));
    QVERIFY2(second.isAvailable(), qPrintable(second.reason()));
    const auto owner = OwnerId::parse(QStringLiteral("anna"));
    VERIFY_RESULT(owner);
    Memory one(first.config(false));
    VERIFY_FUTURE(one.initialize());
    Memory other(second.config(false));
    VERIFY_FUTURE(other.initialize());
    VERIFY_FUTURE(one.addOwner(*owner));
    const auto missing = await(other.owner(*owner));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
}

void TestTemporarySchema::needsNoServerGiven()
{
    qunsetenv("LLMEMORY_TEST_DATABASE");
    qunsetenv("LLMEMORY_TEST_ADMIN_DATABASE");
    const TemporarySchema schema;
    QVERIFY2(schema.isAvailable(), qPrintable(schema.reason()));
    const auto server = TemporaryServer::shared();
    VERIFY_RESULT(server);
    QCOMPARE(schema.connectionString(), (*server)->applicationString());
    QVERIFY(tablesIn(schema.administrator(), schema.schema()) > 3);
}

void TestTemporarySchema::saysWhyItIsNotThere_data()
{
    QTest::addColumn<QByteArray>("database");
    QTest::newRow("nobody there") << QByteArray("host=/nonexistent dbname=x user=y");
    QTest::newRow("no libpq string") << QByteArray("this is none");
}

void TestTemporarySchema::saysWhyItIsNotThere()
{
    QFETCH(QByteArray, database);
    qputenv("LLMEMORY_TEST_DATABASE", database);
    qputenv("LLMEMORY_TEST_ADMIN_DATABASE", database);
    const TemporarySchema schema;
    QVERIFY(!schema.isAvailable());
    QVERIFY(!schema.reason().isEmpty());
}

QTEST_GUILESS_MAIN(TestTemporarySchema)
#include "tst_temporary_schema.moc"
