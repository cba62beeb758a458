#pragma once

#include <QtGlobal>

namespace llmemory::embed {

/// A row of a table and what it counts.
struct WeightedRow
{
    const void *numbers; ///< not aligned
    float weight;
};

// sum[i] += weight * row[i] over all rows, in their order. The results are the same on every
// processor. @param sum  @p dimension numbers; rows may not overlap it
void addRowsInt8(float *sum, const WeightedRow *rows, size_t count, size_t dimension);
void addRowsHalf(float *sum, const WeightedRow *rows, size_t count, size_t dimension);
void addRowsFloat(float *sum, const WeightedRow *rows, size_t count, size_t dimension);

} // namespace llmemory::embed
