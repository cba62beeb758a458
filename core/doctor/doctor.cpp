#include "core/doctor/doctor.h"

#include "core/database_access.h"
#include "core/doctor/database_checks.h"
#include "core/doctor/machine_checks.h"

#include <QCoreApplication>

namespace llmemory::doctor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::doctor", text);
}

void checkInside(const DatabaseAccess &access,
                 const Config &config,
                 db::Connection &connection,
                 QList<Check> &checks)
{
    const migrate::SchemaTarget target = access.schemaTarget();
    const auto names = db::SqlNames::forSchema(target.schema);
    if (!names) {
        checks += failed("schema", names.error().message);
        return;
    }
    db::Session session(connection, *names);
    checks += checkServerSoftware(session);
    const Check schema = checkSchema(target);
    checks += schema;
    checks += checkIsolation(session);
    if (schema.status != Check::Status::Ok)
        return; // the tables that the rest looks at may not be there
    checks += checkQueue(session);
    checks += checkIndexes(session);
    checks += checkRecall(session, config);
}

void checkDatabase(const Config &config, QList<Check> &checks)
{
    const bool isEmbedded = config.database.connectionString.isEmpty();
    if (isEmbedded && !hasCluster(config.dataDirectory)) {
        checks += ok(kServerCheck, tr("The private database is created at the first use."));
        checks += checkInstalledVector(config);
        return;
    }
    const auto access = DatabaseAccess::open(config);
    if (!access) {
        checks += failed(kServerCheck, access.error().message);
        return;
    }
    const db::ConnectionParams params = (*access)->application();
    const auto connection = db::Connection::open(params);
    if (!connection) {
        checks += failed(kServerCheck, connection.error().message);
        return;
    }
    checks += ok(kServerCheck, tr("Connected to %1.").arg(params.describe()));
    checkInside(**access, config, **connection, checks);
}

} // namespace

QList<Check> runDoctor(const Config &config)
{
    QList<Check> checks{
        checkDataDirectory(config.dataDirectory), checkDriver(), checkExtraction(config.program)};
    if (config.database.connectionString.isEmpty()) {
        checks += checkPostgresBinaries(config);
        checks += checkSharedMemory();
    }
    checkDatabase(config, checks);
    return checks;
}

} // namespace llmemory::doctor
