#include "app/cli/serve_plan.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::app;
using settings::Key;
using settings::Settings;

/// Which addresses may be served how.
class TestServePlan : public QObject
{
    Q_OBJECT

private slots:
    void exposure_data();
    void exposure();
    void tokenFileInDataDirectory();
    void noTokenFileWithoutToken();
    void addressFromEnvironmentIsNotEnough();
};

void TestServePlan::exposure_data()
{
    QTest::addColumn<QString>("listen");
    QTest::addColumn<QString>("tokenFile");
    QTest::addColumn<bool>("requireToken");
    QTest::addColumn<bool>("isAllowed");
    const QString none;
    const QString file = QStringLiteral("/run/token");
    QTest::newRow("loopback") << QStringLiteral("127.0.0.1") << none << true << true;
    QTest::newRow("loopback without token") << QStringLiteral("127.0.0.1") << none << false << true;
    QTest::newRow("loopback net") << QStringLiteral("127.1.2.3") << none << false << true;
    QTest::newRow("loopback 6") << QStringLiteral("::1") << none << false << true;
    QTest::newRow("localhost") << QStringLiteral("localhost") << none << false << true;
    QTest::newRow("any without token") << QStringLiteral("0.0.0.0") << none << false << false;
    QTest::newRow("any 6 without token") << QStringLiteral("::") << none << false << false;
    QTest::newRow("any with default token") << QStringLiteral("0.0.0.0") << none << true << false;
    QTest::newRow("any with token file") << QStringLiteral("0.0.0.0") << file << true << true;
    QTest::newRow("network with token file") << QStringLiteral("192.0.2.7") << file << true << true;
    QTest::newRow("name") << QStringLiteral("example.org") << file << true << false;
    QTest::newRow("mapped loopback")
        << QStringLiteral("::ffff:192.0.2.7") << none << false << false;
}

void TestServePlan::exposure()
{
    QFETCH(QString, listen);
    QFETCH(QString, tokenFile);
    QFETCH(bool, requireToken);
    QFETCH(bool, isAllowed);
    const auto settings = Settings::load({{Key::ListenAddress, listen}}, QProcessEnvironment());
    VERIFY_RESULT(settings);
    const auto plan = planServe({.tokenFile = tokenFile, .requireToken = requireToken}, *settings);
    QCOMPARE(plan.has_value(), isAllowed);
    if (!isAllowed)
        QCOMPARE(plan.error().kind, ErrorKind::Validation);
}

void TestServePlan::tokenFileInDataDirectory()
{
    const auto settings =
        Settings::load({{Key::DataDirectory, QStringLiteral("/d")}}, QProcessEnvironment());
    VERIFY_RESULT(settings);
    const auto plan = planServe({}, *settings);
    VERIFY_RESULT(plan);
    QCOMPARE(plan->tokenFile, QStringLiteral("/d/token"));
    QCOMPARE(plan->port, quint16(8765));
}

void TestServePlan::noTokenFileWithoutToken()
{
    const auto settings = Settings::load({}, QProcessEnvironment());
    VERIFY_RESULT(settings);
    const auto plan = planServe({.tokenFile = {}, .requireToken = false}, *settings);
    VERIFY_RESULT(plan);
    QCOMPARE(plan->tokenFile, QString());
}

void TestServePlan::addressFromEnvironmentIsNotEnough()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("LLMEMORY_LISTEN"), QStringLiteral("0.0.0.0"));
    const auto settings = Settings::load({}, environment);
    VERIFY_RESULT(settings);
    QVERIFY(
        !planServe({.tokenFile = QStringLiteral("/run/token"), .requireToken = true}, *settings));
}

QTEST_GUILESS_MAIN(TestServePlan)
#include "tst_serve_plan.moc"
