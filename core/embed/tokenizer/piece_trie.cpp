#include "core/embed/tokenizer/piece_trie.h"

namespace llmemory::embed {

void PieceTrie::reserve(size_t units)
{
    m_ids.assign(1, kNone);
    // Pieces share their beginnings; half of the units are nodes, as a rule.
    m_edges.reserve(units / 2);
    m_ids.reserve(units / 2);
}

void PieceTrie::insert(std::u16string_view piece, quint32 id)
{
    quint32 node = kRoot;
    for (const char16_t unit : piece) {
        quint32 &next = m_edges[(quint64(node) << 16) | unit];
        if (next == kNone) {
            next = quint32(m_ids.size());
            m_ids.push_back(kNone);
        }
        node = next;
    }
    m_ids[node] = id;
}

quint32 PieceTrie::walk(std::u16string_view units, quint32 node) const
{
    for (const char16_t unit : units) {
        node = child(node, unit);
        if (node == kNone)
            return kNone;
    }
    return node;
}

quint32 PieceTrie::find(std::u16string_view piece) const
{
    const quint32 node = walk(piece);
    return node == kNone ? kNone : idAt(node);
}

} // namespace llmemory::embed
