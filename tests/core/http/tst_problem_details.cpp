#include "core/http/problem_details.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;

class TestProblemDetails : public QObject
{
    Q_OBJECT

private slots:
    void givesEachKindItsStatus_data();
    void givesEachKindItsStatus();
    void tellsPeopleButNotTheLog();
    void addsHeadersForTheClient();
};

void TestProblemDetails::givesEachKindItsStatus_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, ErrorKind kind, int status, const char *code = "") {
        QTest::newRow(name) << int(kind) << QString::fromLatin1(code) << status;
    };
    row("validation", ErrorKind::Validation, 400);
    row("not found", ErrorKind::NotFound, 404);
    row("conflict", ErrorKind::Conflict, 409);
    row("permission", ErrorKind::Permission, 403);
    row("database", ErrorKind::Database, 500);
    row("embedding", ErrorKind::Embedding, 502);
    row("extraction", ErrorKind::Extraction, 422);
    row("configuration", ErrorKind::Configuration, 500);
    row("cancelled", ErrorKind::Cancelled, 503);
    row("unavailable", ErrorKind::Unavailable, 503);
    row("starting", ErrorKind::Unavailable, 503, "db_starting");
    row("disk full", ErrorKind::Unavailable, 507, "disk_full");
    row("internal", ErrorKind::Internal, 500);
}

void TestProblemDetails::givesEachKindItsStatus()
{
    QFETCH(int, kind);
    QFETCH(QString, code);
    QFETCH(int, status);
    const Error error{.kind = ErrorKind(kind), .message = QStringLiteral("m"), .code = code};
    const Response response = toResponse(error);
    QCOMPARE(response.status, status);
    QCOMPARE(response.contentType, QByteArray("application/problem+json"));
    const Json json = Json::parse(response.body.toStdString());
    QCOMPARE(json["status"].get<int>(), status);
    QCOMPARE(toQString(json["code"]), code.isEmpty() ? toString(error.kind) : code);
    QVERIFY(!toQString(json["title"]).isEmpty());
    QVERIFY(toQString(json["type"]).startsWith(QLatin1String("urn:llmemory:problem:")));
}

void TestProblemDetails::tellsPeopleButNotTheLog()
{
    Error error =
        Error::validation(QStringLiteral("limit"), QStringLiteral("limit must be 1 to 200."));
    error.detail = QStringLiteral("server text");
    const Response response = toResponse(error);
    QVERIFY(!response.body.contains("server text"));
    const Json json = Json::parse(response.body.toStdString());
    QCOMPARE(toQString(json["detail"]), error.message);
    QCOMPARE(toQString(json["field"]), error.field);
    QVERIFY(!toProblemJson(Error::notFound(QStringLiteral("x"))).contains("field"));
}

void TestProblemDetails::addsHeadersForTheClient()
{
    const auto header = [](int status) {
        const Response response =
            toResponse(Problem{.status = status, .code = {}, .detail = {}, .field = {}});
        return response.headers.isEmpty() ? QByteArray() : response.headers.first().name;
    };
    QCOMPARE(header(401), QByteArray("WWW-Authenticate"));
    QCOMPARE(header(429), QByteArray("Retry-After"));
    QCOMPARE(header(503), QByteArray("Retry-After"));
    QCOMPARE(header(404), QByteArray());
}

QTEST_GUILESS_MAIN(TestProblemDetails)
#include "tst_problem_details.moc"
