#pragma once

namespace llmemory {

/// How the two legs of a hybrid search become one list.
enum class FusionMethod {
    Weighted,       ///< by their scores, brought to one scale: search::fuseByScores()
    ReciprocalRank, ///< by their ranks, as the reference does: search::fuseByReciprocalRank()
};

} // namespace llmemory
