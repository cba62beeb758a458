#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"

namespace llmemory::testing {

/// What addVectorRows() stores.
struct VectorRows
{
    OwnerId owner;
    int documents = 1;
    int passages = 100; ///< of each document
    int dimension = 8;
};

/// Stores an owner with documents whose passages have random vectors of unit length, straight into
/// the tables: many in little time. Document n (from 1) has the metadata {"part": n % 20}, and
/// is an hour old. The session names the vector table; its user owns the tables.
Result<> addVectorRows(db::Session &session, const VectorRows &rows);

} // namespace llmemory::testing
