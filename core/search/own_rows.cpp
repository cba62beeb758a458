#include "core/search/own_rows.h"

namespace llmemory::search {

namespace {

constexpr db::Statement kOwnRows{"own_rows_only",
                                 "SELECT set_config('enable_seqscan', 'off', true)"};

} // namespace

Result<db::Rows> queryOwnRows(db::Session &session, const db::BoundStatement &statement)
{
    auto answers = session.queryTogether({{kOwnRows, {}}, statement});
    if (!answers)
        return answers.error();
    return answers->takeLast();
}

} // namespace llmemory::search
