#include "core/migrate/migration_catalog.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QTemporaryDir>

using namespace llmemory;

/// Reading a folder of migrations.
class TestMigrationCatalog : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void orderedByNumber();
    void wrongNames_data();
    void wrongNames();
    void numberUsedTwice_data();
    void numberUsedTwice();
    void missingFolderIsAnError();
    void brokenFiles_data();
    void brokenFiles();
    void harmlessFiles_data();
    void harmlessFiles();
    void dividedStatements();
    void modules_data();
    void modules();
    void modulesKeepTheirOrder();
    void otherFilesDoNotCount();
    void checksumIgnoresLineEndsAndOuterSpace();
    void ownMigrationsAreThere();

private:
    void write(const QString &name, const QByteArray &sql = "SELECT 1");

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestMigrationCatalog::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestMigrationCatalog::write(const QString &name, const QByteArray &sql)
{
    QFile file(m_folder->filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(sql) != sql.size())
        qFatal("cannot write a migration");
}

void TestMigrationCatalog::orderedByNumber()
{
    write(QStringLiteral("10_a.sql"));
    write(QStringLiteral("2_b.sql"));
    write(QStringLiteral("0009_z.sql"));
    write(QStringLiteral("1000_0.sql"));
    write(QStringLiteral("20240131235959_c.sql"));
    write(QStringLiteral("999999999999999999_d.sql"));
    const auto migrations = migrate::readMigrations(m_folder->path());
    VERIFY_RESULT(migrations);
    QList<qint64> numbers;
    for (const auto &migration : *migrations)
        numbers << migration.number;
    QCOMPARE(numbers, QList<qint64>({2, 9, 10, 1000, 20240131235959, 999999999999999999}));
    QCOMPARE(migrations->first().fileName, QStringLiteral("2_b.sql"));
    QCOMPARE(migrations->first().sql, QStringLiteral("SELECT 1"));
}

void TestMigrationCatalog::wrongNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("19 digits") << QStringLiteral("1000000000000000000_a.sql");
    QTest::newRow("negative") << QStringLiteral("-1_a.sql");
    QTest::newRow("number of another tool") << QStringLiteral("V1__a.sql");
    QTest::newRow("no number") << QStringLiteral("schema.sql");
    QTest::newRow("nothing after the number") << QStringLiteral("0001.sql");
    QTest::newRow("nothing after the underscore") << QStringLiteral("0001_.sql");
    QTest::newRow("upper case") << QStringLiteral("0001_Schema.sql");
    QTest::newRow("space") << QStringLiteral("0001_a b.sql");
    QTest::newRow("digits of another script") << QStringLiteral("\u0660\u0660\u0660\u0661_a.sql");
}

void TestMigrationCatalog::wrongNames()
{
    QFETCH(QString, name);
    write(QStringLiteral("0002_good.sql"));
    write(name);
    const auto migrations = migrate::readMigrations(m_folder->path());
    QVERIFY(!migrations);
    QCOMPARE(migrations.error().kind, ErrorKind::Configuration);
    QVERIFY(migrations.error().message.contains(name));
}

void TestMigrationCatalog::numberUsedTwice_data()
{
    QTest::addColumn<QString>("other");
    QTest::newRow("same digits") << QStringLiteral("0001_b.sql");
    QTest::newRow("other digits") << QStringLiteral("1_b.sql");
}

void TestMigrationCatalog::numberUsedTwice()
{
    QFETCH(QString, other);
    write(QStringLiteral("0001_a.sql"));
    write(other);
    const auto migrations = migrate::readMigrations(m_folder->path());
    QVERIFY(!migrations);
    QCOMPARE(migrations.error().code, QStringLiteral("migration_files"));
}

void TestMigrationCatalog::missingFolderIsAnError()
{
    const auto migrations = migrate::readMigrations(m_folder->filePath(QStringLiteral("nowhere")));
    QVERIFY(!migrations);
    QCOMPARE(migrations.error().kind, ErrorKind::Configuration);
    QVERIFY(migrations.error().message.contains(QLatin1String("nowhere")));
}

void TestMigrationCatalog::brokenFiles_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("commit") << QByteArray("CREATE TABLE t (id int); COMMIT; SELECT 1/0");
    QTest::newRow("begin") << QByteArray("-- a comment\nbegin;\nSELECT 1;\nend;");
    QTest::newRow("start") << QByteArray("START TRANSACTION");
    QTest::newRow("rollback") << QByteArray("SELECT 1; ROLLBACK");
    QTest::newRow("two-phase") << QByteArray("PREPARE TRANSACTION 'x'");
    QTest::newRow("not UTF-8") << QByteArray("SELECT '\xe4'");
    QTest::newRow("directive not first") << QByteArray("\n-- llmemory:no-transaction\nVACUUM");
    QTest::newRow("divided within a transaction")
        << QByteArray("SELECT 1;\n-- llmemory:next\nSELECT 2");
    QTest::newRow("two statements at once")
        << QByteArray("-- llmemory:no-transaction\nVACUUM a; VACUUM b");
    QTest::newRow("nothing between")
        << QByteArray("-- llmemory:no-transaction\nVACUUM a\n-- llmemory:next\n-- nothing\n");
    QTest::newRow("index that cannot be made twice")
        << QByteArray("-- llmemory:no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (a)");
    QTest::newRow("index that blocks writers")
        << QByteArray("-- llmemory:no-transaction\nCREATE INDEX IF NOT EXISTS i ON t (a)");
}

void TestMigrationCatalog::brokenFiles()
{
    QFETCH(QByteArray, sql);
    write(QStringLiteral("0001_good.sql"));
    write(QStringLiteral("0002_broken.sql"), sql);
    const auto migrations = migrate::readMigrations(m_folder->path());
    QVERIFY(!migrations);
    QCOMPARE(migrations.error().kind, ErrorKind::Configuration);
    QVERIFY(migrations.error().message.contains(QLatin1String("0002_broken.sql")));
}

void TestMigrationCatalog::harmlessFiles_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("commit in a comment") << QByteArray("SELECT 1; -- COMMIT;\n");
    QTest::newRow("block of code") << QByteArray("DO $$ BEGIN PERFORM 1; END $$;");
    QTest::newRow("savepoints") << QByteArray("SAVEPOINT a; SELECT 1; ROLLBACK TO a");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfSELECT 1");
}

void TestMigrationCatalog::harmlessFiles()
{
    QFETCH(QByteArray, sql);
    write(QStringLiteral("0001_good.sql"), sql);
    const auto migrations = migrate::readMigrations(m_folder->path());
    VERIFY_RESULT(migrations);
    QVERIFY(migrations->first().runsInTransaction());
    QCOMPARE(migrations->first().statements(), QStringList{migrations->first().sql});
    QVERIFY(!migrations->first().sql.startsWith(QChar(0xfeff)));
}

void TestMigrationCatalog::dividedStatements()
{
    write(QStringLiteral("0001_indexes.sql"),
          "-- llmemory:no-transaction\r\n"
          "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t ((a || '; b'))\r\n"
          "  -- llmemory:next\r\n"
          "VACUUM t;\r\n");
    const auto migrations = migrate::readMigrations(m_folder->path());
    VERIFY_RESULT(migrations);
    QVERIFY(!migrations->first().runsInTransaction());
    const QStringList statements = migrations->first().statements();
    QCOMPARE(statements.size(), 2);
    QVERIFY(statements.at(0).contains(QLatin1String("'; b'")));
    QCOMPARE(statements.at(1).trimmed(), QStringLiteral("VACUUM t;"));
}

void TestMigrationCatalog::modules_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("one") << QStringList{QStringLiteral("shop")} << true;
    QTest::newRow("all kinds of characters") << QStringList{QStringLiteral("My-shop_2.0")} << true;
    QTest::newRow("100 characters") << QStringList{QString(100, QLatin1Char('x'))} << true;
    QTest::newRow("101 characters") << QStringList{QString(101, QLatin1Char('x'))} << false;
    QTest::newRow("empty") << QStringList{QString()} << false;
    QTest::newRow("space") << QStringList{QStringLiteral("my shop")} << false;
    QTest::newRow("line end") << QStringList{QStringLiteral("shop\n")} << false;
    QTest::newRow("twice") << QStringList{QStringLiteral("a"), QStringLiteral("a")} << false;
    QTest::newRow("ours") << QStringList{QStringLiteral("llmemory")} << false;
}

void TestMigrationCatalog::modules()
{
    QFETCH(QStringList, names);
    QFETCH(bool, accepted);
    write(QStringLiteral("1_a.sql"));
    QList<migrate::MigrationModule> modules;
    for (const QString &name : names)
        modules.append({name, m_folder->path()});
    const auto read = migrate::readModules(modules);
    QCOMPARE(read.has_value(), accepted);
    if (!accepted)
        QCOMPARE(read.error().code, QStringLiteral("migration_files"));
}

void TestMigrationCatalog::modulesKeepTheirOrder()
{
    write(QStringLiteral("1_a.sql"));
    const auto read =
        migrate::readModules({migrate::ownModule(), {QStringLiteral("a"), m_folder->path()}});
    VERIFY_RESULT(read);
    QCOMPARE(read->size(), 2);
    QCOMPARE(read->first().module, QStringLiteral("llmemory"));
    QCOMPARE(read->last().migrations.first().fileName, QStringLiteral("1_a.sql"));
}

void TestMigrationCatalog::otherFilesDoNotCount()
{
    write(QStringLiteral("README.md"));
    write(QStringLiteral("0001_a.sql.orig"));
    const auto migrations = migrate::readMigrations(m_folder->path());
    VERIFY_RESULT(migrations);
    QVERIFY(migrations->isEmpty());
}

void TestMigrationCatalog::checksumIgnoresLineEndsAndOuterSpace()
{
    const QString checksum = migrate::migrationChecksum(QStringLiteral("SELECT 1;\nSELECT 2;"));
    QCOMPARE(checksum.size(), 64);
    QCOMPARE(migrate::migrationChecksum(QStringLiteral("\r\nSELECT 1;\r\nSELECT 2;\r\n \n")),
             checksum);
    QVERIFY(migrate::migrationChecksum(QStringLiteral("SELECT 1; SELECT 2;")) != checksum);
    QVERIFY(migrate::migrationChecksum(QStringLiteral("SELECT 1;\nSELECT 3;")) != checksum);
}

void TestMigrationCatalog::ownMigrationsAreThere()
{
    const auto migrations = migrate::readMigrations(QLatin1String(migrate::kOwnMigrations));
    VERIFY_RESULT(migrations);
    QVERIFY(!migrations->isEmpty());
    for (qsizetype i = 0; i < migrations->size(); ++i)
        QCOMPARE(migrations->at(i).number, int(i) + 1);
}

QTEST_GUILESS_MAIN(TestMigrationCatalog)
#include "tst_migration_catalog.moc"
