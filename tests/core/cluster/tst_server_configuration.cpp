#include "core/cluster/server_configuration.h"

#include <QTest>

using llmemory::cluster::ServerConfiguration;

namespace {

constexpr qint64 kGiB = qint64(1024) * 1024 * 1024;

ServerConfiguration usual()
{
    ServerConfiguration configuration;
    configuration.installation.major = 15;
    configuration.installation.vectorVersion = QStringLiteral("0.8.6");
    configuration.memoryBytes = 16 * kGiB;
    configuration.sharedMemoryBytes = 8 * kGiB;
    configuration.processors = 8;
    return configuration;
}

} // namespace

class TestServerConfiguration : public QObject
{
    Q_OBJECT

private slots:
    void adaptsToTheMachine_data();
    void adaptsToTheMachine();
};

void TestServerConfiguration::adaptsToTheMachine_data()
{
    QTest::addColumn<ServerConfiguration>("configuration");
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("desktop") << usual() << QByteArray("shared_buffers = 1024MB");
    auto small = usual();
    small.memoryBytes = 8 * kGiB;
    QTest::newRow("8 GiB") << small << QByteArray("shared_buffers = 512MB");
    small.memoryBytes = kGiB;
    QTest::newRow("1 GiB") << small << QByteArray("shared_buffers = 64MB");
    QTest::newRow("vacuum on 1 GiB") << small << QByteArray("autovacuum_work_mem = 64MB");
    small.memoryBytes = kGiB / 8;
    QTest::newRow("128 MiB") << small << QByteArray("shared_buffers = 32MB");
    QTest::newRow("graphs of indexes") << usual() << QByteArray("maintenance_work_mem = 512MB");
    QTest::newRow("vacuum") << usual() << QByteArray("autovacuum_work_mem = 256MB");
    auto little = usual();
    little.sharedMemoryBytes = kGiB / 2;
    little.memoryBytes = 64 * kGiB;
    QTest::newRow("graphs in /dev/shm") << little << QByteArray("maintenance_work_mem = 256MB");
    little.sharedMemoryBytes = kGiB / 4;
    QTest::newRow("graphs in less") << little << QByteArray("maintenance_work_mem = 128MB");
    little.sharedMemoryBytes = 0;
    QTest::newRow("graphs of one worker") << little << QByteArray("maintenance_work_mem = 1024MB");
    auto container = usual();
    container.sharedMemoryBytes = kGiB / 16;
    QTest::newRow("small /dev/shm")
        << container << QByteArray("max_parallel_workers_per_gather = 0");
    auto two = usual();
    two.processors = 2;
    QTest::newRow("two processors") << two << QByteArray("max_parallel_maintenance_workers = 1");
    two.processors = 1;
    QTest::newRow("one processor") << two << QByteArray("max_parallel_workers_per_gather = 0");
    auto old = usual();
    old.installation.vectorVersion = QStringLiteral("0.8.1");
    QTest::newRow("pgvector 0.8.1") << old << QByteArray("max_parallel_maintenance_workers = 0");
    old.installation.vectorVersion = QStringLiteral("0.8.10");
    QTest::newRow("pgvector 0.8.10") << old << QByteArray("max_parallel_maintenance_workers = 2");
    QTest::newRow("writable") << usual() << QByteArray("default_transaction_read_only = off");
    auto full = usual();
    full.isReadOnly = true;
    QTest::newRow("disk full") << full << QByteArray("default_transaction_read_only = on");
    QTest::newRow("no TCP") << usual() << QByteArray("listen_addresses = ''");
    QTest::newRow("no document text in the log")
        << usual() << QByteArray("log_min_error_statement = panic");
    QTest::newRow("log prefix") << usual() << QByteArray("log_line_prefix = '%m [%p] '");
}

void TestServerConfiguration::adaptsToTheMachine()
{
    QFETCH(ServerConfiguration, configuration);
    QFETCH(QByteArray, line);
    const QByteArray text = configuration.toText();
    QVERIFY2(text.split('\n').contains(line), text.constData());
}

QTEST_GUILESS_MAIN(TestServerConfiguration)
#include "tst_server_configuration.moc"
