#pragma once

#include <QtGlobal>

namespace llmemory {

/// How many of the ten nearest passages searches by meaning find, for one owner.
struct RecallCheck
{
    qint64 passages = 0; ///< searchable ones of the owner
    /// Whether there is an index; without one all passages are compared, and none can be missed.
    bool hasIndex = false;
    int queries = 0;         ///< tried; 0 without an index or without vectors
    double recall = 1;       ///< mean share of the ten that was found, 0-1
    double worstRecall = 1;  ///< of the worst query, 0-1
    double searchMs = 0;     ///< median, of the statements that search the index
    double comparisonMs = 0; ///< median, of the statement that compares all
};

} // namespace llmemory
