#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/documents/document_type.h"

namespace llmemory::chunk {

/// How large the passages of a document become, in tokens (see token_counter.h).
struct ChunkPlan
{
    int parentSize = 600;
    int childSize = 300;
    int parentOverlap = 50; ///< that a parent repeats of the one before, at most
    int childOverlap = 25;

    // Ranges that a chunking_config may use. They keep a parent below 1,000 children, as the index
    // needs.
    static constexpr int kLeastParent = 50;
    static constexpr int kMostParent = 4000;
    static constexpr int kLeastChild = 20;
    static constexpr int kMostChild = 2000;

    /// The reference's sizes for @p type: halved for texts under 1,000 characters; over 50,000
    /// parents × 1.5 (1,200 at most) and children × 1.2 (500 at most) with the overlaps kept.
    /// @param characters  length of the text in UTF-16 code units.
    static ChunkPlan forText(DocumentType type, qsizetype characters);

    /// This plan with passages of @p chunkSize tokens and parents of twice as many, and with
    /// passages that repeat
    /// @p chunkOverlap tokens, parents twice as many; 0 and -1 leave what the plan has, cut down to
    /// a quarter of the size.
    ChunkPlan withSizes(int chunkSize, int chunkOverlap) const;

    /// This plan with the numbers of a document's `chunking_config`: an object with any of
    /// parent_size (50-4,000), child_size (20-2,000, at most the parent's), parent_overlap and
    /// child_overlap (0 to half the size). What is not given is made to fit what is. Null changes
    /// nothing. Error: Validation with field "chunking_config" or "chunking_config.<key>".
    Result<ChunkPlan> withConfig(const Json &config) const;

    /// This plan with no passage above @p tokens (raised to 20), overlaps cut down to a quarter at
    /// most.
    ChunkPlan limitedTo(int tokens) const;

    friend bool operator==(const ChunkPlan &, const ChunkPlan &) = default;
};

} // namespace llmemory::chunk
