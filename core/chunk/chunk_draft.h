#pragma once

#include "core/documents/text_structure.h"

#include <QString>

namespace llmemory::chunk {

/// The reference's two levels.
inline constexpr int kParentLevel = 2;
inline constexpr int kChildLevel = 1;

/// A passage cut from a text, not yet stored.
struct ChunkDraft
{
    int level = kChildLevel;
    /// Parents 0, 1, 2 …; children of parent p: p*1000 + c.
    int index = 0;
    /// Position of the parent in the list of drafts; -1 for parents, and for a child whose parent
    /// would be the same passage again.
    int parent = -1;
    QString content;    ///< exactly text.mid(locator.charStart, charEnd - charStart)
    int tokenCount = 0; ///< approximate, see token_counter.h
    Locator locator;
};

} // namespace llmemory::chunk
