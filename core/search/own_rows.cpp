#include "core/search/own_rows.h"

namespace llmemory::search {

namespace {

constexpr db::Statement kOwnRows{"own_rows_only",
                                 "SELECT set_config('enable_seqscan', 'off', true)"};

} // namespace

Result<> readOwnRowsOnly(db::Session &session)
{
    const auto done = session.query(kOwnRows);
    return done ? Result<>() : Result<>(done.error());
}

} // namespace llmemory::search
