#pragma once

#include <algorithm>

namespace llmemory::search {

/// Passages that a leg is asked for at least: fusion needs more than what is looked at afterwards.
inline constexpr int kLeastCandidates = 100;
/// How far down other documents are looked for when documents are grouped.
inline constexpr int kMostCandidates = 20'000;

/// How many to ask for next, where many passages of few documents were found. Pure.
constexpr int moreCandidates(int candidates)
{
    constexpr int kFactor = 4;
    return std::min(kMostCandidates, kFactor * candidates);
}

} // namespace llmemory::search
