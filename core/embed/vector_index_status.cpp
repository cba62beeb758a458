#include "core/embed/vector_index_status.h"

#include "core/embed/vector_index_keeper.h"

namespace llmemory::embed {

using db::Statement;

namespace {

constexpr Statement kIsReady{"vector_index_is_ready",
                             "SELECT EXISTS (SELECT FROM pg_catalog.pg_index i "
                             "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                             "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                             "WHERE n.nspname = $1 AND c.relname = $2 AND i.indisvalid)"};

} // namespace

Result<bool> hasVectorIndex(db::Session &session, const OwnerId &owner)
{
    const QString index = vectorIndexName(session.names().embeddingsTable(), owner);
    const auto ready = session.queryOne(kIsReady, {session.names().schema(), index});
    if (!ready)
        return ready.error();
    return ready->boolean(0);
}

} // namespace llmemory::embed
