#include "tests/docs/examples/web_example_test.h"

#include <QTest>
#include <QUrlQuery>

using namespace llmemory;
using namespace llmemory::testing;

/// Besides what all of them do: its own rows beside llmemory's documents.
class TestFastApiSharedDatabaseExample : public WebExampleTest
{
    Q_OBJECT

public:
    TestFastApiSharedDatabaseExample()
        : WebExampleTest({.folder = QStringLiteral("fastapi_shared_database"),
                          .modules = {QStringLiteral("fastapi"),
                                      QStringLiteral("uvicorn"),
                                      QStringLiteral("multipart"),
                                      QStringLiteral("asyncpg")},
                          .arguments = {QStringLiteral("-m"),
                                        QStringLiteral("uvicorn"),
                                        QStringLiteral("app:app"),
                                        QStringLiteral("--port")}})
    {
    }
    ~TestFastApiSharedDatabaseExample() override;

protected:
    void prepare(QProcessEnvironment &environment) override;

private slots:
    void joinsItsRowsWithDocuments();
    void showsNothingWithoutAnOwner();
    void cannotWriteDocuments();
    void refusesRolesThatSeeEverything();
    void listsWithoutTheEndpoint();

private:
    /// Runs statements with psql; what they print, or the error.
    static QByteArray sql(const QString &role, const QStringList &arguments);
    /// The test database as that role, as asyncpg reads it.
    static QString url(const QString &role);
    HttpReply rate(const QByteArray &user, const QByteArray &id, const QByteArray &stars)
    {
        return send(user, "PUT", "/documents/" + id + "/stars", R"({"stars": )" + stars + '}');
    }
    QString documents() { return program().database().schema() + QStringLiteral(".documents"); }

    QProcessEnvironment m_environment;
};

namespace {

const QString kRole = QStringLiteral("reading_list");
const QString kAdministrator = QStringLiteral("llmemory_admin");

} // namespace

QString TestFastApiSharedDatabaseExample::url(const QString &role)
{
    QUrlQuery query;
    const QStringList words = qEnvironmentVariable("LLMEMORY_TEST_DATABASE").split(u' ');
    for (const QString &word : words) {
        const QString key = word.section(u'=', 0, 0);
        query.addQueryItem(key, key == QLatin1String("user") ? role : word.section(u'=', 1));
    }
    return QStringLiteral("postgresql://?") + query.toString();
}

QByteArray TestFastApiSharedDatabaseExample::sql(const QString &role, const QStringList &arguments)
{
    QProcess psql;
    psql.setProcessChannelMode(QProcess::MergedChannels);
    psql.start(QStringLiteral("psql"),
               QStringList{QStringLiteral("--no-psqlrc"),
                           QStringLiteral("--quiet"),
                           QStringLiteral("--tuples-only"),
                           QStringLiteral("--no-align"),
                           QStringLiteral("--dbname"),
                           url(role)} +
                   arguments);
    return psql.waitForFinished(kProgramPatienceMs) ? psql.readAll().trimmed()
                                                    : psql.errorString().toUtf8();
}

void TestFastApiSharedDatabaseExample::prepare(QProcessEnvironment &environment)
{
    const QString script = QStringLiteral(LLMEMORY_EXAMPLES "/fastapi_shared_database/setup.sql");
    QCOMPARE(sql(kAdministrator,
                 {QStringLiteral("--variable=service_schema=") + program().database().schema(),
                  QStringLiteral("--file"),
                  script}),
             QByteArray());
    environment.insert(QStringLiteral("DATABASE_URL"), url(kRole));
    environment.insert(QStringLiteral("LLMEMORY_SCHEMA"), program().database().schema());
    m_environment = environment;
}

TestFastApiSharedDatabaseExample::~TestFastApiSharedDatabaseExample()
{
    if (m_environment.isEmpty())
        return;
    sql(kAdministrator,
        {QStringLiteral("--command=DROP SCHEMA reading_list CASCADE"),
         QStringLiteral("--command=DROP OWNED BY reading_list"),
         QStringLiteral("--command=DROP ROLE reading_list")});
}

void TestFastApiSharedDatabaseExample::joinsItsRowsWithDocuments()
{
    const QByteArray liked = add("critic", "liked.txt", "A novel about a lighthouse.");
    add("critic", "unread.txt", "A novel about a harbour.");
    QCOMPARE(rate("critic", liked, "4").status, 204);
    QCOMPARE(rate("critic", liked, "5").status, 204);
    const Json page = get("critic", "/documents").json();
    QCOMPARE(page["total"].get<int>(), 2);
    QVERIFY(page["documents"][0]["stars"].is_null());
    QCOMPARE(page["documents"][1]["stars"].get<int>(), 5);
    const Json found = get("critic", "/search?q=lighthouse").json();
    QCOMPARE(found["results"][0]["stars"].get<int>(), 5);

    QCOMPARE(rate("stranger", liked, "1").status, 404);
    QCOMPARE(rate("critic", liked, "6").text("field"), QStringLiteral("stars"));
    QCOMPARE(get("critic", "/documents/" + liked).json()["stars"].get<int>(), 5);
    QCOMPARE(send("critic", "DELETE", "/documents/" + liked).status, 204);
    QCOMPARE(sql(kAdministrator, {QStringLiteral("-cSELECT count(*) FROM reading_list.ratings")}),
             QByteArray("0"));
}

void TestFastApiSharedDatabaseExample::showsNothingWithoutAnOwner()
{
    const QByteArray id = add("forgotten", "a.txt", "A text.");
    QCOMPARE(rate("forgotten", id, "3").status, 204);
    const QString count = QStringLiteral("-cSELECT count(*) FROM ");
    QCOMPARE(sql(kRole, {count + documents()}), QByteArray("0"));
    QCOMPARE(sql(kRole, {count + QStringLiteral("reading_list.ratings")}), QByteArray("0"));
    const QByteArray insert = sql(
        kRole,
        {QStringLiteral("-cINSERT INTO reading_list.ratings (document_id, stars) VALUES ('%1', 1)")
             .arg(QString::fromLatin1(id))});
    QVERIFY2(insert.contains("ERROR"), insert.constData());

    // The owner ends with the transaction: the connection is nobody's again.
    const QString asOwner = QStringLiteral("-cBEGIN; SELECT count(*) FROM (SELECT "
                                           "set_config('llmemory.owner', 'forgotten', true)) AS o");
    QCOMPARE(sql(kRole,
                 {asOwner,
                  count + documents(),
                  count + QStringLiteral("reading_list.ratings"),
                  QStringLiteral("-cCOMMIT"),
                  count + documents()}),
             QByteArray("1\n1\n1\n0"));
}

void TestFastApiSharedDatabaseExample::cannotWriteDocuments()
{
    const QByteArray answer = sql(kRole, {QStringLiteral("-cDELETE FROM ") + documents()});
    QVERIFY2(answer.contains("permission denied"), answer.constData());
}

void TestFastApiSharedDatabaseExample::refusesRolesThatSeeEverything()
{
    QProcessEnvironment environment = m_environment;
    environment.insert(QStringLiteral("DATABASE_URL"), url(kAdministrator));
    const auto process = application(environment, 0);
    process->start();
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QVERIFY(process->exitCode() != 0);
    const QByteArray said = process->readAllStandardError();
    QVERIFY2(said.contains("This role passes row-level security"), said.constData());
}

void TestFastApiSharedDatabaseExample::listsWithoutTheEndpoint()
{
    const QByteArray id = add("patient", "a.txt", "A text.");
    stopEndpoint();
    QCOMPARE(names("patient"), QStringList{QStringLiteral("a.txt")});
    QCOMPARE(rate("patient", id, "2").status, 204);
    QCOMPARE(send("patient", "DELETE", "/documents/" + id).status, 503);
    startEndpoint(0);
}

QTEST_GUILESS_MAIN(TestFastApiSharedDatabaseExample)
#include "tst_fastapi_shared_database_example.moc"
