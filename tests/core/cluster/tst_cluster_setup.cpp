#include "core/cluster/cluster_paths.h"
#include "core/cluster/postgres_binaries.h"
#include "core/testing/verify_result.h"
#include "test_cluster.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using llmemory::ErrorKind;
using llmemory::cluster::ClusterPaths;
using llmemory::cluster::PostgresBinaries;
using llmemory::cluster::ServerAccount;
using llmemory::testing::queryValue;
using llmemory::testing::TestCluster;

namespace {

void write(const QString &path, const QByteArray &content)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

/// A real PostgreSQL below @p root, from copies and links of the installed one, that has no
/// pgvector.
QString installWithoutVector(const QString &root)
{
    const auto installed = PostgresBinaries::find().newest();
    if (!installed)
        return {};
    const QString major = QString::number(installed->major);
    const QString bin = QStringLiteral("%1/lib/postgresql/%2/bin").arg(root, major);
    const QString extensions = QStringLiteral("%1/share/postgresql/%2/extension").arg(root, major);
    QDir().mkpath(bin);
    QDir().mkpath(extensions);
    for (const QString &name : {QStringLiteral("postgres"), QStringLiteral("initdb")}) {
        QFile::copy(installed->program(name), QStringLiteral("%1/%2").arg(bin, name));
    }
    const QDir share(QStringLiteral("/usr/share/postgresql/%1/extension").arg(major));
    for (const QString &name : share.entryList({QStringLiteral("plpgsql*")}))
        QFile::link(share.filePath(name), QStringLiteral("%1/%2").arg(extensions, name));
    return bin;
}

} // namespace

/// What llmemory finds before it starts a server: programs, account, directories, data of other
/// versions.
class TestClusterSetup : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void namesMissingPostgres();
    void namesMissingVector();
    void findsTheInstalledServer();
    void refusesOtherMajorVersion_data();
    void refusesOtherMajorVersion();
    void refusesNewerFormat();
    void refusesDamagedCluster_data();
    void refusesDamagedCluster();
    void refusesTooLongPath();
    void namesMissingSupervisor();
    void namesUnwritableDirectory();
    void refusesForeignSocketDirectory();
    void relocatesForAnAccountThatCannotReach();
    void refusesUnknownAccount();
    void runsInAUserNamespace();
};

void TestClusterSetup::init()
{
    qputenv("LLMEMORY_CLUSTER_GRACE_MS", "200");
}

void TestClusterSetup::cleanup()
{
    qunsetenv("LLMEMORY_PG_BINDIR");
}

void TestClusterSetup::namesMissingPostgres()
{
    const TestCluster cluster;
    qputenv("LLMEMORY_PG_BINDIR", "/nonexistent/bin");
    const auto lease = cluster.acquire();
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Configuration);
    QCOMPARE(lease.error().code, QStringLiteral("db_missing"));
    QVERIFY(lease.error().message.contains(QLatin1String("apt-get install postgresql")));
    QVERIFY(!QFileInfo::exists(cluster.filePath(QStringLiteral("cluster"))));
}

void TestClusterSetup::namesMissingVector()
{
    const TestCluster cluster;
    const QTemporaryDir root;
    const QString bin = installWithoutVector(root.path());
    if (bin.isEmpty())
        QSKIP("PostgreSQL with pgvector is not installed");
    const int major = PostgresBinaries::find().newest()->major;
    qputenv("LLMEMORY_PG_BINDIR", QFile::encodeName(bin));
    const auto lease = cluster.acquire();
    QVERIFY(!lease);
    QCOMPARE(lease.error().code, QStringLiteral("db_no_vector"));
    const QString package = QStringLiteral("apt-get install postgresql-%1-pgvector").arg(major);
    QVERIFY2(lease.error().message.contains(package), qPrintable(lease.error().message));
    QVERIFY(!QFileInfo::exists(cluster.filePath(QStringLiteral("cluster"))));
}

void TestClusterSetup::findsTheInstalledServer()
{
    const auto installation = PostgresBinaries::find().newest();
    VERIFY_RESULT(installation);
    QVERIFY(installation->major >= PostgresBinaries::kLeastMajor);
    QVERIFY(!installation->vectorVersion.isEmpty());
    QVERIFY(QFileInfo(installation->program(QStringLiteral("initdb"))).isExecutable());
    const auto missing = PostgresBinaries::find().forMajor(11, QStringLiteral("/data"));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, QStringLiteral("db_version"));
}

void TestClusterSetup::refusesOtherMajorVersion_data()
{
    QTest::addColumn<QString>("major");
    QTest::newRow("newer") << QStringLiteral("99");
    QTest::newRow("older") << QStringLiteral("11");
}

void TestClusterSetup::refusesOtherMajorVersion()
{
    QFETCH(QString, major);
    const TestCluster cluster;
    const QString directory = cluster.filePath(QStringLiteral("cluster/%1").arg(major));
    write(directory + QStringLiteral("/data/PG_VERSION"), major.toLatin1() + '\n');
    write(directory + QStringLiteral("/llmemory-cluster.json"), "{\"format\":1}");
    const auto lease = cluster.acquire();
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Configuration);
    QCOMPARE(lease.error().code, QStringLiteral("db_version"));
    QVERIFY(lease.error().message.contains(QStringLiteral("postgresql-%1").arg(major)));
    QVERIFY(lease.error().message.contains(directory));
    QCOMPARE(QDir(cluster.filePath(QStringLiteral("cluster")))
                 .entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             QStringList{major});
}

void TestClusterSetup::refusesNewerFormat()
{
    const TestCluster cluster;
    QString record;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        record = (*lease)->clusterDirectory() + QStringLiteral("/llmemory-cluster.json");
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    const QByteArray newer("{\"format\": 2, \"postgresql\": 15}");
    write(record, newer);
    const auto refused = cluster.acquire();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("db_newer"));
    QFile file(record);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), newer);
    write(record, "{\"format\": 1}");
    VERIFY_RESULT(cluster.acquire());
}

void TestClusterSetup::refusesDamagedCluster_data()
{
    QTest::addColumn<QString>("missing");
    QTest::newRow("no data") << QStringLiteral("data");
    QTest::newRow("no version") << QStringLiteral("data/PG_VERSION");
    QTest::newRow("no password") << QStringLiteral("app.password");
}

void TestClusterSetup::refusesDamagedCluster()
{
    QFETCH(QString, missing);
    const TestCluster cluster;
    QString path;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        path = QStringLiteral("%1/%2").arg((*lease)->clusterDirectory(), missing);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QVERIFY(QFile::rename(path, path + QStringLiteral(".away")));
    const auto refused = cluster.acquire();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("db_damaged"));
    QVERIFY2(refused.error().message.contains(QFileInfo(path).fileName()),
             qPrintable(refused.error().message));
    QVERIFY(!QFileInfo::exists(path));
}

void TestClusterSetup::refusesTooLongPath()
{
    const TestCluster cluster;
    auto options = cluster.options();
    options.dataDirectory = cluster.filePath(QString(1'000, QLatin1Char('x')));
    const auto lease = llmemory::cluster::Lease::acquire(options);
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Configuration);
}

void TestClusterSetup::namesMissingSupervisor()
{
    const TestCluster cluster;
    auto options = cluster.options();
    options.supervisorProgram = QStringLiteral("/nonexistent/llmemory");
    const auto lease = llmemory::cluster::Lease::acquire(options);
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Configuration);
    QVERIFY(lease.error().message.contains(options.supervisorProgram));
}

void TestClusterSetup::namesUnwritableDirectory()
{
    const TestCluster cluster;
    auto options = cluster.options();
    options.dataDirectory = QStringLiteral("/proc/llmemory");
    const auto lease = llmemory::cluster::Lease::acquire(options);
    QVERIFY(!lease);
    QVERIFY2(lease.error().message.contains(options.dataDirectory),
             qPrintable(lease.error().message));
}

void TestClusterSetup::refusesForeignSocketDirectory()
{
    const TestCluster cluster(QString(150, QLatin1Char('x')));
    const auto account = ServerAccount::choose({}, std::nullopt);
    VERIFY_RESULT(account);
    const auto paths = ClusterPaths::open(cluster.dataDirectory());
    VERIFY_RESULT(paths);
    const auto socket = paths->makeSocketDirectory(*account);
    VERIFY_RESULT(socket);
    QVERIFY(socket->startsWith(QLatin1String("/tmp/llmemory-")));
    QVERIFY(QDir().rmdir(*socket));
    // What somebody else could have put there, to be given our connections.
    const QString elsewhere = cluster.filePath(QStringLiteral("elsewhere"));
    QVERIFY(QDir().mkpath(elsewhere));
    QVERIFY(QFile::link(elsewhere, *socket));
    const auto refused = paths->makeSocketDirectory(*account);
    QVERIFY(QFile::remove(*socket));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Permission);
    QVERIFY(refused.error().message.contains(*socket));
}

void TestClusterSetup::relocatesForAnAccountThatCannotReach()
{
    if (::geteuid() != 0)
        QSKIP("only root runs the server under another account");
    const TestCluster cluster;
    QCOMPARE(::chmod(QFile::encodeName(cluster.dataDirectory()).constData(), 0700), 0);
    QString base;
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        base =
            QFileInfo((*lease)->clusterDirectory() + QStringLiteral("/../..")).canonicalFilePath();
        QVERIFY2(base.startsWith(QLatin1String("/var/lib/llmemory/")), qPrintable(base));
        QCOMPARE(queryValue((*lease)->administrator(), "CREATE TABLE t AS SELECT 42 AS a"),
                 QString());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!cluster.isSupervised(), 60'000);
    QCOMPARE(QFileInfo(cluster.dataDirectory()).permissions() & QFile::ExeOther,
             QFile::Permissions());
    {
        const auto lease = cluster.acquire();
        VERIFY_RESULT(lease);
        QCOMPARE(queryValue((*lease)->administrator(), "SELECT a FROM t"), QStringLiteral("42"));
    }
    cluster.endSupervisor();
    QVERIFY(QDir(base).removeRecursively());
    const auto gone = cluster.acquire();
    QVERIFY(!gone);
    QVERIFY2(gone.error().message.contains(base), qPrintable(gone.error().message));
}

void TestClusterSetup::refusesUnknownAccount()
{
    if (::geteuid() != 0)
        QSKIP("only root runs the server under another account");
    const TestCluster cluster;
    auto options = cluster.options();
    options.account = QStringLiteral("nobody-of-that-name");
    const auto lease = llmemory::cluster::Lease::acquire(options);
    QVERIFY(!lease);
    QCOMPARE(lease.error().kind, ErrorKind::Configuration);
    QVERIFY(lease.error().message.contains(options.account));
}

void TestClusterSetup::runsInAUserNamespace()
{
    if (::geteuid() != 0)
        QSKIP("only root needs a user namespace");
    const auto account = ServerAccount::choose(QStringLiteral("root"), std::nullopt);
    if (!account)
        QSKIP("user namespaces are not permitted here");
    QCOMPARE(account->kind(), ServerAccount::Kind::Namespace);
    const TestCluster cluster;
    QCOMPARE(::chmod(QFile::encodeName(cluster.dataDirectory()).constData(), 0700), 0);
    auto options = cluster.options();
    options.account = account->name();
    for (int start = 0; start < 2; ++start) {
        const auto lease = llmemory::cluster::Lease::acquire(options);
        VERIFY_RESULT(lease);
        QVERIFY((*lease)->clusterDirectory().startsWith(cluster.dataDirectory()));
        QCOMPARE(QFileInfo((*lease)->clusterDirectory() + QStringLiteral("/data")).ownerId(), 0U);
        QCOMPARE(queryValue((*lease)->application(), "SELECT 1"), QStringLiteral("1"));
        cluster.endSupervisor();
        options.account.clear(); // the owner of the data decides
    }
}

QTEST_GUILESS_MAIN(TestClusterSetup)
#include "tst_cluster_setup.moc"
