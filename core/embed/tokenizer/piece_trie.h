#pragma once

#include "core/embed/tokenizer/id_map.h"

#include <string_view>

namespace llmemory::embed {

/// The pieces of a vocabulary by their UTF-16 units, to walk from a place in a text through all
/// pieces that start there. Safe to read from many threads.
class PieceTrie final
{
public:
    static constexpr quint32 kRoot = 0;
    static constexpr quint32 kNone = IdMap::kNone;

    PieceTrie() : m_ids{kNone} {}

    /// Empties the trie and makes room. @param units  of all pieces together, roughly
    void reserve(size_t units);
    /// The last of equal pieces counts.
    void insert(std::u16string_view piece, quint32 id);

    /// kNone when no piece goes on so.
    quint32 child(quint32 node, char16_t unit) const
    {
        return m_edges.find((quint64(node) << 16) | unit);
    }
    /// The piece that ends at a node; kNone when none does.
    quint32 idAt(quint32 node) const { return m_ids[node]; }
    /// The node after @p units; kNone when no piece starts so.
    quint32 walk(std::u16string_view units, quint32 node = kRoot) const;
    /// The id of a piece; kNone when it is unknown.
    quint32 find(std::u16string_view piece) const;

private:
    IdMap m_edges;
    std::vector<quint32> m_ids; ///< by node
};

} // namespace llmemory::embed
