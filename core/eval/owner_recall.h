#pragma once

#include "core/base/ids.h"
#include "core/config.h"
#include "core/db/session.h"
#include "core/embed/embedder.h"
#include "core/eval/recall_check.h"

#include <functional>

namespace llmemory::eval {

/// Tries searches of an owner with words of its own passages, picked at random, as doctor does; see
/// embed::sampleQueries() and measureVectorRecall(). Queries are embedded between two transactions.
/// Blocks. Error: NotFound, Database, Cancelled, those of the embedder.
/// @param inTransaction  runs what it is given in a transaction of the owner's scope that sees the
///                       embedder's vector table, and answers what that answers.
/// @param profile        what searches are made with.
Result<RecallCheck> measureOwnerRecall(
    const std::function<Result<RecallCheck>(
        const std::function<Result<RecallCheck>(db::Session &)> &work)> &inTransaction,
    const embed::Embedder &embedder,
    const OwnerId &owner,
    HnswProfile profile,
    const embed::CancelTest &isCancelled);

} // namespace llmemory::eval
