#include "core/cluster/leftovers.h"
#include "core/db/connection.h"
#include "core/testing/temporary_server.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <sys/stat.h>

using llmemory::ErrorKind;
using llmemory::Result;
using llmemory::cluster::leftovers::serversIn;
using llmemory::db::Connection;
using llmemory::testing::TemporaryServer;

namespace {

using ServerResult = Result<std::unique_ptr<TemporaryServer>>;

/// First column of the first row as text, or the error.
QString answerOf(const llmemory::db::ConnectionParams &params, const QString &sql)
{
    const auto connection = Connection::open(params);
    if (!connection)
        return connection.error().message;
    const auto rows = (*connection)->query("question", sql, {});
    if (!rows)
        return rows.error().sqlState;
    return rows->isEmpty() ? QString() : rows->first().text(0);
}

/// The SQLSTATE of a statement that fails; empty when it succeeds.
QString stateOf(const llmemory::db::ConnectionParams &params, const QString &sql)
{
    const auto connection = Connection::open(params);
    if (!connection)
        return connection.error().message;
    const auto done = (*connection)->runScript(QStringLiteral("statement"), sql);
    return done ? QString() : done.error().sqlState;
}

QString dataIn(const QString &directory)
{
    return directory + QStringLiteral("/data");
}

} // namespace

/// The private server: what it offers, and that nothing of it stays.
class TestTemporaryServer : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void worksAsTheProgramsOwn();
    void isClosedToOthers();
    void leavesNothing();
    void outlivesTheThreadThatStartedIt();
    void leavesNothingAfterAKill_data();
    void leavesNothingAfterAKill();
    void severalAtOnce();
    void avoidsAnUnsuitableTemporaryDirectory();
    void saysThatPostgresIsMissing();
    void isSharedByTheProcess();
};

void TestTemporaryServer::init()
{
    qunsetenv("LLMEMORY_PG_BINDIR");
    qunsetenv("TMPDIR");
}

void TestTemporaryServer::worksAsTheProgramsOwn()
{
    const ServerResult server = TemporaryServer::start();
    VERIFY_RESULT(server);
    const auto app = (*server)->application();
    const auto admin = (*server)->administrator();
    const QString superuser = QStringLiteral(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
    QCOMPARE(answerOf(app, superuser), QStringLiteral("false"));
    QCOMPARE(answerOf(admin, superuser), QStringLiteral("true"));
    QCOMPARE(stateOf(app, QStringLiteral("CREATE SCHEMA s")), QString());
    QCOMPARE(stateOf(app, QStringLiteral("CREATE TABLE public.t (a int)")),
             QStringLiteral("42501"));
    QCOMPARE(answerOf(app, QStringLiteral("SELECT '[1,2]'::public.vector::text")),
             QStringLiteral("[1,2]"));
    QCOMPARE(answerOf(app,
                      QStringLiteral("SELECT proleakproof FROM pg_proc WHERE oid = "
                                     "'pg_catalog.jsonb_contains(jsonb,jsonb)'::regprocedure")),
             QStringLiteral("true"));
    for (const QString &text : {(*server)->applicationString(), (*server)->administratorString()}) {
        const auto params = llmemory::db::ConnectionParams::parse(text);
        VERIFY_RESULT(params);
        QCOMPARE(answerOf(*params, QStringLiteral("SELECT current_database()")),
                 QStringLiteral("llmemory_test"));
    }
}

void TestTemporaryServer::isClosedToOthers()
{
    const ServerResult server = TemporaryServer::start();
    VERIFY_RESULT(server);
    const auto everybody = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                           QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFileInfo((*server)->directory()).permissions() & everybody, QFile::Permissions());
    QCOMPARE(answerOf((*server)->administrator(),
                      QStringLiteral("SELECT current_setting('listen_addresses')")),
             QString());
}

void TestTemporaryServer::leavesNothing()
{
    QString directory;
    {
        const ServerResult server = TemporaryServer::start();
        VERIFY_RESULT(server);
        directory = (*server)->directory();
        QVERIFY(!serversIn(dataIn(directory)).isEmpty());
        // A session that is still at work does not keep it.
        const auto connection = Connection::open((*server)->application());
        VERIFY_RESULT(connection);
    }
    QVERIFY(serversIn(dataIn(directory)).isEmpty());
    QVERIFY(!QFileInfo::exists(directory));
}

void TestTemporaryServer::outlivesTheThreadThatStartedIt()
{
    ServerResult server;
    const std::unique_ptr<QThread> thread(
        QThread::create([&server] { server = TemporaryServer::start(); }));
    thread->start();
    QVERIFY(thread->wait(60'000));
    VERIFY_RESULT(server);
    QTest::qWait(300);
    QCOMPARE(answerOf((*server)->application(), QStringLiteral("SELECT 'here'")),
             QStringLiteral("here"));
}

void TestTemporaryServer::leavesNothingAfterAKill_data()
{
    QTest::addColumn<bool>("isReady");
    QTest::newRow("at work") << true;
    QTest::newRow("starting") << false;
}

void TestTemporaryServer::leavesNothingAfterAKill()
{
    QFETCH(bool, isReady);
    // Of its own, to know which directory is made; open to the server's account when run as root.
    const QTemporaryDir temporary;
    QCOMPARE(::chmod(QFile::encodeName(temporary.path()).constData(), 0755), 0);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TMPDIR"), temporary.path());
    QProcess holder;
    holder.setProcessEnvironment(environment);
    holder.start(QStringLiteral(SERVER_HOLDER), QStringList());
    QVERIFY(holder.waitForStarted());
    QStringList made;
    const auto isMade = [&] {
        made = QDir(temporary.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        return !made.isEmpty();
    };
    QVERIFY(QTest::qWaitFor(isMade, 10'000));
    if (isReady) {
        QVERIFY(holder.waitForReadyRead(60'000));
        QCOMPARE(QString::fromLocal8Bit(holder.readLine()).trimmed(),
                 temporary.filePath(made.first()));
    } else {
        QTest::qWait(200); // initdb is at work
    }
    const QString directory = temporary.filePath(made.first());
    holder.kill();
    QVERIFY(holder.waitForFinished());
    QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(directory), 20'000);
    QVERIFY(serversIn(dataIn(directory)).isEmpty());
}

void TestTemporaryServer::severalAtOnce()
{
    const ServerResult first = TemporaryServer::start();
    VERIFY_RESULT(first);
    const ServerResult second = TemporaryServer::start();
    VERIFY_RESULT(second);
    QCOMPARE(stateOf((*first)->application(), QStringLiteral("CREATE SCHEMA s")), QString());
    QCOMPARE(stateOf((*second)->application(), QStringLiteral("CREATE SCHEMA s")), QString());
}

void TestTemporaryServer::avoidsAnUnsuitableTemporaryDirectory()
{
    const QTemporaryDir longOne(QDir::tempPath() + QLatin1Char('/') +
                                QString(80, QLatin1Char('x')) + QStringLiteral("-XXXXXX"));
    QVERIFY(longOne.isValid());
    qputenv("TMPDIR", longOne.path().toLocal8Bit());
    const ServerResult server = TemporaryServer::start();
    qunsetenv("TMPDIR");
    VERIFY_RESULT(server);
    QVERIFY2((*server)->directory().startsWith(QStringLiteral("/tmp/llmemory-test-")),
             qPrintable((*server)->directory()));
}

void TestTemporaryServer::saysThatPostgresIsMissing()
{
    qputenv("LLMEMORY_PG_BINDIR", "/nonexistent");
    const ServerResult server = TemporaryServer::start();
    QVERIFY(!server);
    QCOMPARE(server.error().kind, ErrorKind::Configuration);
    QCOMPARE(server.error().code, QStringLiteral("db_missing"));
}

void TestTemporaryServer::isSharedByTheProcess()
{
    const auto first = TemporaryServer::shared();
    VERIFY_RESULT(first);
    const auto second = TemporaryServer::shared();
    VERIFY_RESULT(second);
    QCOMPARE(*first, *second);
    QCOMPARE(answerOf((*first)->application(), QStringLiteral("SELECT 'here'")),
             QStringLiteral("here"));
}

QTEST_GUILESS_MAIN(TestTemporaryServer)
#include "tst_temporary_server.moc"
