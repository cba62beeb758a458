#pragma once

#include "core/base/ids.h"
#include "core/config.h"
#include "core/db/session.h"
#include "core/eval/recall_check.h"

namespace llmemory::eval {

/// Tries searches of an owner with vectors of its own passages, picked at random, as doctor does;
/// see measureVectorRecall(). In a transaction of the owner's scope, on a pool thread.
/// Error: NotFound, Database, Cancelled.
Result<RecallCheck> measureOwnerRecall(db::Session &session,
                                       const OwnerId &owner,
                                       HnswProfile profile);

} // namespace llmemory::eval
