#include "core/doctor/machine_checks.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace llmemory;
using namespace llmemory::doctor;
using Status = Check::Status;

/// What is said about versions and directories.
class TestMachineChecks : public QObject
{
    Q_OBJECT

private slots:
    void serverVersions_data();
    void serverVersions();
    void vectorVersions_data();
    void vectorVersions();
    void dataDirectory();
    void dataDirectoryOfOthers();
    void absentDataDirectoryIsNotMade();
    void driverIsThere();
    void brokenWorkerIsNoticed_data();
    void brokenWorkerIsNoticed();
    void json();
};

void TestMachineChecks::serverVersions_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("status");
    QTest::newRow("13") << 130022 << QStringLiteral("failed");
    QTest::newRow("14") << 140001 << QStringLiteral("ok");
    QTest::newRow("15.18") << 150018 << QStringLiteral("warning");
    QTest::newRow("15.19") << 150019 << QStringLiteral("ok");
    QTest::newRow("17.0") << 170000 << QStringLiteral("ok");
}

void TestMachineChecks::serverVersions()
{
    QFETCH(int, version);
    QFETCH(QString, status);
    const Check check = judgeServerVersion("server", version);
    QCOMPARE(doctor::toString(check.status), status);
    QCOMPARE(check.advice.isEmpty(), check.status == Status::Ok);
    QVERIFY(check.message.contains(QString::number(version / 10000)));
}

void TestMachineChecks::vectorVersions_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("named");
    QTest::newRow("absent") << QString() << QStringLiteral("failed") << QStringLiteral("Install");
    QTest::newRow("0.7.4") << QStringLiteral("0.7.4") << QStringLiteral("failed")
                           << QStringLiteral("0.8.0");
    QTest::newRow("0.8.0") << QStringLiteral("0.8.0") << QStringLiteral("warning")
                           << QStringLiteral("CVE-2026-3172");
    QTest::newRow("0.8.2") << QStringLiteral("0.8.2") << QStringLiteral("warning")
                           << QStringLiteral("REINDEX");
    QTest::newRow("0.8.3") << QStringLiteral("0.8.3") << QStringLiteral("warning")
                           << QStringLiteral("REINDEX");
    QTest::newRow("0.8.4") << QStringLiteral("0.8.4") << QStringLiteral("ok") << QString();
    QTest::newRow("0.10.0") << QStringLiteral("0.10.0") << QStringLiteral("ok") << QString();
}

void TestMachineChecks::vectorVersions()
{
    QFETCH(QString, version);
    QFETCH(QString, status);
    QFETCH(QString, named);
    const Check check = judgeVectorVersion(version);
    QCOMPARE(doctor::toString(check.status), status);
    QVERIFY2(check.advice.contains(named), qPrintable(check.advice));
}

void TestMachineChecks::dataDirectory()
{
    const QTemporaryDir directory;
    QVERIFY(directory.isValid());
    const Check check = checkDataDirectory(directory.path());
    QVERIFY2(check.status != Status::Failed || check.message.contains(QStringLiteral("free")),
             qPrintable(check.message));
    QVERIFY(QFile::setPermissions(directory.path(),
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                      QFile::ReadOther));
    const Check open = checkDataDirectory(directory.path());
    QVERIFY(open.status == Status::Warning);
    QVERIFY(open.advice.contains(QStringLiteral("chmod 700")));

    QFile file(directory.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(checkDataDirectory(file.fileName()).status == Status::Failed);
}

void TestMachineChecks::dataDirectoryOfOthers()
{
    if (::geteuid() != 0)
        QSKIP("only root can give a directory away");
    const QTemporaryDir directory;
    QVERIFY(directory.isValid());
    QCOMPARE(::chown(QFile::encodeName(directory.path()).constData(), 65534, 65534), 0);
    const Check check = checkDataDirectory(directory.path());
    QVERIFY(check.status == Status::Failed);
    QVERIFY2(check.message.contains(QStringLiteral("65534")), qPrintable(check.message));
}

void TestMachineChecks::absentDataDirectoryIsNotMade()
{
    const QTemporaryDir directory;
    const QString absent = directory.filePath(QStringLiteral("absent"));
    QVERIFY(checkDataDirectory(absent).status == Status::Ok);
    QVERIFY(!hasCluster(absent));
    QVERIFY(!QDir(absent).exists());
}

void TestMachineChecks::driverIsThere()
{
    const Check check = checkDriver();
    QVERIFY2(check.status == Status::Ok, qPrintable(check.message));
}

void TestMachineChecks::brokenWorkerIsNoticed_data()
{
    QTest::addColumn<QString>("program");
    QTest::newRow("absent") << QStringLiteral("/nonexistent/llmemory");
    QTest::newRow("silent") << QStringLiteral("/bin/true");
    QTest::newRow("failing") << QStringLiteral("/bin/false");
    QTest::newRow("talking nonsense") << QStringLiteral("/bin/echo");
}

void TestMachineChecks::brokenWorkerIsNoticed()
{
    QFETCH(QString, program);
    const Check check = checkExtraction(program);
    QVERIFY(check.status == Status::Failed);
    QVERIFY(!check.advice.isEmpty());
}

void TestMachineChecks::json()
{
    const Check check = warning("disk", QStringLiteral("little room"), QStringLiteral("make some"));
    QCOMPARE(
        toUtf8(doctor::toJson(check)),
        QByteArray(
            R"({"advice":"make some","id":"disk","message":"little room","status":"warning"})"));
    QVERIFY(doctor::toJson(ok("disk", QStringLiteral("room"))).at("advice").is_null());
}

QTEST_GUILESS_MAIN(TestMachineChecks)
#include "tst_machine_checks.moc"
