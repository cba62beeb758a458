#include "core/http/router.h"

#include <QTest>

using namespace llmemory::http;

namespace {

Router someRoutes()
{
    Router router;
    const Handler none = [](Call &) { return Response(); };
    router.add({.method = "GET", .pattern = "/healthz", .handler = none, .needsToken = false});
    router.add({.method = "GET", .pattern = "/v1/owners", .handler = none});
    router.add(
        {.method = "POST", .pattern = "/v1/owners", .body = BodyKind::Json, .handler = none});
    router.add({.method = "DELETE", .pattern = "/v1/owners/{owner_id}", .handler = none});
    return router;
}

QByteArray header(const Response &response, const QByteArray &name)
{
    for (const Header &header : response.headers) {
        if (header.name == name)
            return header.value;
    }
    return {};
}

} // namespace

class TestRouter : public QObject
{
    Q_OBJECT

private slots:
    void findsRoutes();
    void refuses_data();
    void refuses();
    void knowsWhatIsPublic();
    void looksAtBodies_data();
    void looksAtBodies();
};

void TestRouter::findsRoutes()
{
    const Router router = someRoutes();
    const auto list = router.match("GET", "/v1/owners");
    QCOMPARE(std::get<RouteMatch>(list).route->pattern, QByteArray("/v1/owners"));
    const auto head = router.match("HEAD", "/v1/owners");
    QCOMPARE(std::get<RouteMatch>(head).route->method, QByteArray("GET"));
    const auto one = router.match("DELETE", "/v1/owners/a%40b");
    QCOMPARE(std::get<RouteMatch>(one).pathParts.value(QStringLiteral("owner_id")),
             QStringLiteral("a@b"));
}

void TestRouter::refuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("allow");
    const auto row = [](const char *name,
                        const char *method,
                        const char *path,
                        int status,
                        const char *allow = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(path) << status
                            << QByteArray(allow);
    };
    row("unknown", "GET", "/v1/owner", 404);
    row("root", "GET", "/", 404);
    row("slash at the end", "GET", "/v1/owners/", 404);
    row("deeper", "DELETE", "/v1/owners/a/b", 404);
    row("method", "PATCH", "/v1/owners", 405, "GET, HEAD, POST");
    row("method of one", "GET", "/v1/owners/a", 405, "DELETE");
    row("broken encoding", "DELETE", "/v1/owners/%2", 400);
}

void TestRouter::refuses()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(int, status);
    QFETCH(QByteArray, allow);
    const auto found = someRoutes().match(method, path);
    QVERIFY(std::holds_alternative<Response>(found));
    QCOMPARE(std::get<Response>(found).status, status);
    QCOMPARE(header(std::get<Response>(found), "Allow"), allow);
}

void TestRouter::knowsWhatIsPublic()
{
    QVERIFY(someRoutes().isPublic("/healthz"));
    QVERIFY(!someRoutes().isPublic("/v1/owners"));
    QVERIFY(!someRoutes().isPublic("/nothing"));
}

void TestRouter::looksAtBodies_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, BodyKind kind, const char *type, int size, int status) {
        QTest::newRow(name) << int(kind) << QByteArray(type) << size << status;
    };
    row("none", BodyKind::None, "", 0, 200);
    row("where none is", BodyKind::None, "", 1, 400);
    row("JSON", BodyKind::Json, "application/json", 1, 200);
    row("JSON with charset", BodyKind::Json, "Application/JSON; charset=utf-8", 1, 200);
    row("no type", BodyKind::Json, "", 1, 415);
    row("curl's type", BodyKind::Json, "application/x-www-form-urlencoded", 1, 415);
    row("form for JSON", BodyKind::Json, "multipart/form-data; boundary=a", 1, 415);
    row("form", BodyKind::JsonOrForm, "multipart/form-data; boundary=a", 30, 200);
    row("lines", BodyKind::Ndjson, "application/x-ndjson", 20, 200);
    row("JSON for lines", BodyKind::Ndjson, "application/json", 1, 415);
    row("large JSON", BodyKind::JsonOrForm, "application/json", 11, 413);
    row("large form", BodyKind::JsonOrForm, "multipart/form-data; boundary=a", 31, 413);
}

void TestRouter::looksAtBodies()
{
    QFETCH(int, kind);
    QFETCH(QByteArray, type);
    QFETCH(int, size);
    QFETCH(int, status);
    const Route route{.method = "POST", .pattern = "/", .body = BodyKind(kind), .handler = {}};
    Request request;
    request.body = QByteArray(size, ' ');
    if (!type.isEmpty())
        request.headers.append(Header{"content-type", type});
    const auto problem = checkBody(route, request, {.json = 10, .upload = 30});
    QCOMPARE(problem ? problem->status : 200, status);
    request.headers.append(Header{"content-encoding", "gzip"});
    if (status == 200 && BodyKind(kind) != BodyKind::None)
        QCOMPARE(checkBody(route, request, {})->status, 415);
}

QTEST_GUILESS_MAIN(TestRouter)
#include "tst_router.moc"
