#include "core/embed/vector_index_status.h"

#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_tuning.h"

namespace llmemory::embed {

using db::Statement;

namespace {

// The server hides from others what a session builds: then it may be on this table.
constexpr Statement kState{
    "vector_index_state",
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_index i "
    "WHERE i.indexrelid = to_regclass($1) AND i.indisvalid), "
    "obj_description(to_regclass($1), 'pg_class'), "
    "EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p "
    "WHERE p.datname = current_database() AND (p.relid IS NULL OR p.relid = to_regclass($2)))"};

} // namespace

Result<VectorIndexState> vectorIndexState(db::Session &session, const OwnerId &owner)
{
    const db::SqlNames &names = session.names();
    const auto row = session.queryOne(
        kState,
        {vectorIndexIdentifier(names, owner), names.expand(QStringLiteral("{{embeddings}}"))});
    if (!row)
        return row.error();
    if (row->boolean(0))
        return tuningFromComment(row->text(1)) ? VectorIndexState::Ready
                                               : VectorIndexState::Unmeasured;
    return row->boolean(2) ? VectorIndexState::Building : VectorIndexState::Missing;
}

} // namespace llmemory::embed
