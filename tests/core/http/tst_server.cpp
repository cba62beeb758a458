#include "core/db/connection.h"
#include "tests/core/http/served_memory.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;
using namespace std::chrono_literals;

class TestServer : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void refusesLargeBodies();
    void takesChunkedBodies();
    void asksForLargeBodies();
    void closesSlowClients();
    void closesIdleClients();
    void answersPipelinedRequestsInTurn();
    void survivesClientsThatLeaveAtOnce();
    void turnsAwayWhenBusy();
    void stopsASearchThatTakesTooLong();
    void stopsWorkForAClientThatLeft();
    void finishesWorkWhenStopping();
    void stopsWorkThatDoesNotEnd();
    void startsAgainOnItsPort();
    void saysWhyItCannotStart();

private:
    ServedMemory m_served;
};

void TestServer::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestServer::cleanupTestCase()
{
    m_served.close();
}

void TestServer::refusesLargeBodies()
{
    ServerOptions options = localOptions();
    options.limits.bodies = {.json = 100, .upload = 1000};
    options.limits.transport.message.body = 2000;
    const auto server = m_served.startServer(options);
    HttpClient client(server->port(), kToken);
    const auto status = [&](int size) {
        return client.send("POST", "/v1/search", QByteArray(size, ' ')).status;
    };
    QCOMPARE(status(100), 400);
    QCOMPARE(status(101), 413);
    QCOMPARE(client.send("POST", "/v1/documents", QByteArray(101, ' '), kForm).status, 400);
    QCOMPARE(client.send("POST", "/v1/documents", QByteArray(1001, ' '), kForm).status, 413);
    // Past the hard limit nothing is kept, but a client that reads only after it has sent is
    // answered.
    QCOMPARE(status(2001), 413);
    QCOMPARE(status(3'000'000), 413);
    QCOMPARE(client.get("/healthz").status, 200);
}

void TestServer::takesChunkedBodies()
{
    const QByteArray head = "POST /v1/owners HTTP/1.1\r\nHost: 127.0.0.1:" +
                            QByteArray::number(m_served.server().port()) +
                            "\r\nAuthorization: Bearer " + kToken +
                            "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    const QByteArray body = "12\r\n{\"owner_id\": \"chun\r\n5;a=b\r\nked\"}\r\n0\r\n\r\n";
    const QByteArray next = m_served.client().healthRequest("Connection: close\r\n");
    const QByteArray answer = m_served.client().sendRaw(head + "\r\n" + body + next);
    QCOMPARE(statusOf(answer), 201);
    QCOMPARE(answer.count("HTTP/1.1 200"), 1);
    QCOMPARE(m_served.client().get("/v1/owners/chunked").status, 200);
    QCOMPARE(m_served.client().sendRaw(head + "\r\nno size\r\n"), QByteArray());
    QCOMPARE(m_served.client().sendRaw(head + "\r\nffffffff\r\n"), QByteArray());
}

void TestServer::asksForLargeBodies()
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_served.server().port());
    const QByteArray body = R"({"owner_id": "patient"})";
    socket.write("POST /v1/owners HTTP/1.1\r\nHost: 127.0.0.1:" +
                 QByteArray::number(m_served.server().port()) + "\r\nAuthorization: Bearer " +
                 kToken +
                 "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nConnection: "
                 "close\r\nContent-Length: " +
                 QByteArray::number(body.size()) + "\r\n\r\n");
    QVERIFY(socket.waitForReadyRead(kPatienceMs));
    QCOMPARE(socket.readAll(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    socket.write(body);
    QVERIFY(socket.waitForDisconnected(kPatienceMs));
    QCOMPARE(statusOf(socket.readAll()), 201);
}

void TestServer::closesSlowClients()
{
    ServerOptions options = localOptions();
    options.limits.transport.readTime = 300ms;
    const auto server = m_served.startServer(options);
    const HttpClient client(server->port(), kToken);
    QCOMPARE(client.sendRaw("GET /healthz HTTP/1.1\r\nHost: "), QByteArray());
    QCOMPARE(client.sendRaw("POST /v1/owners HTTP/1.1\r\nContent-Length: 10\r\n\r\nab"),
             QByteArray());
}

void TestServer::closesIdleClients()
{
    ServerOptions options = localOptions();
    options.limits.transport.idleTime = 200ms;
    const auto server = m_served.startServer(options);
    const HttpClient client(server->port(), kToken);
    QCOMPARE(client.sendRaw({}), QByteArray());
    QCOMPARE(statusOf(client.sendRaw(client.healthRequest())), 200); // kept, and closed when idle
}

void TestServer::answersPipelinedRequestsInTurn()
{
    const QByteArray answer = m_served.client().sendRaw(
        m_served.client().healthRequest().replace("/healthz", "/1") +
        m_served.client().healthRequest().replace("/healthz", "/v1/owners") +
        m_served.client().healthRequest() + "\r\n" +
        m_served.client().healthRequest("Connection: close\r\n"));
    QCOMPARE(answer.count("HTTP/1.1 401"), 2);
    QCOMPARE(answer.count("HTTP/1.1 200"), 2);
    QVERIFY(answer.indexOf("401") < answer.indexOf("200 OK"));
}

void TestServer::survivesClientsThatLeaveAtOnce()
{
    ServerOptions options = localOptions();
    options.limits.transport.connections = 4;
    const auto server = m_served.startServer(options);
    for (int i = 0; i < 40; ++i) {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), server->port());
        QVERIFY(socket.waitForConnected(kPatienceMs));
        socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        socket.abort();
    }
    HttpClient client(server->port(), kToken);
    QCOMPARE(client.get("/healthz").status, 200);
}

void TestServer::turnsAwayWhenBusy()
{
    StuckReader stuck;
    ServerOptions options = localOptions();
    options.readFile = stuck.reader();
    options.limits.atWork = 1;
    options.limits.waiting = 0;
    options.limits.stopTime = 0ms;
    const auto server = m_served.startServer(options);
    std::thread first([&] {
        HttpClient(server->port(), kToken).send("POST", "/v1/documents", uploadOf("busy"), kForm);
    });
    QVERIFY(stuck.begun.tryAcquire(1, kPatienceMs));
    HttpClient client(server->port(), kToken);
    const HttpReply refused = client.get("/v1/owners");
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.text("code"), QStringLiteral("busy"));
    QCOMPARE(refused.headers.value("retry-after"), QByteArray("1"));
    QCOMPARE(client.get("/healthz").status, 200);
    server->stop();
    first.join();
}

void TestServer::stopsASearchThatTakesTooLong()
{
    ServerOptions options = localOptions();
    options.limits.searchTime = 200ms;
    const auto server = m_served.startServer(options);
    HttpClient client(server->port(), kToken);
    auto blocker = db::Connection::open(m_served.database().administrator());
    VERIFY_RESULT(blocker);
    const QString lock =
        QStringLiteral("BEGIN; LOCK TABLE \"%1\".documents, \"%1\".document_chunks")
            .arg(m_served.database().schema());
    VERIFY_RESULT((*blocker)->runScript(QStringLiteral("lock"), lock));
    const HttpReply reply =
        client.get("/v1/search?owner_id=searcher&query=kingfisher&search_type=text");
    VERIFY_RESULT((*blocker)->runScript(QStringLiteral("unlock"), QStringLiteral("ROLLBACK")));
    QCOMPARE(reply.status, 504);
    QCOMPARE(reply.text("code"), QStringLiteral("timeout"));
}

void TestServer::stopsWorkForAClientThatLeft()
{
    StuckReader stuck;
    ServerOptions options = localOptions();
    options.readFile = stuck.reader();
    const auto server = m_served.startServer(options);
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), server->port());
    const QByteArray body = uploadOf("leaver");
    socket.write(
        "POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server->port()) +
        "\r\nAuthorization: Bearer " + kToken + "\r\nContent-Type: " + kForm.first().second +
        "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QVERIFY(socket.waitForBytesWritten(kPatienceMs));
    QVERIFY(stuck.begun.tryAcquire(1, kPatienceMs));
    QVERIFY(!stuck.stopped);
    socket.disconnectFromHost();
    QTRY_VERIFY_WITH_TIMEOUT(stuck.stopped, kPatienceMs);
}

void TestServer::finishesWorkWhenStopping()
{
    QSemaphore begun;
    QSemaphore goOn;
    ServerOptions options = localOptions();
    options.readFile = [&](const QString &path, const std::atomic_bool *cancelled) {
        begun.release();
        goOn.acquire();
        return readPlain(path, cancelled);
    };
    const auto server = m_served.startServer(options);
    const quint16 port = server->port();
    HttpReply reply;
    std::thread client([&] {
        reply = HttpClient(port, kToken).send("POST", "/v1/documents", uploadOf("finisher"), kForm);
    });
    QVERIFY(begun.tryAcquire(1, kPatienceMs));
    QTcpSocket kept;
    kept.connectToHost(QStringLiteral("127.0.0.1"), port);
    QVERIFY(kept.waitForConnected(kPatienceMs));
    kept.write(HttpClient(port, kToken).healthRequest());
    QVERIFY(kept.waitForReadyRead(kPatienceMs));
    QCOMPARE(statusOf(kept.readAll()), 200);

    std::thread stopper([&] { server->stop(); });
    QTcpSocket late;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 late.abort();
                                 late.connectToHost(QStringLiteral("127.0.0.1"), port);
                                 return !late.waitForConnected(kPatienceMs);
                             }()),
                             kPatienceMs);
    kept.write(HttpClient(port, kToken).healthRequest());
    QVERIFY(kept.waitForDisconnected(kPatienceMs));
    const QByteArray refused = kept.readAll();
    QCOMPARE(statusOf(refused), 503);
    QVERIFY(refused.contains("\"stopping\""));
    goOn.release();
    stopper.join();
    client.join();
    QCOMPARE(reply.status, 201);
}

void TestServer::stopsWorkThatDoesNotEnd()
{
    StuckReader stuck;
    ServerOptions options = localOptions();
    options.readFile = stuck.reader();
    options.limits.stopTime = 100ms;
    auto server = m_served.startServer(options);
    const quint16 port = server->port();
    HttpReply reply;
    std::thread client([&] {
        reply = HttpClient(port, kToken).send("POST", "/v1/documents", uploadOf("stopper"), kForm);
    });
    QVERIFY(stuck.begun.tryAcquire(1, kPatienceMs));
    server.reset();
    client.join();
    QVERIFY(stuck.stopped);
    QCOMPARE(reply.status, 503);
    QCOMPARE(m_served.client().get("/v1/owners/stopper").status, 404);
}

void TestServer::startsAgainOnItsPort()
{
    ServerOptions options = localOptions();
    auto server = m_served.startServer(options);
    options.port = server->port();
    HttpClient client(options.port, kToken);
    QCOMPARE(client.get("/healthz").status, 200);
    server->stop();
    server->stop();
    QCOMPARE(server->port(), options.port);
    server = m_served.startServer(options);
    QCOMPARE(HttpClient(options.port, kToken).get("/healthz").status, 200);
}

void TestServer::saysWhyItCannotStart()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ServerOptions options = localOptions();
    options.port = other.serverPort();
    const auto taken = Server::start(m_served.memory(), options);
    QVERIFY(!taken);
    QVERIFY(taken.error().kind == ErrorKind::Unavailable);
    QVERIFY(taken.error().message.contains(QString::number(options.port)));

    options = localOptions();
    options.listen = QStringLiteral("example.org");
    QVERIFY(Server::start(m_served.memory(), options).error().kind == ErrorKind::Configuration);
    options.listen = QStringLiteral("0.0.0.0");
    options.requireToken = false;
    QVERIFY(Server::start(m_served.memory(), options).error().kind == ErrorKind::Configuration);
    options = localOptions();
    options.tokenSha256.clear();
    QVERIFY(Server::start(m_served.memory(), options).error().kind == ErrorKind::Configuration);
}

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
