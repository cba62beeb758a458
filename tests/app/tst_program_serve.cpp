#include "tests/app/program_fixture.h"

#include <QFile>
#include <QFileInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <csignal>

using namespace llmemory;
using namespace llmemory::testing;

/// The endpoint of the real program, from its start to its end.
class TestProgramServe : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void serveAnswersAndStopsCleanly_data();
    void serveAnswersAndStopsCleanly();
    void serveRefusesExposure();
    void withoutDisplayItServes();
    void filesAreForTheUserAlone();

private:
    std::unique_ptr<ProgramFixture> m_program;
};

void TestProgramServe::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (!m_program->reason().isEmpty())
        QSKIP(qPrintable(m_program->reason()));
}

void TestProgramServe::init()
{
    QVERIFY(m_program->clear());
}

void TestProgramServe::serveAnswersAndStopsCleanly_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestProgramServe::serveAnswersAndStopsCleanly()
{
    QFETCH(int, signal);
    const auto process = m_program->process(m_program->withDatabase(
        {QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0")}));
    process->start();
    const Json ready = ProgramFixture::firstLine(*process);
    QVERIFY2(ready.contains("url"), process->readAllStandardError().constData());
    QFile tokenFile(toQString(ready.at("token_file")));
    QVERIFY(tokenFile.open(QIODevice::ReadOnly));
    const QByteArray token = tokenFile.readAll().trimmed();
    QVERIFY(token.startsWith("llm_"));
    QCOMPARE(tokenFile.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

    const auto statusOf = [&](const QString &path, const QByteArray &authorization) {
        QNetworkAccessManager client;
        QNetworkRequest request(QUrl(toQString(ready.at("url")) + path));
        if (!authorization.isEmpty())
            request.setRawHeader("Authorization", authorization);
        std::unique_ptr<QNetworkReply> reply(client.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, kProgramPatienceMs))
            return 0;
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    };
    QCOMPARE(statusOf(QStringLiteral("/healthz"), {}), 200);
    QCOMPARE(statusOf(QStringLiteral("/v1/owners"), {}), 401);
    QCOMPARE(statusOf(QStringLiteral("/v1/owners"), "Bearer " + token), 200);

    ::kill(pid_t(process->processId()), signal);
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 0);
    QVERIFY2(!process->readAllStandardError().contains(token), "the token was logged");
}

void TestProgramServe::serveRefusesExposure()
{
    const ProgramRun open = m_program->runOnDatabase(
        {QStringLiteral("serve"), QStringLiteral("--listen=0.0.0.0"), QStringLiteral("--no-auth")});
    QCOMPARE(open.exitCode, 2);
    const ProgramRun defaultToken =
        m_program->runOnDatabase({QStringLiteral("serve"), QStringLiteral("--listen=0.0.0.0")});
    QCOMPARE(defaultToken.exitCode, 2);
    QVERIFY(defaultToken.errors.contains("--token-file"));
}

void TestProgramServe::withoutDisplayItServes()
{
    const auto process = m_program->process(m_program->withDatabase({}));
    QProcessEnvironment environment = process->processEnvironment();
    environment.insert(QStringLiteral("LLMEMORY_PORT"), QStringLiteral("0"));
    process->setProcessEnvironment(environment);
    process->start();
    QVERIFY(ProgramFixture::firstLine(*process).contains("url"));
    QVERIFY(process->readAllStandardError().contains("serve"));
    ::kill(pid_t(process->processId()), SIGTERM);
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QCOMPARE(process->exitCode(), 0);
}

void TestProgramServe::filesAreForTheUserAlone()
{
    const QString token = m_program->path(QStringLiteral("tokens/token"));
    const auto process = m_program->process(m_program->withDatabase({QStringLiteral("serve"),
                                                                     QStringLiteral("--port=0"),
                                                                     QStringLiteral("--token-file"),
                                                                     token}));
    process->start();
    QVERIFY(ProgramFixture::firstLine(*process).contains("url"));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                        QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFile::permissions(token) & others, QFile::Permissions());
    QCOMPARE(QFile::permissions(QFileInfo(token).path()) & others, QFile::Permissions());
    ::kill(pid_t(process->processId()), SIGTERM);
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
}

QTEST_GUILESS_MAIN(TestProgramServe)
#include "tst_program_serve.moc"
