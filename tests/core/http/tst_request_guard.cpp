#include "core/http/request_guard.h"

#include <QCryptographicHash>
#include <QTest>

using namespace llmemory::http;

namespace {

const QByteArray kToken = "llm_0123456789012345678901234567890123456789012";

Request requestWith(const QList<Header> &headers, const QByteArray &method = "GET")
{
    Request request;
    request.method = method;
    request.path = "/v1/search";
    request.headers = headers;
    return request;
}

RequestGuard::Options options(const QList<QByteArray> &origins = {})
{
    return {.hosts = RequestGuard::hostsFor(
                QStringLiteral("127.0.0.1"), 8765, {QStringLiteral("Box.lan")}),
            .origins = origins,
            .tokenSha256 = QCryptographicHash::hash(kToken, QCryptographicHash::Sha256)};
}

int statusOf(const std::optional<Problem> &problem)
{
    return problem ? problem->status : 200;
}

} // namespace

class TestRequestGuard : public QObject
{
    Q_OBJECT

private slots:
    void looksAtTheSource_data();
    void looksAtTheSource();
    void letsListedOriginsIn();
    void looksAtTheToken_data();
    void looksAtTheToken();
    void holdsUpGuessersOnly();
    void needsNoTokenWhenToldSo();
    void knowsItsNames_data();
    void knowsItsNames();
};

void TestRequestGuard::looksAtTheSource_data()
{
    QTest::addColumn<QList<Header>>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const Header good{"host", "127.0.0.1:8765"};
    const auto row =
        [](const char *name, const QList<Header> &headers, int status, const char *code) {
            QTest::newRow(name) << headers << status << QString::fromLatin1(code);
        };
    row("own address", {good}, 200, "");
    row("localhost", {{"host", "LocalHost:8765"}}, 200, "");
    row("IPv6", {{"host", "[::1]:8765"}}, 200, "");
    row("name of the settings", {{"host", "box.lan:8765"}}, 200, "");
    row("none", {}, 400, "host_missing");
    row("two", {good, good}, 400, "host_repeated");
    row("empty", {{"host", ""}}, 403, "forbidden_host");
    row("other port", {{"host", "127.0.0.1:80"}}, 403, "forbidden_host");
    row("no port", {{"host", "127.0.0.1"}}, 403, "forbidden_host");
    row("rebound name", {{"host", "evil.example:8765"}}, 403, "forbidden_host");
    row("own address as a part", {{"host", "127.0.0.1:8765.evil.example"}}, 403, "forbidden_host");
    row("user part", {{"host", "a@127.0.0.1:8765"}}, 403, "forbidden_host");
    row("origin", {good, {"origin", "https://evil.example"}}, 403, "forbidden_origin");
    row("own origin", {good, {"origin", "http://127.0.0.1:8765"}}, 403, "forbidden_origin");
    row("null origin", {good, {"origin", "null"}}, 403, "forbidden_origin");
    row("cross-site", {good, {"sec-fetch-site", "cross-site"}}, 403, "forbidden_origin");
    row("same-site", {good, {"sec-fetch-site", "same-site"}}, 403, "forbidden_origin");
    row("same-origin", {good, {"sec-fetch-site", "same-origin"}}, 200, "");
    row("typed address", {good, {"sec-fetch-site", "none"}}, 200, "");
}

void TestRequestGuard::looksAtTheSource()
{
    QFETCH(QList<Header>, headers);
    QFETCH(int, status);
    QFETCH(QString, code);
    const RequestGuard guard(options());
    const auto problem = guard.checkSource(requestWith(headers));
    QCOMPARE(statusOf(problem), status);
    QCOMPARE(problem ? problem->code : QString(), code);
}

void TestRequestGuard::letsListedOriginsIn()
{
    const RequestGuard guard(options({"https://good.example"}));
    const Header host{"host", "127.0.0.1:8765"};
    const Request good =
        requestWith({host, {"origin", "https://good.example"}, {"sec-fetch-site", "cross-site"}});
    QCOMPARE(statusOf(guard.checkSource(good)), 200);
    QCOMPARE(guard.corsHeaders(good).size(), 2);
    QCOMPARE(guard.corsHeaders(good).last().value, QByteArray("https://good.example"));

    const Request bad = requestWith({host, {"origin", "https://good.example.evil"}});
    QCOMPARE(statusOf(guard.checkSource(bad)), 403);
    QCOMPARE(guard.corsHeaders(bad).size(), 1);
    QVERIFY(RequestGuard(options()).corsHeaders(good).isEmpty());

    Request preflight = good;
    preflight.method = "OPTIONS";
    QVERIFY(!guard.isPreflight(preflight));
    preflight.headers.append(Header{"access-control-request-method", "POST"});
    QVERIFY(guard.isPreflight(preflight));
}

void TestRequestGuard::looksAtTheToken_data()
{
    QTest::addColumn<QList<QByteArray>>("authorization");
    QTest::addColumn<int>("status");
    QTest::newRow("right") << QList<QByteArray>{"Bearer " + kToken} << 200;
    QTest::newRow("scheme in capitals") << QList<QByteArray>{"BEARER " + kToken} << 200;
    QTest::newRow("none") << QList<QByteArray>{} << 401;
    QTest::newRow("empty") << QList<QByteArray>{"Bearer "} << 401;
    QTest::newRow("no scheme") << QList<QByteArray>{kToken} << 401;
    QTest::newRow("other scheme") << QList<QByteArray>{"Basic " + kToken} << 401;
    QTest::newRow("cut") << QList<QByteArray>{"Bearer " + kToken.chopped(1)} << 401;
    QTest::newRow("longer") << QList<QByteArray>{"Bearer " + kToken + "a"} << 401;
    QTest::newRow("twice") << QList<QByteArray>{"Bearer " + kToken, "Bearer " + kToken} << 401;
}

void TestRequestGuard::looksAtTheToken()
{
    QFETCH(QList<QByteArray>, authorization);
    QFETCH(int, status);
    QList<Header> headers;
    for (const QByteArray &value : authorization)
        headers.append(Header{"authorization", value});
    RequestGuard guard(options());
    QCOMPARE(statusOf(guard.checkToken(requestWith(headers))), status);
}

void TestRequestGuard::holdsUpGuessersOnly()
{
    RequestGuard guard(options());
    const Request bad = requestWith({{"authorization", "Bearer guess"}});
    const Request missing = requestWith({});
    const Request good = requestWith({{"authorization", "Bearer " + kToken}});
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(statusOf(guard.checkToken(missing)), 401);
        QCOMPARE(statusOf(guard.checkToken(bad)), 401);
    }
    QCOMPARE(statusOf(guard.checkToken(bad)), 429);
    QCOMPARE(statusOf(guard.checkToken(good)), 200);
    QCOMPARE(statusOf(guard.checkToken(missing)), 401);
}

void TestRequestGuard::needsNoTokenWhenToldSo()
{
    auto open = options();
    open.requireToken = false;
    RequestGuard guard(open);
    QCOMPARE(statusOf(guard.checkToken(requestWith({}))), 200);
    QCOMPARE(statusOf(guard.checkSource(requestWith({{"host", "evil:8765"}}))), 403);
}

void TestRequestGuard::knowsItsNames_data()
{
    QTest::addColumn<QString>("listen");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("known");
    const auto row = [](const char *title,
                        const char *listen,
                        const QStringList &names,
                        const char *host,
                        bool known) {
        QTest::newRow(title) << QString::fromLatin1(listen) << names << QByteArray(host) << known;
    };
    row("loopback by IPv6", "::1", {}, "[::1]:80", true);
    row("default port", "127.0.0.1", {}, "localhost", true);
    row("address of the network", "192.168.1.2", {}, "192.168.1.2:80", true);
    row("loopback name of a network address", "192.168.1.2", {}, "localhost:80", false);
    row("name with another port",
        "127.0.0.1",
        {QStringLiteral("a.example:443")},
        "a.example:443",
        true);
    row("name only with that port",
        "127.0.0.1",
        {QStringLiteral("a.example:443")},
        "a.example:80",
        false);
}

void TestRequestGuard::knowsItsNames()
{
    QFETCH(QString, listen);
    QFETCH(QStringList, names);
    QFETCH(QByteArray, host);
    QFETCH(bool, known);
    QCOMPARE(RequestGuard::hostsFor(listen, 80, names).contains(host), known);
}

QTEST_GUILESS_MAIN(TestRequestGuard)
#include "tst_request_guard.moc"
