#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"

namespace llmemory::embed {

/// Whether the owner has an HNSW index of its own (see vector_index_keeper.h) that is ready. The
/// session names the model's vector table. Error: Database.
Result<bool> hasVectorIndex(db::Session &session, const OwnerId &owner);

} // namespace llmemory::embed
