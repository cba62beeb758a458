#include "core/db/connection_params.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using db::ConnectionParams;

/// Addresses of databases as people write them.
class TestConnectionParams : public QObject
{
    Q_OBJECT

private slots:
    void forms_data();
    void forms();
    void wrongFormsKeepThePassword_data();
    void wrongFormsKeepThePassword();
    void describedWithoutPassword();
    void remoteServersMustProveThemselves_data();
    void remoteServersMustProveThemselves();
    void userOptionsWin();
    void optionWithSpaces();
};

void TestConnectionParams::forms_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    const QString none;
    const QString d = QStringLiteral("d");
    const QString me = QStringLiteral("me");
    QTest::newRow("URL") << QStringLiteral("postgresql://me:pw@db.example:5433/d")
                         << QStringLiteral("db.example") << 5433 << d << me << QStringLiteral("pw");
    QTest::newRow("short scheme") << QStringLiteral("postgres://db.example/d")
                                  << QStringLiteral("db.example") << 0 << d << none << none;
    QTest::newRow("escapes") << QStringLiteral("postgresql://me:p%40%2F%3A%20w@h/d")
                             << QStringLiteral("h") << 0 << d << me << QStringLiteral("p@/: w");
    QTest::newRow("IPv6") << QStringLiteral("postgresql://me@[::1]:5432/d") << QStringLiteral("::1")
                          << 5432 << d << me << none;
    QTest::newRow("socket in the query") << QStringLiteral("postgresql:///d?host=/run/pg&user=me")
                                         << QStringLiteral("/run/pg") << 0 << d << me << none;
    QTest::newRow("keywords") << QStringLiteral(
                                     "host=/run/pg port=5433 dbname=d user=me password='it\\'s'")
                              << QStringLiteral("/run/pg") << 5433 << d << me
                              << QStringLiteral("it's");
}

void TestConnectionParams::forms()
{
    QFETCH(QString, text);
    const auto params = ConnectionParams::parse(text);
    VERIFY_RESULT(params);
    QTEST(params->host, "host");
    QTEST(params->port, "port");
    QTEST(params->database, "database");
    QTEST(params->user, "user");
    QTEST(params->password, "password");
}

void TestConnectionParams::wrongFormsKeepThePassword_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("unknown keyword") << QStringLiteral("host=h passwort=s3cret");
    QTest::newRow("open quote") << QStringLiteral("host=h password='s3cret");
    QTest::newRow("no equals sign") << QStringLiteral("host=h s3cret");
    QTest::newRow("bad escape") << QStringLiteral("postgresql://me:s3cret%zz@h/d");
    QTest::newRow("unknown parameter")
        << QStringLiteral("postgresql://me:s3cret@h/d?secret=s3cret");
    QTest::newRow("other scheme") << QStringLiteral("mysql://me:s3cret@h/d");
    QTest::newRow("second option in an option")
        << QStringLiteral("host=h application_name='a;password=s3cret'");
}

void TestConnectionParams::wrongFormsKeepThePassword()
{
    QFETCH(QString, text);
    const auto params = ConnectionParams::parse(text);
    QVERIFY(!params);
    QCOMPARE(params.error().kind, ErrorKind::Configuration);
    QVERIFY(!params.error().message.contains(QLatin1String("s3cret")));
    QVERIFY(!params.error().detail.contains(QLatin1String("s3cret")));
}

void TestConnectionParams::describedWithoutPassword()
{
    const auto params =
        ConnectionParams::parse(QStringLiteral("postgresql://me:s3cret@db.example:5433/docs"));
    VERIFY_RESULT(params);
    QVERIFY(params->describe().contains(QLatin1String("docs")));
    QVERIFY(params->describe().contains(QLatin1String("db.example:5433")));
    QVERIFY(!params->describe().contains(QLatin1String("s3cret")));
    QVERIFY(!params->connectOptions().contains(QLatin1String("s3cret")));
}

void TestConnectionParams::remoteServersMustProveThemselves_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("remote");
    QTest::newRow("default") << QStringLiteral("dbname=d") << false;
    QTest::newRow("socket") << QStringLiteral("host=/run/pg") << false;
    QTest::newRow("localhost") << QStringLiteral("host=localhost") << false;
    QTest::newRow("IPv4 of this machine") << QStringLiteral("host=127.0.0.1") << false;
    QTest::newRow("IPv6 of this machine") << QStringLiteral("host=::1") << false;
    QTest::newRow("name") << QStringLiteral("host=db.example") << true;
    QTest::newRow("name that begins alike") << QStringLiteral("host=localhost.example") << true;
    QTest::newRow("address") << QStringLiteral("host=10.0.0.1") << true;
    QTest::newRow("address beside no name") << QStringLiteral("hostaddr=10.0.0.1") << true;
    QTest::newRow("address beside a local name")
        << QStringLiteral("host=localhost hostaddr=10.0.0.1") << true;
}

void TestConnectionParams::remoteServersMustProveThemselves()
{
    QFETCH(QString, text);
    QFETCH(bool, remote);
    const auto params = ConnectionParams::parse(text);
    VERIFY_RESULT(params);
    QCOMPARE(params->connectOptions()
                 .split(QLatin1Char(';'))
                 .contains(QLatin1String("sslmode=verify-full")),
             remote);
}

void TestConnectionParams::userOptionsWin()
{
    const auto params = ConnectionParams::parse(
        QStringLiteral("postgresql://db.example/d?sslmode=disable&connect_timeout=2"));
    VERIFY_RESULT(params);
    const QStringList options = params->connectOptions().split(QLatin1Char(';'));
    QCOMPARE(options.filter(QStringLiteral("sslmode=")),
             QStringList(QStringLiteral("sslmode=disable")));
    QCOMPARE(options.filter(QStringLiteral("connect_timeout=")),
             QStringList(QStringLiteral("connect_timeout=2")));
    // A network that died must not hang the program, whatever the address says.
    QVERIFY(options.contains(QLatin1String("tcp_user_timeout=10000")));
    QVERIFY(options.contains(QLatin1String("keepalives_idle=15")));
}

void TestConnectionParams::optionWithSpaces()
{
    const auto params =
        ConnectionParams::parse(QStringLiteral("postgresql:///d?options=-c%20work_mem%3D8MB"));
    VERIFY_RESULT(params);
    QVERIFY(params->connectOptions()
                .split(QLatin1Char(';'))
                .contains(QLatin1String("options='-c work_mem=8MB'")));
}

QTEST_GUILESS_MAIN(TestConnectionParams)
#include "tst_connection_params.moc"
