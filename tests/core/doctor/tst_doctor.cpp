#include "core/doctor/doctor.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace llmemory;
using doctor::Check;
using Status = doctor::Check::Status;

/// The doctor against a real server.
class TestDoctor : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void healthyDatabase();
    void superuserMeansFiltersOnly();
    void ownerOfTablesMeansFiltersOnly();
    void missingSchemaIsToldWithTheCommand();
    void deadPassagesAreCounted();
    void unusableIndexIsNamed();
    void unreachableServer();
    void wrongConnectionString();
    void nothingIsCreatedInAnEmptyDataDirectory();

private:
    Config config() const;
    void runAsAdministrator(const QString &sql) const;

    std::unique_ptr<testing::TemporarySchema> m_database;
    QTemporaryDir m_dataDirectory;
};

namespace {

Check find(const QList<Check> &checks, const char *id)
{
    for (const Check &check : checks) {
        if (check.id == QLatin1String(id))
            return check;
    }
    return {.id = {},
            .status = Status::Failed,
            .message = QStringLiteral("no such check"),
            .advice = {}};
}

bool has(const QList<Check> &checks, const char *id)
{
    return std::any_of(checks.begin(), checks.end(), [id](const Check &check) {
        return check.id == QLatin1String(id);
    });
}

} // namespace

void TestDoctor::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    QVERIFY(m_dataDirectory.isValid());
}

Config TestDoctor::config() const
{
    Config config = m_database->config(false);
    config.dataDirectory = m_dataDirectory.path();
    return config;
}

void TestDoctor::runAsAdministrator(const QString &sql) const
{
    const auto connection = db::Connection::open(m_database->administrator());
    VERIFY_RESULT(connection);
    VERIFY_RESULT((*connection)->runScript(QStringLiteral("test"), sql));
}

void TestDoctor::healthyDatabase()
{
    const auto checks = doctor::runDoctor(config());
    for (const char *id : {"qt_driver",
                           "extraction",
                           "server",
                           "server_version",
                           "pgvector",
                           "schema",
                           "queue",
                           "indexes",
                           "recall"}) {
        const Check check = find(checks, id);
        QVERIFY2(check.status == Status::Ok,
                 qPrintable(QLatin1String(id) + QLatin1String(": ") + check.message));
    }
    QVERIFY(!has(checks, "shared_memory")); // the server is none of ours
}

void TestDoctor::superuserMeansFiltersOnly()
{
    Config asSuperuser = config();
    asSuperuser.database.connectionString = qEnvironmentVariable("LLMEMORY_TEST_ADMIN_DATABASE");
    const Check check = find(doctor::runDoctor(asSuperuser), "isolation");
    QVERIFY(check.status == Status::Warning);
    QVERIFY2(check.message.contains(QStringLiteral("isolation: filters only")),
             qPrintable(check.message));
    QVERIFY(check.message.contains(QStringLiteral("superuser")));
}

void TestDoctor::ownerOfTablesMeansFiltersOnly()
{
    const Check check = find(doctor::runDoctor(config()), "isolation");
    QVERIFY2(check.message.contains(QStringLiteral("owns the tables")), qPrintable(check.message));

    // As in the embedded cluster: somebody else owns them.
    runAsAdministrator(
        QStringLiteral(
            "DO $$ DECLARE t text; BEGIN "
            "FOR t IN SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = '%1' LOOP "
            "EXECUTE format('ALTER TABLE %1.%I OWNER TO llmemory_owner', t); "
            "EXECUTE format('GRANT ALL ON %1.%I TO llmemory_app', t); "
            "END LOOP; END $$")
            .arg(m_database->schema()));
    const Check separated = find(doctor::runDoctor(config()), "isolation");
    QVERIFY2(separated.status == Status::Ok, qPrintable(separated.message));
}

void TestDoctor::missingSchemaIsToldWithTheCommand()
{
    Config elsewhere = config();
    elsewhere.database.schema = QStringLiteral("test_absent_schema");
    const auto checks = doctor::runDoctor(elsewhere);
    const Check check = find(checks, "schema");
    QVERIFY(check.status == Status::Warning);
    QVERIFY2(check.advice.contains(QStringLiteral("llmemory migrate apply")),
             qPrintable(check.advice));
    QVERIFY(!has(checks, "queue"));
}

void TestDoctor::deadPassagesAreCounted()
{
    // A passage whose vector was given up, with the rows that it hangs on.
    runAsAdministrator(
        QStringLiteral("SET session_replication_role = replica; " // no foreign keys: only the queue
                                                                  // matters here
                       "INSERT INTO %1.embedding_queue (owner_id, chunk_id, provider_id, "
                       "document_id, content_hash, status) "
                       "VALUES ('o', gen_random_uuid(), 'p', gen_random_uuid(), '', 'failed'), "
                       "('o', gen_random_uuid(), 'p', gen_random_uuid(), '', 'pending')")
            .arg(m_database->schema()));
    const Check check = find(doctor::runDoctor(config()), "queue");
    QVERIFY(check.status == Status::Warning);
    QVERIFY2(check.message.contains(QStringLiteral(": 1; given up: 1")), qPrintable(check.message));
}

void TestDoctor::unusableIndexIsNamed()
{
    runAsAdministrator(QStringLiteral("UPDATE pg_catalog.pg_index SET indisvalid = false "
                                      "WHERE indexrelid = '%1.documents_by_name'::regclass")
                           .arg(m_database->schema()));
    const Check check = find(doctor::runDoctor(config()), "indexes");
    QVERIFY(check.status == Status::Failed);
    QVERIFY2(check.message.contains(QStringLiteral("documents_by_name")),
             qPrintable(check.message));
    QVERIFY(check.advice.contains(QStringLiteral("REINDEX")));
}

void TestDoctor::unreachableServer()
{
    Config nowhere = config();
    nowhere.database.connectionString =
        QStringLiteral("host=/nonexistent dbname=x user=y password=s3cret");
    const auto checks = doctor::runDoctor(nowhere);
    const Check check = find(checks, doctor::kServerCheck);
    QVERIFY(check.status == Status::Failed);
    QVERIFY(!check.message.contains(QStringLiteral("s3cret")));
    QVERIFY(!has(checks, "schema"));
}

void TestDoctor::wrongConnectionString()
{
    Config wrong = config();
    wrong.database.connectionString = QStringLiteral("mysql://host/db");
    QVERIFY(find(doctor::runDoctor(wrong), doctor::kServerCheck).status == Status::Failed);
}

void TestDoctor::nothingIsCreatedInAnEmptyDataDirectory()
{
    const QTemporaryDir directory;
    Config embedded = config();
    embedded.database.connectionString.clear();
    embedded.dataDirectory = directory.path();
    const auto checks = doctor::runDoctor(embedded);
    QVERIFY(find(checks, doctor::kServerCheck).status == Status::Ok);
    QVERIFY2(find(checks, "postgresql").status != Status::Failed,
             qPrintable(find(checks, "postgresql").message));
    QVERIFY(has(checks, "shared_memory"));
    QVERIFY(has(checks, "pgvector"));
    QVERIFY(!QFileInfo::exists(directory.filePath(QStringLiteral("cluster"))));
}

QTEST_GUILESS_MAIN(TestDoctor)
#include "tst_doctor.moc"
