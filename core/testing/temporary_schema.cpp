#include "core/testing/temporary_schema.h"

#include "core/embed/embedding_model_repository.h"
#include "core/migrate/schema_admin.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/temporary_server.h"

#include <QDir>
#include <QUuid>

namespace llmemory::testing {

namespace {

Result<> prepare(const db::ConnectionParams &params, const QString &schema)
{
    if (auto ok = migrate::migrateSchema({params, schema, {}, {}}); !ok)
        return ok.error();
    auto names = db::SqlNames::forSchema(schema);
    if (!names)
        return names.error();
    const DeterministicEmbedder embedder;
    names->setEmbeddingsTable(embed::vectorTableName(embedder.modelId()));
    auto connection = db::Connection::open(params);
    if (!connection)
        return connection.error();
    db::Session session(**connection, *names);
    return embed::ensureModel(session, embedder, {}, {});
}

} // namespace

TemporarySchema::TemporarySchema(bool migrate)
    : m_schema(QLatin1String("test_") + QUuid::createUuid().toString(QUuid::Id128))
{
    auto ok = findServer();
    if (ok && migrate)
        ok = prepare(params(), m_schema);
    if (!ok)
        m_reason = QString(ok.error().message + QLatin1Char(' ') + ok.error().detail).trimmed();
}

TemporarySchema::~TemporarySchema()
{
    auto connection = db::Connection::open(administrator());
    if (!connection)
        return;
    const QString drop = QStringLiteral("DROP SCHEMA IF EXISTS \"%1\" CASCADE").arg(m_schema);
    if (auto ok = (*connection)->runScript(QStringLiteral("drop_test_schema"), drop); !ok)
        qWarning("%s", qPrintable(ok.error().detail));
}

Result<> TemporarySchema::findServer()
{
    m_application = qEnvironmentVariable("LLMEMORY_TEST_DATABASE");
    m_administrator = qEnvironmentVariable("LLMEMORY_TEST_ADMIN_DATABASE", m_application);
    if (!m_application.isEmpty()) {
        const auto parsed = db::ConnectionParams::parse(m_application);
        return parsed ? Result<>() : parsed.error();
    }
    const auto server = TemporaryServer::shared();
    if (!server)
        return server.error();
    m_application = (*server)->applicationString();
    m_administrator = (*server)->administratorString();
    return {};
}

db::ConnectionParams TemporarySchema::params() const
{
    return db::ConnectionParams::parse(m_application).value_or(db::ConnectionParams());
}

db::ConnectionParams TemporarySchema::administrator() const
{
    return db::ConnectionParams::parse(m_administrator).value_or(db::ConnectionParams());
}

Config TemporarySchema::config(bool workers) const
{
    Config config;
    config.database.connectionString = m_application;
    config.database.schema = m_schema;
    config.database.maxPoolSize = 4;
    config.dataDirectory = QDir::tempPath();
    config.embedding.background = workers;
    config.adoptBatches = workers;
    config.program = qEnvironmentVariable("LLMEMORY_EXECUTABLE");
    return config;
}

db::DatabaseManager TemporarySchema::manager(int connections) const
{
    db::SqlNames names = db::SqlNames::forSchema(m_schema).value_or(db::SqlNames());
    names.setEmbeddingsTable(embed::vectorTableName(DeterministicEmbedder().modelId()));
    return db::DatabaseManager(
        std::make_shared<db::ConnectionPool>(
            params(), db::PoolOptions{.minConnections = 1, .maxConnections = connections}),
        names);
}

} // namespace llmemory::testing
