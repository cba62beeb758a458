#pragma once

#include "core/base/ids.h"
#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/eval/recall_check.h"

#include <functional>

namespace llmemory::eval {

/// What is done with an owner's rows.
using RecallWork = std::function<Result<RecallCheck>(db::Session &)>;
/// Does it in a transaction of the owner's scope that sees the embedder's vector table, and answers
/// what it answers. Blocks.
using RecallTransaction = std::function<Result<RecallCheck>(const RecallWork &)>;

/// Tries searches of an owner with words of its own passages, picked at random, as doctor does; see
/// embed::sampleQueries() and measureVectorRecall(). Queries are embedded between two transactions.
/// Blocks. Error: NotFound, Database, Cancelled, those of the embedder.
/// @param profile  what searches are made with.
Result<RecallCheck> measureOwnerRecall(const RecallTransaction &inTransaction,
                                       const embed::Embedder &embedder,
                                       const OwnerId &owner,
                                       HnswProfile profile,
                                       const embed::CancelTest &isCancelled);

} // namespace llmemory::eval
