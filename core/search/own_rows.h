#pragma once

#include "core/db/session.h"

namespace llmemory::search {

/// Rows of a statement that the server plans to read through indexes, which begin with the owner:
/// for an owner that has most of the rows it would read the whole table, and everybody else's rows
/// with it. That holds for the rest of the transaction, too, or until an index is searched (see
/// embed::noVectorIndexKnobs()). Only for statements whose tables all have such an index. Error:
/// Database.
Result<db::Rows> queryOwnRows(db::Session &session, const db::BoundStatement &statement);

} // namespace llmemory::search
