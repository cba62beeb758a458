#include "core/db/connection.h"
#include "core/http/server.h"
#include "core/http/token_store.h"
#include "core/memory.h"
#include "tests/core/http/http_client.h"
#include "tests/support/test_database.h"
#include "tests/support/verify_result.h"

#include <QCryptographicHash>
#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;
using namespace std::chrono_literals;

namespace {

const QByteArray kToken = "llm_0123456789012345678901234567890123456789012";
constexpr int kPatienceMs = 20'000;

ServerOptions localOptions()
{
    ServerOptions options;
    options.port = 0;
    options.tokenSha256 = QCryptographicHash::hash(kToken, QCryptographicHash::Sha256);
    return options;
}

Json documentJson(const QString &owner, const QString &origin, const QString &content)
{
    return {{"owner_id", toJson(owner)},
            {"id_at_origin", toJson(origin)},
            {"document_name", toJson(origin)},
            {"content", toJson(content)}};
}

QByteArray formPart(const QByteArray &disposition, const QByteArray &data)
{
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}

const HttpHeaders kForm{{"Content-Type", "multipart/form-data; boundary=XX"}};
const HttpHeaders kLines{{"Content-Type", "application/x-ndjson"}};

/// A form whose file keeps a FileReader busy.
QByteArray uploadOf(const QByteArray &owner)
{
    return formPart("name=owner_id", owner) + formPart("name=file; filename=\"a.txt\"", "text") +
           "--XX--\r\n";
}

/// Reads files as their plain bytes, the first line as title.
extract::Extraction readPlain(const QString &path, const std::atomic_bool *)
{
    QFile file(path);
    extract::Extraction extraction;
    if (!file.open(QIODevice::ReadOnly))
        extraction.outcome = extract::Outcome::Damaged;
    extraction.text = QString::fromUtf8(file.readAll());
    extraction.type = DocumentType::Markdown;
    extraction.title = extraction.text.section(QLatin1Char('\n'), 0, 0);
    extraction.metadata = {{"author", "Ada"}, {"pages", 3}};
    if (extraction.text.startsWith(QLatin1String("SECRET"))) {
        extraction.outcome = extract::Outcome::Encrypted;
        extraction.reason = QStringLiteral("locked.pdf has a password. Save a copy without one.");
    }
    return extraction;
}

/// A FileReader that says when it has begun and ends when it is told to stop.
struct StuckReader
{
    QSemaphore begun;
    std::atomic_bool stopped = false;

    FileReader reader()
    {
        return [this](const QString &, const std::atomic_bool *cancelled) {
            begun.release();
            while (!*cancelled)
                QThread::msleep(5);
            stopped = true;
            extract::Extraction nothing;
            nothing.outcome = extract::Outcome::Cancelled;
            return nothing;
        };
    }
};

} // namespace

class TestServer : public QObject
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

    void managesOwners();
    void pagesOwners();
    void refusesBadOwners_data();
    void refusesBadOwners();
    void addsDocuments();
    void refusesBadDocuments_data();
    void refusesBadDocuments();
    void takesFiles();
    void refusesBadForms_data();
    void refusesBadForms();
    void addsManyLineByLine();
    void addsManyForAnOldClient();
    void searches();
    void neverShowsAnotherOwner();
    void tellsAboutEmbeddings();

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
    std::unique_ptr<Server> startServer(const ServerOptions &options)
    {
        auto server = Server::start(*m_memory, options);
        if (!server)
            qFatal("%s", testing::describe(server.error()).constData());
        return std::move(*server);
    }
    HttpReply send(const QByteArray &method,
                   const QByteArray &target,
                   const QByteArray &body = {},
                   const HttpHeaders &headers = {})
    {
        return m_client->send(method, target, body, headers);
    }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<Memory> m_memory;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void TestServer::initTestCase()
{
    m_database = std::make_unique<TestDatabase>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_memory = std::make_unique<Memory>(m_database->memoryOptions(false));
    VERIFY_RESULT(m_memory->initialize().result());
    ServerOptions options = localOptions();
    options.readFile = readPlain;
    m_server = startServer(options);
    m_client = std::make_unique<HttpClient>(m_server->port(), kToken);
}

void TestServer::cleanupTestCase()
{
    m_server.reset();
    m_memory.reset();
    m_database.reset();
}

void TestServer::answersWithoutToken()
{
    const HttpReply reply = send("GET", "/healthz", {}, {{"Authorization", {}}});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.text("status"), QStringLiteral("ok"));
    QCOMPARE(m_server->url(), QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
}

void TestServer::sendsSecurityHeadersAlways_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("good") << QByteArray("/healthz") << 200;
    QTest::newRow("data") << QByteArray("/v1/owners") << 200;
    QTest::newRow("unknown") << QByteArray("/nothing") << 404;
    QTest::newRow("bad parameter") << QByteArray("/v1/owners?a=b") << 400;
}

void TestServer::sendsSecurityHeadersAlways()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    const HttpReply reply = m_client->get(target);
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

void TestServer::refusesByHead_data()
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

void TestServer::refusesByHead()
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

void TestServer::refusesMalformedMessages_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray host =
        "Host: 127.0.0.1:" + QByteArray::number(m_server ? m_server->port() : 0) + "\r\n";
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

void TestServer::refusesMalformedMessages()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    const QByteArray answer =
        m_client->sendRaw(request + "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
    QCOMPARE(statusOf(answer), status);
    QVERIFY(answer.contains("application/problem+json"));
    QVERIFY(answer.contains("X-Content-Type-Options: nosniff"));
    QVERIFY(answer.contains("Connection: close"));
    QCOMPARE(answer.count("Content-Length: "),
             1); // what follows a refused request is not looked at
}

void TestServer::keepsOrderOfItsDoors()
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

void TestServer::leavesOutTheBodyForHead()
{
    const QByteArray answer = m_client->sendRaw("HEAD" + m_client->healthRequest().mid(3) +
                                                m_client->healthRequest("Connection: close\r\n"));
    QCOMPARE(answer.count("HTTP/1.1 200 OK"), 2);
    QCOMPARE(answer.count("Content-Length: 15"), 2);
    QCOMPARE(answer.count("{\"status\":\"ok\"}"), 1);
}

void TestServer::letsListedOriginsIn()
{
    ServerOptions options = localOptions();
    options.allowedOrigins = {QStringLiteral("https://good.example")};
    options.allowedHosts = {QStringLiteral("box.lan")};
    const auto server = startServer(options);
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

void TestServer::holdsUpGuessers()
{
    ServerOptions options = localOptions();
    options.limits.badTokensPerMinute = 3;
    const auto server = startServer(options);
    HttpClient client(server->port(), kToken);
    const HttpHeaders guess{{"Authorization", "Bearer llm_guess"}};
    for (int i = 0; i < 3; ++i)
        QCOMPARE(client.send("GET", "/v1/owners", {}, guess).status, 401);
    const HttpReply refused = client.send("GET", "/v1/owners", {}, guess);
    QCOMPARE(refused.status, 429);
    QVERIFY(refused.headers.contains("retry-after"));
    QCOMPARE(client.get("/v1/owners").status, 200);
}

void TestServer::managesOwners()
{
    const HttpReply created =
        m_client->post("/v1/owners", {{"owner_id", "managed@x"}, {"display_name", "One"}});
    QCOMPARE(created.status, 201);
    QCOMPARE(created.headers.value("location"), QByteArray("/v1/owners/managed@x"));
    QCOMPARE(created.text("owner_id"), QStringLiteral("managed@x"));
    QCOMPARE(created.text("display_name"), QStringLiteral("One"));
    const HttpReply again = m_client->post("/v1/owners", {{"owner_id", "managed@x"}});
    QCOMPARE(again.status, 409);
    QCOMPARE(again.text("code"), QStringLiteral("owner_exists"));

    QCOMPARE(m_client->get("/v1/owners/managed%40x").text("display_name"), QStringLiteral("One"));
    const HttpReply renamed = send("PATCH", "/v1/owners/managed@x", R"({"display_name": "Two"})");
    QCOMPARE(renamed.status, 200);
    QCOMPARE(m_client->get("/v1/owners/managed@x").text("display_name"), QStringLiteral("Two"));
    const Json statistics = m_client->get("/v1/owners/managed@x/statistics").json();
    QCOMPARE(statistics["document_count"].get<int>(), 0);
    QVERIFY(statistics["documents_by_type"].is_object());
    QVERIFY(statistics["first_created_at"].is_null());

    const HttpReply deleted = send("DELETE", "/v1/owners/managed@x");
    QCOMPARE(deleted.status, 200);
    QCOMPARE(deleted.json()["documents_deleted"].get<int>(), 0);
    for (const char *method : {"GET", "DELETE"}) {
        const HttpReply gone = send(method, "/v1/owners/managed@x");
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.text("code"), QStringLiteral("not_found"));
    }
    QCOMPARE(m_client->get("/v1/owners/managed@x/statistics").status, 404);
}

void TestServer::pagesOwners()
{
    for (const char *id : {"page-a", "page-b", "page-c"})
        QCOMPARE(m_client->post("/v1/owners", {{"owner_id", id}}).status, 201);
    const Json all = m_client->get("/v1/owners?limit=200").json();
    QVERIFY(all["total"].get<int>() >= 3);
    QCOMPARE(int(all["owners"].size()), all["total"].get<int>());
    const Json second = m_client->get("/v1/owners?limit=1&offset=1").json();
    QCOMPARE(second["owners"].size(), size_t(1));
    QVERIFY(second["owners"][0] == all["owners"][1]);
    QCOMPARE(second["offset"].get<int>(), 1);
    QVERIFY(m_client->get("/v1/owners?offset=9000").json()["owners"].empty());
}

void TestServer::refusesBadOwners_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name,
                        const char *method,
                        const char *target,
                        const char *body,
                        const char *field) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << QString::fromLatin1(field);
    };
    row("no id", "POST", "/v1/owners", "{}", "owner_id");
    row("bad id", "POST", "/v1/owners", R"({"owner_id": "a b"})", "owner_id");
    row("line end in id", "POST", "/v1/owners", R"({"owner_id": "a\n"})", "owner_id");
    row("unknown field", "POST", "/v1/owners", R"({"owner_id": "a", "name": "b"})", "name");
    row("number for a name",
        "POST",
        "/v1/owners",
        R"({"owner_id": "a", "display_name": 1})",
        "display_name");
    row("no JSON", "POST", "/v1/owners", R"({"owner_id": )", "body");
    row("bad id in the path", "GET", "/v1/owners/a%20b", "", "owner_id");
    row("parameter", "GET", "/v1/owners/a?full=1", "", "full");
    row("limit", "GET", "/v1/owners?limit=0", "", "limit");
    row("large limit", "GET", "/v1/owners?limit=201", "", "limit");
    row("offset", "GET", "/v1/owners?offset=-1", "", "offset");
    row("word for a number", "GET", "/v1/owners?limit=ten", "", "limit");
    row("no new name", "PATCH", "/v1/owners/a", "{}", "display_name");
}

void TestServer::refusesBadOwners()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QString, field);
    const HttpReply reply = send(method, target, body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QVERIFY(!reply.text("detail").isEmpty());
}

void TestServer::addsDocuments()
{
    Json document = documentJson(QStringLiteral("adder"),
                                 QStringLiteral("/a/b.txt"),
                                 QStringLiteral("Whales sing at night."));
    document["document_type"] = "report";
    document["document_date"] = "2024-05-01";
    document["metadata"] = {{"topic", "sea"}};
    const HttpReply added = m_client->post("/v1/documents", document);
    QCOMPARE(added.status, 201);
    const Json answer = added.json();
    QCOMPARE(toQString(answer["status"]), QStringLiteral("added"));
    QVERIFY(answer["chunks_created"].get<int>() >= 1);
    QVERIFY(answer["processing_time_ms"].is_number());
    QCOMPARE(toQString(answer["document"]["id_at_origin"]), QStringLiteral("/a/b.txt"));
    QCOMPARE(toQString(answer["document"]["document_date"]),
             QStringLiteral("2024-05-01T00:00:00.000Z"));
    QCOMPARE(toQString(answer["document"]["metadata"]["topic"]), QStringLiteral("sea"));

    const HttpReply same = m_client->post("/v1/documents", document);
    QCOMPARE(same.status, 200);
    QCOMPARE(same.text("status"), QStringLiteral("unchanged"));
    document["content"] = "Whales sing by day.";
    const HttpReply updated = m_client->post("/v1/documents", document);
    QCOMPARE(updated.status, 200);
    QCOMPARE(updated.text("status"), QStringLiteral("updated"));
    QVERIFY(updated.json()["document"]["document_id"] == answer["document"]["document_id"]);
}

void TestServer::refusesBadDocuments_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("field");
    const auto row =
        [](const char *title, const char *name, const QByteArray &value, const char *field) {
            QTest::newRow(title) << QByteArray(name) << value << QString::fromLatin1(field);
        };
    row("unknown", "contents", "\"a\"", "contents");
    row("no text", "content", "null", "content");
    row("blank text", "content", "\" \\n\"", "content");
    row("list for text", "content", "[]", "content");
    row("bad owner", "owner_id", "\"a/b\"", "owner_id");
    row("control character", "id_at_origin", "\"a\\u0007\"", "id_at_origin");
    row("long name", "document_name", '"' + QByteArray(501, 'a') + '"', "document_name");
    row("unknown type", "document_type", "\"novel\"", "document_type");
    row("no date", "document_date", "\"2024-13-01\"", "document_date");
    row("text for metadata", "metadata", "\"a\"", "metadata");
    row("deep metadata",
        "metadata",
        R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})",
        "metadata");
    row("unknown size", "chunking_config", R"({"size": 1})", "chunking_config.size");
    row("word for a flag", "generate_embeddings", "\"no\"", "generate_embeddings");
}

void TestServer::refusesBadDocuments()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QString, field);
    Json document =
        documentJson(QStringLiteral("bad-documents"), QStringLiteral("a"), QStringLiteral("text"));
    document[name.toStdString()] = Json::parse(value.toStdString());
    const HttpReply reply = m_client->post("/v1/documents", document);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QCOMPARE(m_client->get("/v1/owners/bad-documents").status, 404);
}

void TestServer::takesFiles()
{
    const QByteArray form = formPart("name=\"owner_id\"", "uploader") +
                            formPart("name=\"metadata\"", R"({"pages": 4})") +
                            formPart("name=\"file\"; filename=\"C:\\dir\\../no\xc3\xabl.md\"",
                                     "The title\nOtters hold hands.") +
                            "--XX--\r\n";
    const HttpReply added = send("POST", "/v1/documents", form, kForm);
    QCOMPARE(added.status, 201);
    const Json document = added.json()["document"];
    QCOMPARE(toQString(document["id_at_origin"]), QStringLiteral("no\u00ebl.md"));
    QCOMPARE(toQString(document["document_name"]), QStringLiteral("The title"));
    QCOMPARE(toQString(document["document_type"]), QStringLiteral("markdown"));
    QCOMPARE(toQString(document["metadata"]["author"]), QStringLiteral("Ada"));
    QCOMPARE(document["metadata"]["pages"].get<int>(), 4);
    const Json found = m_client->get("/v1/search?owner_id=uploader&query=otters").json();
    QCOMPARE(found["results"].size(), size_t(1));

    const QByteArray named =
        formPart("name=owner_id", "uploader") + formPart("name=id_at_origin", "x") +
        formPart("name=document_name", "y") + formPart("name=document_type", "report") +
        formPart("name=file; filename=z", "text") + "--XX--\r\n";
    const Json second = send("POST", "/v1/documents", named, kForm).json()["document"];
    QCOMPARE(toQString(second["id_at_origin"]), QStringLiteral("x"));
    QCOMPARE(toQString(second["document_name"]), QStringLiteral("y"));
    QCOMPARE(toQString(second["document_type"]), QStringLiteral("report"));

    const QByteArray locked = formPart("name=owner_id", "uploader") +
                              formPart("name=file; filename=locked.pdf", "SECRET") + "--XX--\r\n";
    const HttpReply refused = send("POST", "/v1/documents", locked, kForm);
    QCOMPARE(refused.status, 422);
    QCOMPARE(refused.text("code"), QStringLiteral("file_encrypted"));
    QVERIFY(refused.text("detail").contains(QLatin1String("locked.pdf")));
}

void TestServer::refusesBadForms_data()
{
    QTest::addColumn<QByteArray>("parts");
    QTest::addColumn<QString>("field");
    const QByteArray owner = formPart("name=owner_id", "forms");
    const QByteArray file = formPart("name=file; filename=a", "text");
    QTest::newRow("no file") << owner << QStringLiteral("file");
    QTest::newRow("file without name")
        << QByteArray(owner + formPart("name=file", "text")) << QStringLiteral("file");
    QTest::newRow("two files") << QByteArray(owner + file + file) << QStringLiteral("file");
    QTest::newRow("no owner") << file << QStringLiteral("owner_id");
    QTest::newRow("two owners") << QByteArray(owner + owner + file) << QStringLiteral("owner_id");
    QTest::newRow("unknown") << QByteArray(owner + formPart("name=color", "red") + file)
                             << QStringLiteral("color");
    QTest::newRow("content") << QByteArray(owner + formPart("name=content", "a") + file)
                             << QStringLiteral("content");
    QTest::newRow("metadata") << QByteArray(owner + formPart("name=metadata", "{") + file)
                              << QStringLiteral("metadata");
    QTest::newRow("list") << QByteArray(owner + formPart("name=metadata", "[]") + file)
                          << QStringLiteral("metadata");
    QTest::newRow("flag") << QByteArray(owner + formPart("name=generate_embeddings", "no") + file)
                          << QStringLiteral("generate_embeddings");
}

void TestServer::refusesBadForms()
{
    QFETCH(QByteArray, parts);
    QFETCH(QString, field);
    const HttpReply reply = send("POST", "/v1/documents", parts + "--XX--\r\n", kForm);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
    QCOMPARE(send("POST", "/v1/documents", parts, kForm).text("field"), QStringLiteral("body"));
}

void TestServer::addsManyLineByLine()
{
    const auto line = [](const char *origin, const char *content) {
        return toUtf8(documentJson(
            QStringLiteral("bulk"), QString::fromLatin1(origin), QString::fromLatin1(content)));
    };
    const QByteArray body = line("1", "Apples are red.") + '\n' + "{ this is no JSON\n\n" +
                            toUtf8({{"owner_id", "bulk"}, {"colour", "red"}}) + "\r\n" +
                            line("2", "Pears are green.");
    const HttpReply reply = send("POST", "/v1/documents/bulk", body, kLines);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.headers.value("content-type"), QByteArray("application/x-ndjson"));
    const QList<QByteArray> lines = reply.body.trimmed().split('\n');
    QCOMPARE(lines.size(), 4);
    QList<Json> answers;
    for (const QByteArray &text : lines)
        answers.append(Json::parse(text.toStdString()));
    QCOMPARE(toQString(answers.at(0)["status"]), QStringLiteral("added"));
    QCOMPARE(toQString(answers.at(1)["status"]), QStringLiteral("failed"));
    QCOMPARE(answers.at(1)["line"].get<int>(), 2);
    QCOMPARE(toQString(answers.at(1)["error"]["code"]), QStringLiteral("validation"));
    QCOMPARE(answers.at(2)["line"].get<int>(), 4);
    QVERIFY(answers.at(2)["error"].contains("field"));
    QCOMPARE(toQString(answers.at(3)["status"]), QStringLiteral("added"));
    QCOMPARE(toQString(answers.at(3)["document"]["id_at_origin"]), QStringLiteral("2"));
    QCOMPARE(m_client->get("/v1/owners/bulk").json()["document_count"].get<int>(), 2);
    QCOMPARE(send("POST", "/v1/documents/bulk", "\n", kLines).body, QByteArray());
}

void TestServer::addsManyForAnOldClient()
{
    const QByteArray body = "{}\n{}\n";
    const QByteArray answer =
        m_client->sendRaw("POST /v1/documents/bulk HTTP/1.0\r\nHost: localhost:" +
                          QByteArray::number(m_server->port()) + "\r\nAuthorization: Bearer " +
                          kToken + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " +
                          QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QCOMPARE(statusOf(answer), 200);
    QVERIFY(!answer.contains("chunked"));
    QCOMPARE(answer.count("\"failed\""), 2);
}

void TestServer::searches()
{
    QCOMPARE(m_client
                 ->post("/v1/documents",
                        documentJson(QStringLiteral("searcher"),
                                     QStringLiteral("birds"),
                                     QStringLiteral("The kingfisher dives for minnows.")))
                 .status,
             201);
    const HttpReply posted = m_client->post(
        "/v1/search",
        {{"owner_id", "searcher"}, {"query", "kingfisher"}, {"search_type", "text"}, {"limit", 5}});
    QCOMPARE(posted.status, 200);
    const Json answer = posted.json();
    QCOMPARE(answer["results"].size(), size_t(1));
    const Json hit = answer["results"][0];
    QCOMPARE(toQString(hit["id_at_origin"]), QStringLiteral("birds"));
    QVERIFY(hit["highlights"][0] == Json::array({4, 14}));
    for (const char *name : {"search_id", "owner_id", "query", "search_type", "took_ms"})
        QVERIFY2(answer.contains(name), name);
    for (const char *name : {"rank",
                             "chunk_id",
                             "document_id",
                             "document_name",
                             "document_type",
                             "content",
                             "locator",
                             "score",
                             "similarity",
                             "text_rank",
                             "rrf_score",
                             "rerank_score",
                             "metadata",
                             "document_metadata",
                             "summary",
                             "parent_chunks",
                             "explain"}) {
        QVERIFY2(hit.contains(name), name);
    }
    const Json got =
        m_client->get("/v1/search?owner_id=searcher&query=kingfisher&search_type=text&limit=5")
            .json();
    QVERIFY(got["results"][0]["chunk_id"] == hit["chunk_id"]);
    QVERIFY(got["search_id"] != answer["search_id"]);

    QCOMPARE(m_client->get("/v1/search?owner_id=searcher").text("field"), QStringLiteral("query"));
    QCOMPARE(m_client->get("/v1/search?owner_id=searcher&query=a&limit=201").text("field"),
             QStringLiteral("limit"));
    QCOMPARE(m_client->get("/v1/search?owner_id=searcher&query=a&top=1").text("field"),
             QStringLiteral("top"));
    QCOMPARE(m_client->post("/v1/search", {{"owner_id", "searcher"}, {"query", "a"}, {"top", 1}})
                 .text("field"),
             QStringLiteral("top"));
}

void TestServer::neverShowsAnotherOwner()
{
    const auto add = [this](const QString &owner, const QString &content) {
        return m_client
            ->post("/v1/documents", documentJson(owner, QStringLiteral("same-origin"), content))
            .json();
    };
    const Json first =
        add(QStringLiteral("tenant-a"), QStringLiteral("The password is swordfish."));
    const Json second = add(QStringLiteral("tenant-b"), QStringLiteral("Nothing to see."));
    QVERIFY(first["document"]["document_id"] != second["document"]["document_id"]);
    for (const char *mode : {"text", "vector", "hybrid"}) {
        const HttpReply reply = m_client->post(
            "/v1/search",
            {{"owner_id", "tenant-b"}, {"query", "password swordfish"}, {"search_type", mode}});
        QCOMPARE(reply.status, 200);
        QVERIFY2(!reply.body.contains("is swordfish"), mode);
        QVERIFY2(!reply.body.contains("tenant-a"), mode);
    }
    QVERIFY(
        m_client->get("/v1/search?owner_id=tenant-c&query=swordfish").json()["results"].empty());
    QCOMPARE(m_client->get("/v1/owners/tenant-b").json()["document_count"].get<int>(), 1);
    QCOMPARE(send("DELETE", "/v1/owners/tenant-b").json()["documents_deleted"].get<int>(), 1);
    QVERIFY(m_client->get("/v1/search?owner_id=tenant-a&query=swordfish")
                .body.contains("is swordfish"));
}

void TestServer::tellsAboutEmbeddings()
{
    const HttpReply all = m_client->get("/v1/embeddings");
    QCOMPARE(all.status, 200);
    QVERIFY(!all.text("model").isEmpty());
    QVERIFY(all.json()["dimension"].get<int>() > 0);
    Json document =
        documentJson(QStringLiteral("queue"), QStringLiteral("a"), QStringLiteral("Some text."));
    document["generate_embeddings"] = false;
    QCOMPARE(m_client->post("/v1/documents", document).status, 201);
    QCOMPARE(m_client->get("/v1/embeddings?owner_id=queue").json()["pending"].get<int>(), 1);
    QCOMPARE(m_client->get("/v1/embeddings?owner_id=a%20b").text("field"),
             QStringLiteral("owner_id"));
    QCOMPARE(m_client->get("/v1/embeddings?model=a").text("field"), QStringLiteral("model"));
}

void TestServer::refusesLargeBodies()
{
    ServerOptions options = localOptions();
    options.limits.bodies = {.json = 100, .upload = 1000};
    options.limits.transport.message.body = 2000;
    const auto server = startServer(options);
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
    const QByteArray head =
        "POST /v1/owners HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_server->port()) +
        "\r\nAuthorization: Bearer " + kToken +
        "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    const QByteArray body = "12\r\n{\"owner_id\": \"chun\r\n5;a=b\r\nked\"}\r\n0\r\n\r\n";
    const QByteArray next = m_client->healthRequest("Connection: close\r\n");
    const QByteArray answer = m_client->sendRaw(head + "\r\n" + body + next);
    QCOMPARE(statusOf(answer), 201);
    QCOMPARE(answer.count("HTTP/1.1 200"), 1);
    QCOMPARE(m_client->get("/v1/owners/chunked").status, 200);
    QCOMPARE(m_client->sendRaw(head + "\r\nno size\r\n"), QByteArray());
    QCOMPARE(m_client->sendRaw(head + "\r\nffffffff\r\n"), QByteArray());
}

void TestServer::asksForLargeBodies()
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_server->port());
    const QByteArray body = R"({"owner_id": "patient"})";
    socket.write("POST /v1/owners HTTP/1.1\r\nHost: 127.0.0.1:" +
                 QByteArray::number(m_server->port()) + "\r\nAuthorization: Bearer " + kToken +
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
    const auto server = startServer(options);
    const HttpClient client(server->port(), kToken);
    QCOMPARE(client.sendRaw("GET /healthz HTTP/1.1\r\nHost: "), QByteArray());
    QCOMPARE(client.sendRaw("POST /v1/owners HTTP/1.1\r\nContent-Length: 10\r\n\r\nab"),
             QByteArray());
}

void TestServer::closesIdleClients()
{
    ServerOptions options = localOptions();
    options.limits.transport.idleTime = 200ms;
    const auto server = startServer(options);
    const HttpClient client(server->port(), kToken);
    QCOMPARE(client.sendRaw({}), QByteArray());
    QCOMPARE(statusOf(client.sendRaw(client.healthRequest())), 200); // kept, and closed when idle
}

void TestServer::answersPipelinedRequestsInTurn()
{
    const QByteArray answer = m_client->sendRaw(
        m_client->healthRequest().replace("/healthz", "/1") +
        m_client->healthRequest().replace("/healthz", "/v1/owners") + m_client->healthRequest() +
        "\r\n" + m_client->healthRequest("Connection: close\r\n"));
    QCOMPARE(answer.count("HTTP/1.1 401"), 2);
    QCOMPARE(answer.count("HTTP/1.1 200"), 2);
    QVERIFY(answer.indexOf("401") < answer.indexOf("200 OK"));
}

void TestServer::survivesClientsThatLeaveAtOnce()
{
    ServerOptions options = localOptions();
    options.limits.transport.connections = 4;
    const auto server = startServer(options);
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
    const auto server = startServer(options);
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
    const auto server = startServer(options);
    HttpClient client(server->port(), kToken);
    auto blocker = db::Connection::open(m_database->administrator());
    VERIFY_RESULT(blocker);
    const QString lock =
        QStringLiteral("BEGIN; LOCK TABLE \"%1\".documents, \"%1\".document_chunks")
            .arg(m_database->schema());
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
    const auto server = startServer(options);
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
    const auto server = startServer(options);
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
    auto server = startServer(options);
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
    QCOMPARE(m_client->get("/v1/owners/stopper").status, 404);
}

void TestServer::startsAgainOnItsPort()
{
    ServerOptions options = localOptions();
    auto server = startServer(options);
    options.port = server->port();
    HttpClient client(options.port, kToken);
    QCOMPARE(client.get("/healthz").status, 200);
    server->stop();
    server->stop();
    QCOMPARE(server->port(), options.port);
    server = startServer(options);
    QCOMPARE(HttpClient(options.port, kToken).get("/healthz").status, 200);
}

void TestServer::saysWhyItCannotStart()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ServerOptions options = localOptions();
    options.port = other.serverPort();
    const auto taken = Server::start(*m_memory, options);
    QVERIFY(!taken);
    QVERIFY(taken.error().kind == ErrorKind::Unavailable);
    QVERIFY(taken.error().message.contains(QString::number(options.port)));

    options = localOptions();
    options.listen = QStringLiteral("example.org");
    QVERIFY(Server::start(*m_memory, options).error().kind == ErrorKind::Configuration);
    options.listen = QStringLiteral("0.0.0.0");
    options.requireToken = false;
    QVERIFY(Server::start(*m_memory, options).error().kind == ErrorKind::Configuration);
    options = localOptions();
    options.tokenSha256.clear();
    QVERIFY(Server::start(*m_memory, options).error().kind == ErrorKind::Configuration);
}

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
