#include "core/cluster/server_log.h"
#include "core/testing/verify_result.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using llmemory::cluster::ServerLog;

class TestServerLog : public QObject
{
    Q_OBJECT

private slots:
    void noticesWhatMatters_data();
    void noticesWhatMatters();
    void joinsPieces();
    void staysBounded();
};

void TestServerLog::noticesWhatMatters_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QString>("lastWords");
    QTest::addColumn<bool>("isRecovering");
    QTest::addColumn<bool>("diskWasFull");

    QTest::newRow("usual start") << QByteArray("2026-01-01 [7] LOG:  database system is ready\n")
                                 << QStringLiteral("2026-01-01 [7] LOG:  database system is ready")
                                 << false << false;
    QTest::newRow("fatal, then more")
        << QByteArray("x [7] FATAL:  could not create shared memory\nx [7] LOG:  database system "
                      "is shut down\n")
        << QStringLiteral("could not create shared memory") << false << false;
    QTest::newRow("refused client after the cause")
        << QByteArray("x [7] FATAL:  lock file is empty\nx [8] FATAL:  the database system is "
                      "starting up\n")
        << QStringLiteral("lock file is empty") << false << false;
    QTest::newRow("recovery") << QByteArray("x [7] LOG:  database system was not properly shut "
                                            "down; automatic recovery in progress\n")
                              << QStringLiteral("x [7] LOG:  database system was not properly shut "
                                                "down; automatic recovery in progress")
                              << true << false;
    QTest::newRow("disk full")
        << QByteArray("x [7] PANIC:  could not write to file \"pg_wal/xlogtemp.7\": No space left "
                      "on device\n")
        << QStringLiteral("could not write to file \"pg_wal/xlogtemp.7\": No space left on device")
        << false << true;
    QTest::newRow("disk full for a statement only")
        << QByteArray("x [7] ERROR:  could not extend file: No space left on device\n")
        << QStringLiteral("x [7] ERROR:  could not extend file: No space left on device") << false
        << false;
}

void TestServerLog::noticesWhatMatters()
{
    QFETCH(QByteArray, output);
    const QTemporaryDir directory;
    const auto log = ServerLog::open(directory.path());
    VERIFY_RESULT(log);
    (*log)->write(output);
    QTEST((*log)->lastWords(), "lastWords");
    QTEST((*log)->sinceRecoveryMs() >= 0, "isRecovering");
    QTEST((*log)->diskWasFull(), "diskWasFull");
    (*log)->beginRun();
    QCOMPARE((*log)->lastWords(), QString());
    QCOMPARE((*log)->diskWasFull(), false);
}

void TestServerLog::joinsPieces()
{
    const QTemporaryDir directory;
    const auto log = ServerLog::open(directory.path());
    VERIFY_RESULT(log);
    (*log)->write("x [7] PAN");
    QCOMPARE((*log)->panic(), QString());
    (*log)->write("IC:  broken\n");
    QCOMPARE((*log)->panic(), QStringLiteral("broken"));
}

void TestServerLog::staysBounded()
{
    const QTemporaryDir directory;
    const auto log = ServerLog::open(directory.path());
    VERIFY_RESULT(log);
    const QByteArray lines = QByteArray(1023, 'x').append('\n').repeated(1024);
    for (int i = 0; i < 20; ++i)
        (*log)->write(lines);
    QVERIFY(QFileInfo(directory.filePath(QStringLiteral("server.log"))).size() <=
            ServerLog::kFileBytes);
    QVERIFY(QFileInfo(directory.filePath(QStringLiteral("server.log.1"))).size() <=
            ServerLog::kFileBytes);
}

QTEST_GUILESS_MAIN(TestServerLog)
#include "tst_server_log.moc"
