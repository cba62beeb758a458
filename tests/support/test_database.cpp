#include "tests/support/test_database.h"

#include "core/embed/embedding_model_repository.h"
#include "core/embed/hashed_ngram_embedder.h"
#include "core/migrate/schema_admin.h"

#include <QDir>
#include <QUuid>

namespace llmemory::testing {

namespace {

db::ConnectionParams paramsFrom(const char *variable)
{
    return db::ConnectionParams::parse(qEnvironmentVariable(variable))
        .value_or(db::ConnectionParams());
}

Result<> prepare(const db::ConnectionParams &params, const QString &schema)
{
    if (auto ok = migrate::migrateSchema({params, schema, {}, {}}); !ok)
        return ok.error();
    auto names = db::SqlNames::forSchema(schema);
    if (!names)
        return names.error();
    const embed::HashedNgramEmbedder embedder;
    names->setEmbeddingsTable(embed::vectorTableName(embedder.modelId()));
    auto connection = db::Connection::open(params);
    if (!connection)
        return connection.error();
    db::Session session(**connection, *names);
    return embed::ensureModel(session, embedder, {}, {});
}

} // namespace

TestDatabase::TestDatabase(bool migrate)
    : m_schema(QLatin1String("test_") + QUuid::createUuid().toString(QUuid::Id128))
{
    if (qEnvironmentVariableIsEmpty("LLMEMORY_TEST_DATABASE")) {
        m_reason = QStringLiteral("LLMEMORY_TEST_DATABASE is not set; run the test with ctest");
        return;
    }
    if (!migrate)
        return;
    if (auto ok = prepare(params(), m_schema); !ok)
        m_reason = ok.error().message + QLatin1Char(' ') + ok.error().detail;
}

TestDatabase::~TestDatabase()
{
    auto connection = db::Connection::open(administrator());
    if (!connection)
        return;
    const QString drop = QStringLiteral("DROP SCHEMA IF EXISTS \"%1\" CASCADE").arg(m_schema);
    if (auto ok = (*connection)->runScript(QStringLiteral("drop_test_schema"), drop); !ok)
        qWarning("%s", qPrintable(ok.error().detail));
}

QString TestDatabase::connectionString() const
{
    return qEnvironmentVariable("LLMEMORY_TEST_DATABASE");
}

db::ConnectionParams TestDatabase::params() const
{
    return paramsFrom("LLMEMORY_TEST_DATABASE");
}

db::ConnectionParams TestDatabase::administrator() const
{
    return paramsFrom("LLMEMORY_TEST_ADMIN_DATABASE");
}

MemoryOptions TestDatabase::memoryOptions(bool workers) const
{
    MemoryOptions options;
    options.connectionString = connectionString();
    options.dataDirectory = QDir::tempPath();
    options.schema = m_schema;
    options.poolSize = 4;
    options.runWorkers = workers;
    options.program = qEnvironmentVariable("LLMEMORY_EXECUTABLE");
    return options;
}

db::DatabaseManager TestDatabase::manager(int connections) const
{
    db::SqlNames names = db::SqlNames::forSchema(m_schema).value_or(db::SqlNames());
    names.setEmbeddingsTable(embed::vectorTableName(embed::HashedNgramEmbedder().modelId()));
    return db::DatabaseManager(
        std::make_shared<db::ConnectionPool>(
            params(), db::PoolOptions{.minConnections = 1, .maxConnections = connections}),
        names);
}

} // namespace llmemory::testing
