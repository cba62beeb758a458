#include "core/chunk/hierarchical_chunker.h"

#include "core/chunk/locator_index.h"
#include "core/chunk/window_cutter.h"

namespace llmemory::chunk {

namespace {

/// Room in the index for the children of one parent.
constexpr int kIndexStep = 1000;

class DraftList
{
public:
    DraftList(const QString &text, const TextStructure &structure, const WindowCutter &cutter)
        : m_text(text), m_locators(text, structure), m_cutter(cutter)
    {
    }

    int append(int level, int index, int parent, TextRange range)
    {
        m_drafts.append({.level = level,
                         .index = index,
                         .parent = parent,
                         .content = m_text.mid(range.start, range.end - range.start),
                         .tokenCount = m_cutter.tokenCount(range),
                         .locator = m_locators.at(range.start, range.end)});
        return int(m_drafts.size()) - 1;
    }

    QList<ChunkDraft> take() { return std::move(m_drafts); }

private:
    const QString &m_text;
    LocatorIndex m_locators;
    const WindowCutter &m_cutter;
    QList<ChunkDraft> m_drafts;
};

} // namespace

QList<ChunkDraft> HierarchicalChunker::chunk(const QString &text,
                                             const TextStructure &structure,
                                             const ChunkPlan &plan)
{
    const WindowCutter cutter(text, structure);
    const auto parents =
        cutter.cut(cutter.all(), {plan.parentSize, plan.parentOverlap}, PageRule::Ignore);
    DraftList drafts(text, structure, cutter);
    int parentIndex = 0;
    for (const TextRange &parent : parents) {
        const auto children =
            cutter.cut(parent, {plan.childSize, plan.childOverlap}, PageRule::Align);
        int index = parentIndex * kIndexStep;
        const bool isOwnChild = children.size() == 1;
        const int position = isOwnChild ? -1 : drafts.append(kParentLevel, parentIndex, -1, parent);
        for (const TextRange &child : children)
            drafts.append(kChildLevel, index++, position, child);
        ++parentIndex;
    }
    return drafts.take();
}

} // namespace llmemory::chunk
