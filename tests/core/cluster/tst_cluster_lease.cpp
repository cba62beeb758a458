#include "core/cluster/cluster_directory.h"
#include "core/cluster/cluster_lease.h"
#include "core/testing/verify_result.h"
#include "test_cluster.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTest>

#include <array>
#include <atomic>

using llmemory::ErrorKind;
using llmemory::cluster::ClusterState;
using llmemory::cluster::Lease;
using llmemory::testing::isAlive;
using llmemory::testing::queryValue;
using llmemory::testing::TestCluster;

/// How programs share the embedded database: creation, joining, the last one out.
class TestClusterLease : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void createsOnFirstUse();
    void givesTheServerOnlyWhatItNeeds();
    void givesEachRoleItsRights();
    void reusesTheRunningServer();
    void startsAgainWithTheData();
    void stopsAfterTheLastUser();
    void keepsTheServerThroughTheGrace();
    void stopsWhenTheLastUserIsKilled();
    void twoProgramsCreateAtOnce();
    void worksInAnyDirectory_data();
    void worksInAnyDirectory();
    void canBeCancelled();
};

void TestClusterLease::init()
{
    qputenv("LLMEMORY_CLUSTER_GRACE_MS", "200");
}

void TestClusterLease::createsOnFirstUse()
{
    const TestCluster cluster;
    QStringList steps;
    const auto lease = cluster.acquire(&steps);
    VERIFY_RESULT(lease);
    QVERIFY2(steps.contains(QStringLiteral("Creating the database (first start)…")),
             qPrintable(steps.join(QLatin1Char('|'))));
    QCOMPARE(cluster.state().phase, ClusterState::Phase::Ready);
    QCOMPARE((*lease)->isReadOnly(), false);

    const llmemory::cluster::ClusterDirectory files((*lease)->clusterDirectory(),
                                                    (*lease)->serverMajor());
    const auto secret = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    for (const QString &path : {files.record(), files.adminPassword(), files.appPassword()})
        QCOMPARE(QFileInfo(path).permissions() & ~secret, QFile::Permissions());
    const auto everybody = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                           QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFileInfo(files.data()).permissions() & everybody, QFile::Permissions());
    QVERIFY(QDir(files.path()).entryList({QStringLiteral("*.new-*")}).isEmpty());

    const auto admin = (*lease)->administrator();
    QCOMPARE(queryValue(admin, "SHOW data_checksums"), QStringLiteral("on"));
    QCOMPARE(queryValue(admin, "SHOW listen_addresses"), QString());
    QCOMPARE(queryValue(admin, "SHOW fsync"), QStringLiteral("on"));
    QCOMPARE(queryValue(admin, "SHOW log_min_error_statement"), QStringLiteral("panic"));
    QCOMPARE(queryValue(admin, "SELECT datcollate FROM pg_database WHERE datname = 'llmemory'"),
             QStringLiteral("C"));
    QCOMPARE(queryValue(admin, "SELECT extname FROM pg_extension WHERE extname = 'vector'"),
             QStringLiteral("vector"));
    QCOMPARE(queryValue(admin,
                        "SELECT bool_and(proleakproof) FROM pg_proc WHERE oid IN "
                        "('pg_catalog.ts_match_vq(tsvector,tsquery)'::regprocedure, "
                        "'pg_catalog.jsonb_contains(jsonb,jsonb)'::regprocedure)"),
             QStringLiteral("t"));
    QVERIFY(!queryValue(admin, "SELECT rolpassword FROM pg_authid WHERE rolname = 'llmemory_app'")
                 .contains((*lease)->application().password));
}

void TestClusterLease::givesTheServerOnlyWhatItNeeds()
{
    qputenv("DATABASE_URL", "postgresql://u:secret@db.example.org/d");
    qputenv("PGOPTIONS", "-c work_mem=64kB");
    const auto forget = qScopeGuard([] {
        qunsetenv("DATABASE_URL");
        qunsetenv("PGOPTIONS");
    });
    const TestCluster cluster;
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QFile file(QStringLiteral("/proc/%1/environ").arg(cluster.state().postmaster));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.errorString()));
    const QByteArrayList environment = file.readAll().split('\0');
    QVERIFY(environment.contains("LC_ALL=C"));
    // A statement's memory is kept for the next one.
    QVERIFY(environment.contains("MALLOC_TRIM_THRESHOLD_=33554432"));
    for (const QByteArray &variable : environment)
        QVERIFY2(!variable.startsWith("DATABASE_URL=") && !variable.startsWith("PG"),
                 variable.constData());
}

void TestClusterLease::givesEachRoleItsRights()
{
    const TestCluster cluster;
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    const auto app = (*lease)->application();
    const auto admin = (*lease)->administrator();
    QCOMPARE(queryValue(app, "SELECT current_user"), QStringLiteral("llmemory_app"));
    QCOMPARE(queryValue(
                 app, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"),
             QStringLiteral("f"));
    QCOMPARE(queryValue(app, "CREATE TABLE public.t (a int)"), QStringLiteral("ERROR 42501"));
    QCOMPARE(queryValue(app, "CREATE SCHEMA s"), QStringLiteral("ERROR 42501"));
    QCOMPARE(queryValue(app, "SELECT '[1,2]'::public.vector"), QStringLiteral("[1,2]"));
    QCOMPARE(queryValue(app, "CREATE TEMPORARY TABLE t (a int)"), QString());
    QCOMPARE(queryValue(admin, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'llmemory_owner'"),
             QStringLiteral("f"));
    QCOMPARE(
        queryValue(admin, "SELECT datdba::regrole FROM pg_database WHERE datname = 'llmemory'"),
        QStringLiteral("llmemory_owner"));

    QCOMPARE(queryValue(
                 admin,
                 "SET ROLE llmemory_owner; CREATE SCHEMA s; CREATE TABLE s.t (v public.vector(2));"
                 "GRANT USAGE ON SCHEMA s TO llmemory_app; GRANT SELECT ON s.t TO llmemory_app"),
             QString());
    QCOMPARE(queryValue(app, "SELECT count(*) FROM s.t"), QStringLiteral("0"));

    auto wrong = app;
    wrong.password = QStringLiteral("wrong");
    QVERIFY(queryValue(wrong, "SELECT 1").startsWith(QLatin1String("ERROR")));
}

void TestClusterLease::reusesTheRunningServer()
{
    const TestCluster cluster;
    const auto first = cluster.acquire();
    VERIFY_RESULT(first);
    const auto before = cluster.state();
    QStringList steps;
    const auto second = cluster.acquire(&steps);
    VERIFY_RESULT(second);
    QCOMPARE(cluster.state().postmaster, before.postmaster);
    QCOMPARE(cluster.state().run, before.run);
    QVERIFY(steps.isEmpty());
}

void TestClusterLease::startsAgainWithTheData()
{
    const TestCluster cluster;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        QCOMPARE(queryValue((*lease)->administrator(), "CREATE TABLE t AS SELECT 42 AS a"),
                 QString());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QStringList steps;
    const auto lease = cluster.acquire(&steps);
    VERIFY_RESULT(lease);
    QCOMPARE(steps, QStringList{QStringLiteral("Starting the database…")});
    QCOMPARE(queryValue((*lease)->administrator(), "SELECT a FROM t"), QStringLiteral("42"));
}

void TestClusterLease::stopsAfterTheLastUser()
{
    const TestCluster cluster;
    auto first = cluster.acquire();
    VERIFY_RESULT(first);
    auto second = cluster.acquire();
    VERIFY_RESULT(second);
    const auto running = cluster.state();
    first->reset();
    QTest::qWait(1'000);
    QVERIFY(isAlive(running.postmaster));
    QCOMPARE(queryValue((*second)->application(), "SELECT 1"), QStringLiteral("1"));
    second->reset();
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(running.supervisor), 60'000);
    QVERIFY(!isAlive(running.postmaster));
    QCOMPARE(cluster.state().phase, ClusterState::Phase::Stopped);
}

void TestClusterLease::keepsTheServerThroughTheGrace()
{
    qputenv("LLMEMORY_CLUSTER_GRACE_MS", "20000");
    const TestCluster cluster;
    auto first = cluster.acquire();
    VERIFY_RESULT(first);
    const auto running = cluster.state();
    first->reset();
    const auto second = cluster.acquire();
    VERIFY_RESULT(second);
    QCOMPARE(cluster.state().postmaster, running.postmaster);
}

void TestClusterLease::stopsWhenTheLastUserIsKilled()
{
    const TestCluster cluster;
    const auto holder = cluster.startHolder();
    QVERIFY(holder->waitForReadyRead(60'000));
    QCOMPARE(holder->readAllStandardOutput().trimmed(), QByteArray("ready"));
    const auto running = cluster.state();
    QVERIFY(isAlive(running.postmaster));
    holder->kill();
    QVERIFY(holder->waitForFinished());
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(running.supervisor), 60'000);
    QVERIFY(!isAlive(running.postmaster));
}

void TestClusterLease::twoProgramsCreateAtOnce()
{
    const TestCluster cluster;
    std::array holders{cluster.startHolder(), cluster.startHolder(), cluster.startHolder()};
    for (const auto &holder : holders) {
        QVERIFY(holder->waitForReadyRead(60'000));
        QCOMPARE(holder->readAllStandardOutput().trimmed(), QByteArray("ready"));
    }
    const auto running = cluster.state();
    QVERIFY(isAlive(running.postmaster));
    QCOMPARE(QDir(cluster.filePath(QStringLiteral("cluster")))
                 .entryList(QDir::Dirs | QDir::NoDotAndDotDot)
                 .size(),
             1);
    for (const auto &holder : holders) {
        QVERIFY(isAlive(running.postmaster));
        holder->closeWriteChannel();
        QVERIFY(holder->waitForFinished());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(running.postmaster), 60'000);
}

void TestClusterLease::worksInAnyDirectory_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("longer than a socket's path") << QString(150, QLatin1Char('x'));
    QTest::newRow("very long") << QString(200, QLatin1Char('x')) + QLatin1Char('/') +
                                      QString(200, QLatin1Char('y'));
    QTest::newRow("space and quotes") << QStringLiteral("it's \"my\" data");
    QTest::newRow("comma") << QStringLiteral("a,b");
    QTest::newRow("percent and backslash") << QStringLiteral("100%1\\n$HOME");
    QTest::newRow("other letters") << QStringLiteral("données-данные-資料");
}

void TestClusterLease::worksInAnyDirectory()
{
    QFETCH(QString, name);
    const TestCluster cluster(name);
    const auto lease = cluster.acquire();
    VERIFY_RESULT(lease);
    QCOMPARE(queryValue((*lease)->application(), "SELECT 1"), QStringLiteral("1"));
    QVERIFY(QFileInfo((*lease)->clusterDirectory())
                .canonicalFilePath()
                .startsWith(cluster.dataDirectory()));
}

void TestClusterLease::canBeCancelled()
{
    const TestCluster cluster;
    const std::atomic_bool cancelled = true;
    const auto lease = Lease::acquire(cluster.options(), {}, &cancelled);
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestClusterLease)
#include "tst_cluster_lease.moc"
