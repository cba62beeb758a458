#pragma once

#include "core/chunk/chunk_draft.h"
#include "core/chunk/chunk_plan.h"
#include "core/documents/text_structure.h"

#include <QList>
#include <QString>

namespace llmemory::chunk {

/// Cuts a text into passages of two levels: parents give a hit its context, children are what is
/// found.
class HierarchicalChunker
{
public:
    /// Each parent is followed by its children. A parent that is its own only child stands once, as
    /// a child without parent; so a text that fits one child on one page gives exactly one draft.
    /// Children never cross their parent, and begin anew at each page start, so that their page is
    /// right. Passages carry no surrounding white space; a text of white space alone gives none.
    /// How a passage is cut: window_cutter.h. O(n log n) at most. Pure; any thread.
    /// @param structure  offsets ascending and inside @p text.
    static QList<ChunkDraft> chunk(const QString &text,
                                   const TextStructure &structure,
                                   const ChunkPlan &plan);
};

} // namespace llmemory::chunk
