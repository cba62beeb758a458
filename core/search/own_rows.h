#pragma once

#include "core/db/session.h"

namespace llmemory::search {

/// Has the planner go through indexes, which begin with the owner, for the rest of the transaction:
/// for an owner that has most of the rows it would read the whole table, and everybody else's rows
/// with it. Only for statements whose tables all have such an index. Error: Database.
Result<> readOwnRowsOnly(db::Session &session);

} // namespace llmemory::search
