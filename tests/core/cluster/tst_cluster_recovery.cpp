#include "core/cluster/leftovers.h"
#include "core/testing/verify_result.h"
#include "test_cluster.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <unistd.h>

using llmemory::cluster::ClusterState;
using llmemory::cluster::Lease;
using llmemory::testing::isAlive;
using llmemory::testing::queryValue;
using llmemory::testing::TestCluster;

namespace {

/// A file system of a size of our choice over a directory; needs root.
class SmallDisk
{
public:
    SmallDisk(const QString &path, const char *options)
        : m_path(QFile::encodeName(path))
        , m_isMounted(::mount("tmpfs", m_path.constData(), "tmpfs", 0, options) == 0)
    {
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_path.constData(), MNT_DETACH);
    }
    Q_DISABLE_COPY_MOVE(SmallDisk)

    bool isMounted() const { return m_isMounted; }

private:
    QByteArray m_path;
    bool m_isMounted;
};

/// Writes a file until @p bytes are there or the disk is full.
void fill(const QString &path, qint64 bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    const QByteArray block(1024 * 1024, '\0');
    while (file.size() < bytes && file.write(block) == block.size()) {
    }
}

/// Changes the content, neither owner nor mode, of a file that exists; else makes it as the
/// directory's owner.
void overwrite(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const QFileInfo directory(QFileInfo(path).path());
    QCOMPARE(::chown(QFile::encodeName(path).constData(), directory.ownerId(), directory.groupId()),
             0);
}

} // namespace

/// kill -9 of everything, full disks and what they leave behind: the database comes back with its
/// data.
class TestClusterRecovery : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void survivesTheDeathOf_data();
    void survivesTheDeathOf();
    void endsCleanlyWithoutSupervisor();
    void restartsByItself();
    void startsDespiteStaleFiles_data();
    void startsDespiteStaleFiles();
    void removesUnfinishedCreations();
    void createsAfterKilledCreation_data();
    void createsAfterKilledCreation();
    void endsServersOfAnEarlierSupervisor();
    void completesAnInterruptedRecord();
    void refusesToCreateOnAFullDisk();
    void isReadOnlyOnANearlyFullDisk();
    void recoversFromAFullDisk();

private:
    void checkNumbers(Lease &lease);
};

void TestClusterRecovery::init()
{
    qputenv("LLMEMORY_CLUSTER_GRACE_MS", "200");
}

void TestClusterRecovery::checkNumbers(Lease &lease)
{
    VERIFY_RESULT(lease.ensureRunning());
    QCOMPARE(queryValue(lease.administrator(), "SELECT sum(a) FROM numbers"),
             QStringLiteral("500500"));
    QCOMPARE(queryValue(lease.administrator(), "INSERT INTO numbers VALUES (0)"), QString());
}

void TestClusterRecovery::survivesTheDeathOf_data()
{
    QTest::addColumn<bool>("postmaster");
    QTest::addColumn<bool>("supervisor");
    QTest::newRow("the postmaster") << true << false;
    QTest::newRow("the supervisor") << false << true;
    QTest::newRow("both") << true << true;
}

void TestClusterRecovery::survivesTheDeathOf()
{
    QFETCH(bool, postmaster);
    QFETCH(bool, supervisor);
    const TestCluster cluster;
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QCOMPARE(queryValue((*lease)->administrator(),
                        "CREATE TABLE numbers AS SELECT a FROM generate_series(1, 1000) AS a"),
             QString());
    const auto killed = cluster.state();
    if (postmaster)
        ::kill(killed.postmaster, SIGKILL);
    if (supervisor)
        ::kill(killed.supervisor, SIGKILL);
    QTRY_VERIFY(!isAlive(postmaster ? killed.postmaster : killed.supervisor));
    checkNumbers(**lease);
    QVERIFY(cluster.state().postmaster != killed.postmaster);
    QCOMPARE(cluster.state().supervisor == killed.supervisor, !supervisor);
}

void TestClusterRecovery::endsCleanlyWithoutSupervisor()
{
    const TestCluster cluster;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        const auto killed = cluster.state();
        ::kill(killed.supervisor, SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(!isAlive(killed.postmaster), 60'000);
        const QString data = (*lease)->clusterDirectory() + QStringLiteral("/data");
        QVERIFY(!QFileInfo::exists(data + QStringLiteral("/postmaster.pid")));
    }
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
}

void TestClusterRecovery::restartsByItself()
{
    const TestCluster cluster;
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    const auto killed = cluster.state();
    ::kill(killed.postmaster, SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(cluster.state().phase == ClusterState::Phase::Ready &&
                                 cluster.state().postmaster != killed.postmaster,
                             60'000);
    QCOMPARE(queryValue((*lease)->application(), "SELECT 1"), QStringLiteral("1"));
}

void TestClusterRecovery::startsDespiteStaleFiles_data()
{
    QTest::addColumn<QByteArray>("pidFile");
    QTest::addColumn<QByteArray>("socketLock");
    QTest::newRow("process id of a living process") << QByteArray("LIVING") << QByteArray("LIVING");
    QTest::newRow("process id of nobody") << QByteArray("4194303") << QByteArray("4194303");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("garbage") << QByteArray("\0\xff-1", 4) << QByteArray("x");
}

void TestClusterRecovery::startsDespiteStaleFiles()
{
    QFETCH(QByteArray, pidFile);
    QFETCH(QByteArray, socketLock);
    const TestCluster cluster;
    QString data;
    QString socket;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        data = (*lease)->clusterDirectory() + QStringLiteral("/data");
        socket = (*lease)->application().host;
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    const QFileInfo owner(data);
    // PostgreSQL minds only processes of its own user.
    QProcess living;
    living.setChildProcessModifier([uid = owner.ownerId()] {
        if (::setresuid(uid, uid, uid) != 0)
            ::_exit(1);
    });
    living.start(QStringLiteral("sleep"), {QStringLiteral("600")});
    QVERIFY(living.waitForStarted());
    pidFile.replace("LIVING", QByteArray::number(living.processId()));
    socketLock.replace("LIVING", QByteArray::number(living.processId()));
    QVERIFY(QDir().mkpath(socket));
    QVERIFY(QFile::setPermissions(socket, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QCOMPARE(::chown(QFile::encodeName(socket).constData(), owner.ownerId(), owner.groupId()), 0);
    overwrite(data + QStringLiteral("/postmaster.pid"),
              pidFile + '\n' + QFile::encodeName(data) + "\n1\n5432\n");
    if (pidFile.isEmpty())
        overwrite(data + QStringLiteral("/postmaster.pid"), {});
    overwrite(socket + QStringLiteral("/.s.PGSQL.5432"), {});
    overwrite(socket + QStringLiteral("/.s.PGSQL.5432.lock"), socketLock);
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QCOMPARE(queryValue((*lease)->application(), "SELECT 1"), QStringLiteral("1"));
    QCOMPARE(living.state(), QProcess::Running);
    living.kill();
    QVERIFY(living.waitForFinished());
}

void TestClusterRecovery::removesUnfinishedCreations()
{
    const TestCluster cluster;
    QString directory;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        directory = (*lease)->clusterDirectory();
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    const QString unfinished = directory + QStringLiteral("/data.new-4711");
    QVERIFY(QDir().mkpath(unfinished + QStringLiteral("/base/1")));
    overwrite(unfinished + QStringLiteral("/PG_VERSION"), "15\n");
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QVERIFY(!QFileInfo::exists(unfinished));
}

void TestClusterRecovery::createsAfterKilledCreation_data()
{
    QTest::addColumn<int>("delayMs");
    for (const int delayMs : {0, 100, 400, 800, 1500})
        QTest::addRow("%d ms into creation", delayMs) << delayMs;
}

void TestClusterRecovery::createsAfterKilledCreation()
{
    QFETCH(int, delayMs);
    const TestCluster cluster;
    const auto holder = cluster.startHolder();
    QTRY_COMPARE_WITH_TIMEOUT(cluster.state().phase, ClusterState::Phase::Creating, 30'000);
    QTest::qWait(delayMs);
    ::kill(cluster.state().supervisor, SIGKILL);
    holder->kill();
    QVERIFY(holder->waitForFinished());
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QCOMPARE(queryValue((*lease)->application(), "SELECT '[1]'::vector"), QStringLiteral("[1]"));
    QVERIFY(QDir((*lease)->clusterDirectory()).entryList({QStringLiteral("*.new-*")}).isEmpty());
}

void TestClusterRecovery::endsServersOfAnEarlierSupervisor()
{
    const TestCluster cluster;
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    const QString data = (*lease)->clusterDirectory() + QStringLiteral("/data");
    const auto servers = llmemory::cluster::leftovers::serversIn(data);
    QVERIFY(servers.contains(cluster.state().postmaster));
    QVERIFY(servers.size() > 1);
    // A stopped postmaster neither answers nor ends by itself, as one that hangs in the kernel.
    const auto killed = cluster.state();
    ::kill(killed.postmaster, SIGSTOP);
    ::kill(killed.supervisor, SIGKILL);
    QTRY_VERIFY(!isAlive(killed.supervisor));
    QTest::qWait(200);
    ::kill(killed.postmaster, SIGCONT);
    VERIFY_RESULT((*lease)->ensureRunning());
    QVERIFY(!isAlive(killed.postmaster));
}

void TestClusterRecovery::completesAnInterruptedRecord()
{
    const TestCluster cluster;
    QString record;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        record = (*lease)->clusterDirectory() + QStringLiteral("/llmemory-cluster.json");
        QCOMPARE(queryValue((*lease)->administrator(), "CREATE TABLE t AS SELECT 42 AS a"),
                 QString());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QVERIFY(QFile::remove(record));
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QCOMPARE(queryValue((*lease)->administrator(), "SELECT a FROM t"), QStringLiteral("42"));
    QVERIFY(QFileInfo::exists(record));
}

void TestClusterRecovery::refusesToCreateOnAFullDisk()
{
    const TestCluster cluster;
    const SmallDisk disk(cluster.dataDirectory(), "size=200m,mode=0755");
    if (!disk.isMounted())
        QSKIP("mounting a small file system needs root");
    const auto lease = cluster.acquire();
    QVERIFY(!lease);
    QCOMPARE(lease.error().code, QStringLiteral("disk_full"));
    QVERIFY2(lease.error().message.contains(cluster.dataDirectory()),
             qPrintable(lease.error().message));
    cluster.endSupervisor();
}

void TestClusterRecovery::isReadOnlyOnANearlyFullDisk()
{
    const TestCluster cluster;
    const SmallDisk disk(cluster.dataDirectory(), "size=500m,mode=0755");
    if (!disk.isMounted())
        QSKIP("mounting a small file system needs root");
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        QCOMPARE(queryValue((*lease)->administrator(), "CREATE TABLE t AS SELECT 42 AS a"),
                 QString());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    fill(cluster.filePath(QStringLiteral("big")), 250 * 1024 * 1024);
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        QCOMPARE((*lease)->isReadOnly(), true);
        QCOMPARE(queryValue((*lease)->administrator(), "SELECT a FROM t"), QStringLiteral("42"));
        QCOMPARE(queryValue((*lease)->administrator(), "INSERT INTO t VALUES (1)"),
                 QStringLiteral("ERROR 25006"));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QVERIFY(QFile::remove(cluster.filePath(QStringLiteral("big"))));
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        QCOMPARE((*lease)->isReadOnly(), false);
        QCOMPARE(queryValue((*lease)->administrator(), "INSERT INTO t VALUES (1)"), QString());
    }
    cluster.endSupervisor();
}

void TestClusterRecovery::recoversFromAFullDisk()
{
    const TestCluster cluster;
    const SmallDisk disk(cluster.dataDirectory(), "size=1300m,mode=0755");
    if (!disk.isMounted())
        QSKIP("mounting a small file system needs root");
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        const QString ballast = (*lease)->clusterDirectory() + QStringLiteral("/ballast");
        QVERIFY(QFileInfo::exists(ballast));
        const auto admin = (*lease)->administrator();
        QCOMPARE(queryValue(admin,
                            "CREATE TABLE numbers AS SELECT a FROM generate_series(1, 1000) AS a"),
                 QString());
        fill(cluster.filePath(QStringLiteral("big")), qint64(2) * 1024 * 1024 * 1024);
        // Fails while the disk is full; the checkpoint then brings the server down.
        queryValue(admin, "CREATE TABLE more AS SELECT a FROM generate_series(1, 500000) AS a");
        queryValue(admin, "CHECKPOINT");
        QTRY_VERIFY_WITH_TIMEOUT(cluster.state().isReadOnly &&
                                     cluster.state().phase == ClusterState::Phase::Ready,
                                 120'000);
        QCOMPARE(queryValue((*lease)->administrator(), "SELECT sum(a) FROM numbers"),
                 QStringLiteral("500500"));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QVERIFY(QFile::remove(cluster.filePath(QStringLiteral("big"))));
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        checkNumbers(**lease);
    }
    cluster.endSupervisor();
}

QTEST_GUILESS_MAIN(TestClusterRecovery)
#include "tst_cluster_recovery.moc"
