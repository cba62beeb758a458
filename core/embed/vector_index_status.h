#pragma once

#include "core/base/ids.h"
#include "core/db/session.h"

namespace llmemory::embed {

/// What has become of an owner's HNSW index (see vector_index_keeper.h).
enum class VectorIndexState {
    Missing,    ///< there is none, and nobody builds one on the model's vectors
    Building,   ///< there is none yet; one on the model's vectors is built, this or another owner's
    Unmeasured, ///< it serves; how far it has to be searched is not known (measureVectorIndex())
    Ready,
};

/// The session names the model's vector table. Error: Database.
Result<VectorIndexState> vectorIndexState(db::Session &session, const OwnerId &owner);

} // namespace llmemory::embed
