#include "core/migrate/migration_catalog.h"
#include "tests/support/verify_result.h"

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
    void numberUsedTwice();
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
    write(QStringLiteral("0010_a.sql"));
    write(QStringLiteral("0002_b.sql"));
    write(QStringLiteral("0009_z.sql"));
    write(QStringLiteral("1000_0.sql"));
    const auto migrations = migrate::readMigrations(m_folder->path());
    VERIFY_RESULT(migrations);
    QList<int> numbers;
    for (const auto &migration : *migrations)
        numbers << migration.number;
    QCOMPARE(numbers, QList<int>({2, 9, 10, 1000}));
    QCOMPARE(migrations->first().fileName, QStringLiteral("0002_b.sql"));
    QCOMPARE(migrations->first().sql, QStringLiteral("SELECT 1"));
}

void TestMigrationCatalog::wrongNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("short number") << QStringLiteral("001_a.sql");
    QTest::newRow("long number") << QStringLiteral("00001_a.sql");
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

void TestMigrationCatalog::numberUsedTwice()
{
    write(QStringLiteral("0001_a.sql"));
    write(QStringLiteral("0001_b.sql"));
    const auto migrations = migrate::readMigrations(m_folder->path());
    QVERIFY(!migrations);
    QCOMPARE(migrations.error().code, QStringLiteral("migration_files"));
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
