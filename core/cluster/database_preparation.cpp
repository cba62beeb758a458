#include "core/cluster/database_preparation.h"

#include "core/cluster/admin_connection.h"

#include <array>
#include <utility>

namespace llmemory::cluster {

Result<> prepareDatabase(const db::ConnectionParams &login)
{
    auto connection = AdminConnection::open(login);
    if (!connection)
        return connection.error();
    // Row security keeps operators that are not leakproof from their index. These two give nothing
    // away of the values they compare; a dump does not carry the mark, hence at each start.
    const std::array<std::pair<QString, QByteArray>, 5> statements{{
        {QStringLiteral("session"), "SET client_min_messages = warning"},
        {QStringLiteral("leakproof @@"),
         "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"},
        {QStringLiteral("leakproof @>"),
         "ALTER FUNCTION pg_catalog.jsonb_contains(jsonb, jsonb) LEAKPROOF"},
        {QStringLiteral("create extension"), "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public"},
        {QStringLiteral("update extension"), "ALTER EXTENSION vector UPDATE"},
    }};
    for (const auto &[name, statement] : statements) {
        if (const auto done = connection->execute(name, statement); !done)
            return done;
    }
    return {};
}

} // namespace llmemory::cluster
