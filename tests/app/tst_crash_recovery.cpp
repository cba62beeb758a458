#include "core/testing/verify_result.h"
#include "tests/app/program_fixture.h"
#include "tests/core/cluster/test_cluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace llmemory;
using testing::TestCluster;

namespace {

constexpr int kFiles = 60;
/// Reported files at which the axe falls: in the middle of the import.
constexpr int kReported = 15;
constexpr int kPatienceMs = 120'000;

QString fileName(int number)
{
    return QStringLiteral("file%1.txt").arg(number, 3, 10, QLatin1Char('0'));
}

/// First and last words that only this file has, with text enough between for several passages.
QByteArray fileText(int number)
{
    const QByteArray digits = QByteArray::number(1000 + number);
    QByteArray text = "first" + digits + "x stands here.\n\n";
    for (int i = 0; i < 400; ++i)
        text += "The miller of weir " + QByteArray::number(i) + " counts his sacks. ";
    return text + "\n\nlast" + digits + "x ends it.";
}

} // namespace

/// kill -9 of the program, of the server, of both, in the middle of an import into the embedded
/// database: what was reported is there, nothing is half there, and the rest is resumed.
class TestCrashRecovery : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void killed_data();
    void killed();

private:
    std::unique_ptr<QProcess> start(const QStringList &arguments) const;
    Json run(const QStringList &arguments) const;
    bool isFound(const QString &word, const QString &name) const;
    QStringList readReported(QProcess &ingest, int most) const;
    bool waitForDocuments(int count) const;

    QString m_program;
    QTemporaryDir m_files;
    std::unique_ptr<TestCluster> m_cluster;
};

void TestCrashRecovery::initTestCase()
{
    m_program = qEnvironmentVariable("LLMEMORY_EXECUTABLE");
    if (m_program.isEmpty())
        QSKIP("LLMEMORY_EXECUTABLE is not set; run the test with ctest");
    for (int i = 0; i < kFiles; ++i) {
        QFile file(m_files.filePath(fileName(i)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(fileText(i));
    }
}

std::unique_ptr<QProcess> TestCrashRecovery::start(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process->start(m_program,
                   QStringList{QStringLiteral("--data-dir"), m_cluster->dataDirectory()} +
                       arguments);
    return process;
}

/// The first line of output.
Json TestCrashRecovery::run(const QStringList &arguments) const
{
    const auto process = start(arguments);
    process->waitForFinished(kPatienceMs);
    return parseJson(process->readLine(), QStringLiteral("output")).value_or(Json());
}

bool TestCrashRecovery::isFound(const QString &word, const QString &name) const
{
    const Json answer = run({QStringLiteral("search"),
                             QStringLiteral("--owner"),
                             QStringLiteral("mill"),
                             QStringLiteral("--mode"),
                             QStringLiteral("text"),
                             QStringLiteral("--json"),
                             word});
    for (const Json &hit : answer.value("results", Json::array())) {
        if (toQString(hit["document_name"]) == name)
            return true;
    }
    return false;
}

/// Names of files reported as added, as soon as there are so many; all there will be with @p most
/// 0.
QStringList TestCrashRecovery::readReported(QProcess &ingest, int most) const
{
    QStringList names;
    while (most == 0 || names.size() < most) {
        if (!ingest.canReadLine() && !ingest.waitForReadyRead(kPatienceMs))
            break;
        while (ingest.canReadLine()) {
            const Json line =
                parseJson(ingest.readLine(), QStringLiteral("output")).value_or(Json());
            if (line.contains("path") && line["status"] == "added")
                names << QFileInfo(toQString(line["path"])).fileName();
        }
    }
    return names;
}

bool TestCrashRecovery::waitForDocuments(int count) const
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < kPatienceMs) {
        const Json owner = run({QStringLiteral("owners"),
                                QStringLiteral("show"),
                                QStringLiteral("mill"),
                                QStringLiteral("--json")});
        if (owner.value("document_count", 0) == count)
            return true;
        QTest::qWait(500);
    }
    return false;
}

void TestCrashRecovery::killed_data()
{
    QTest::addColumn<bool>("program");
    QTest::addColumn<bool>("server");
    QTest::newRow("program") << true << false;
    QTest::newRow("server") << false << true;
    QTest::newRow("both") << true << true;
}

void TestCrashRecovery::killed()
{
    QFETCH(bool, program);
    QFETCH(bool, server);
    m_cluster = std::make_unique<TestCluster>();
    const auto ingest = start({QStringLiteral("ingest"),
                               QStringLiteral("--owner"),
                               QStringLiteral("mill"),
                               QStringLiteral("--json"),
                               m_files.path()});
    QStringList reported = readReported(*ingest, kReported);
    QVERIFY(reported.size() >= kReported);
    const pid_t postmaster = m_cluster->state().postmaster;
    QVERIFY(postmaster > 0);
    if (program)
        ingest->kill();
    if (server)
        ::kill(postmaster, SIGKILL);

    std::unique_ptr<QProcess> serve;
    if (program) {
        QVERIFY(ingest->waitForFinished(kPatienceMs));
        reported += readReported(*ingest, 0); // what it had still written down
        serve = start({QStringLiteral("serve"),
                       QStringLiteral("--port"),
                       QStringLiteral("0"),
                       QStringLiteral("--no-auth")});
        QVERIFY(serve->waitForReadyRead(kPatienceMs));
        for (const QString &name : std::as_const(reported)) {
            const QString number = QString::number(1000 + QStringView(name).mid(4, 3).toInt());
            QVERIFY2(isFound(QStringLiteral("first%1x").arg(number), name), qPrintable(name));
        }
    } else {
        reported += readReported(*ingest, 0);
        ingest->waitForFinished(kPatienceMs);
        QCOMPARE(ingest->exitCode(), 0);
        QCOMPARE(reported.size(), kFiles);
    }
    QVERIFY(waitForDocuments(kFiles));
    for (int i = 0; i < kFiles; i += 7) {
        const QString number = QString::number(1000 + i);
        QVERIFY2(isFound(QStringLiteral("first%1x").arg(number), fileName(i)), qPrintable(number));
        QVERIFY2(isFound(QStringLiteral("last%1x").arg(number), fileName(i)), qPrintable(number));
    }
    if (serve) {
        serve->terminate();
        QVERIFY(serve->waitForFinished(kPatienceMs));
        QCOMPARE(serve->exitCode(), 0);
    }
}

QTEST_GUILESS_MAIN(TestCrashRecovery)
#include "tst_crash_recovery.moc"
