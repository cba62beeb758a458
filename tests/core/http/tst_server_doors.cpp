#include "tests/core/http/served_memory.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;

class TestServerDoors : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void answersWithoutToken();
    void sendsSecurityHeadersAlways_data();
    void sendsSecurityHeadersAlways();
    void refusesByHead_data();
    void refusesByHead();
    void refusesMalformedMessages_data();
    void refusesMalformedMessages();
    void keepsOrderOfItsDoors();
    void leavesOutTheBodyForHead();
    void letsListedOriginsIn();
    void holdsUpGuessers();

private:
    HttpReply send(const QByteArray &method,
                   const QByteArray &target,
                   const QByteArray &body = {},
                   const HttpHeaders &headers = {})
    {
        return m_served.client().send(method, target, body, headers);
    }
    quint16 port() const { return m_served.server().port(); }

    ServedMemory m_served;
};

void TestServerDoors::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestServerDoors::cleanupTestCase()
{
    m_served.close();
}

void TestServerDoors::answersWithoutToken()
{
    const HttpReply reply = send("GET", "/healthz", {}, {{"Authorization", {}}});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.text("status"), QStringLiteral("ok"));
    QCOMPARE(m_served.server().url(),
             QStringLiteral("http://127.0.0.1:%1").arg(m_served.server().port()));
}

void TestServerDoors::sendsSecurityHeadersAlways_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("good") << QByteArray("/healthz") << 200;
    QTest::newRow("data") << QByteArray("/v1/owners") << 200;
    QTest::newRow("unknown") << QByteArray("/nothing") << 404;
    QTest::newRow("bad parameter") << QByteArray("/v1/owners?a=b") << 400;
}

void TestServerDoors::sendsSecurityHeadersAlways()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    const HttpReply reply = m_served.client().get(target);
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.headers.value("x-content-type-options"), QByteArray("nosniff"));
    QCOMPARE(reply.headers.value("cache-control"), QByteArray("no-store"));
    QCOMPARE(reply.headers.value("content-security-policy"),
             QByteArray("default-src 'none'; frame-ancestors 'none'"));
    QCOMPARE(reply.headers.value("cross-origin-resource-policy"), QByteArray("same-origin"));
    QVERIFY(!reply.headers.contains("access-control-allow-origin"));
    QCOMPARE(reply.headers.value("content-type"),
             QByteArray(status == 200 ? "application/json" : "application/problem+json"));
}

void TestServerDoors::refusesByHead_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name,
                        const char *method,
                        const char *target,
                        const QByteArray &header,
                        const QByteArray &value,
                        int status,
                        const char *code) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << header << value << status
                            << QString::fromLatin1(code);
    };
    row("foreign host", "GET", "/healthz", "Host", "evil.example", 403, "forbidden_host");
    row("origin", "GET", "/healthz", "Origin", "https://evil.example", 403, "forbidden_origin");
    row("null origin", "GET", "/healthz", "Origin", "null", 403, "forbidden_origin");
    row("cross-site", "GET", "/healthz", "Sec-Fetch-Site", "cross-site", 403, "forbidden_origin");
    row("no token", "GET", "/v1/owners", "Authorization", {}, 401, "unauthorized");
    row("wrong token", "GET", "/v1/owners", "Authorization", "Bearer llm_x", 401, "unauthorized");
    row("no route", "GET", "/v1/nothing", "X", "", 404, "unknown_route");
    row("wrong method", "PUT", "/v1/owners", "X", "", 405, "wrong_method");
    row("no type", "POST", "/v1/search", "Content-Type", {}, 415, "unsupported_media_type");
    row("form type",
        "POST",
        "/v1/search",
        "Content-Type",
        "text/plain",
        415,
        "unsupported_media_type");
}

void TestServerDoors::refusesByHead()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(int, status);
    QFETCH(QString, code);
    const HttpReply reply = send(method, target, {}, {{header, value}});
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.text("code"), code);
    QCOMPARE(reply.headers.value("content-type"), QByteArray("application/problem+json"));
    QCOMPARE(reply.headers.contains("www-authenticate"), status == 401);
    QCOMPARE(reply.headers.contains("allow"), status == 405);
}

void TestServerDoors::refusesMalformedMessages_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray host = "Host: 127.0.0.1:" + QByteArray::number(port()) + "\r\n";
    QTest::newRow("no Host") << QByteArray("GET /healthz HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("two Hosts") << QByteArray("GET /healthz HTTP/1.1\r\n" + host + host + "\r\n")
                               << 400;
    QTest::newRow("Host with space")
        << QByteArray("GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n") << 400;
    QTest::newRow("folded line") << QByteArray("GET /healthz HTTP/1.1\r\n" + host +
                                               "A: b\r\n c\r\n\r\n")
                                 << 400;
    QTest::newRow("bare line feeds") << QByteArray("GET /healthz HTTP/1.1\n" + host + "\n") << 400;
    QTest::newRow("absolute target")
        << QByteArray("GET http://a/healthz HTTP/1.1\r\n" + host + "\r\n") << 400;
    QTest::newRow("HTTP/9.9") << QByteArray("GET /healthz HTTP/9.9\r\n" + host + "\r\n") << 505;
    QTest::newRow("two lengths") << QByteArray("POST /v1/search HTTP/1.1\r\n" + host +
                                               "Content-Length: 1\r\nContent-Length: 2\r\n\r\na")
                                 << 400;
    QTest::newRow("length and chunks")
        << QByteArray("POST /v1/search HTTP/1.1\r\n" + host +
                      "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        << 400;
    QTest::newRow("upgrade") << QByteArray("GET /healthz HTTP/1.1\r\n" + host +
                                           "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                             << 501;
    QTest::newRow("long line") << QByteArray("GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\n" +
                                             host + "\r\n")
                               << 431;
    QTest::newRow("many headers") << QByteArray("GET /healthz HTTP/1.1\r\n" + host +
                                                QByteArray("A: b\r\n").repeated(65) + "\r\n")
                                  << 431;
    QTest::newRow("no HTTP") << QByteArray("\x16\x03\x01\x01\n", 5) << 400;
}

void TestServerDoors::refusesMalformedMessages()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    const QByteArray answer =
        m_served.client().sendRaw(request + "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
    QCOMPARE(statusOf(answer), status);
    QVERIFY(answer.contains("application/problem+json"));
    QVERIFY(answer.contains("X-Content-Type-Options: nosniff"));
    QVERIFY(answer.contains("Connection: close"));
    QCOMPARE(answer.count("Content-Length: "),
             1); // what follows a refused request is not looked at
}

void TestServerDoors::keepsOrderOfItsDoors()
{
    // Each request has every mistake that comes after the first.
    HttpHeaders headers{{"Host", "evil"},
                        {"Origin", "null"},
                        {"Authorization", "Bearer x"},
                        {"Content-Type", "a/b"}};
    QCOMPARE(send("PUT", "/v1/search", "{", headers).text("code"),
             QStringLiteral("forbidden_host"));
    headers.removeFirst();
    QCOMPARE(send("PUT", "/v1/search", "{", headers).text("code"),
             QStringLiteral("forbidden_origin"));
    headers.removeFirst();
    QCOMPARE(send("PUT", "/v1/search", "{", headers).text("code"), QStringLiteral("unauthorized"));
    headers.removeFirst();
    QCOMPARE(send("PUT", "/v1/search", "{", headers).text("code"), QStringLiteral("wrong_method"));
    QCOMPARE(send("POST", "/v1/search", "{", headers).text("code"),
             QStringLiteral("unsupported_media_type"));
    QCOMPARE(send("POST", "/v1/search", "{").text("code"), QStringLiteral("validation"));
}

void TestServerDoors::leavesOutTheBodyForHead()
{
    const QByteArray answer =
        m_served.client().sendRaw("HEAD" + m_served.client().healthRequest().mid(3) +
                                  m_served.client().healthRequest("Connection: close\r\n"));
    QCOMPARE(answer.count("HTTP/1.1 200 OK"), 2);
    QCOMPARE(answer.count("Content-Length: 15"), 2);
    QCOMPARE(answer.count("{\"status\":\"ok\"}"), 1);
}

void TestServerDoors::letsListedOriginsIn()
{
    ServerOptions options = localOptions();
    options.allowedOrigins = {QStringLiteral("https://good.example")};
    options.allowedHosts = {QStringLiteral("box.lan")};
    const auto server = m_served.startServer(options);
    HttpClient client(server->port(), kToken);
    const HttpReply reply =
        client.send("GET", "/v1/owners", {}, {{"Origin", "https://good.example"}});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.headers.value("access-control-allow-origin"),
             QByteArray("https://good.example"));
    const HttpReply preflight = client.send("OPTIONS",
                                            "/v1/search",
                                            {},
                                            {{"Origin", "https://good.example"},
                                             {"Authorization", {}},
                                             {"Access-Control-Request-Method", "POST"}});
    QCOMPARE(preflight.status, 204);
    QVERIFY(preflight.headers.value("access-control-allow-headers").contains("Authorization"));
    QCOMPARE(client.send("GET", "/healthz", {}, {{"Origin", "https://evil.example"}}).status, 403);
    const QByteArray host = "box.lan:" + QByteArray::number(server->port());
    QCOMPARE(client.send("GET", "/healthz", {}, {{"Host", host}}).status, 200);
}

void TestServerDoors::holdsUpGuessers()
{
    ServerOptions options = localOptions();
    options.limits.badTokensPerMinute = 3;
    const auto server = m_served.startServer(options);
    HttpClient client(server->port(), kToken);
    const HttpHeaders guess{{"Authorization", "Bearer llm_guess"}};
    for (int i = 0; i < 3; ++i)
        QCOMPARE(client.send("GET", "/v1/owners", {}, guess).status, 401);
    const HttpReply refused = client.send("GET", "/v1/owners", {}, guess);
    QCOMPARE(refused.status, 429);
    QVERIFY(refused.headers.contains("retry-after"));
    QCOMPARE(client.get("/v1/owners").status, 200);
}

QTEST_GUILESS_MAIN(TestServerDoors)
#include "tst_server_doors.moc"
