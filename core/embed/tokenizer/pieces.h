#pragma once

#include <QtGlobal>

#include <string>
#include <string_view>
#include <vector>

namespace llmemory::embed {

/// A text and the parts of it that a model turns into tokens. Reused from text to text.
struct Pieces
{
    struct Span
    {
        size_t begin;
        size_t end;
        bool first; ///< at the very start of what was to be encoded
    };

    std::u16string text;
    std::vector<Span> spans; ///< in order, never empty ones

    std::u16string_view at(const Span &span) const
    {
        return std::u16string_view(text).substr(span.begin, span.end - span.begin);
    }
    void add(size_t begin, size_t end, bool first)
    {
        if (begin < end)
            spans.push_back({begin, end, first});
    }
};

} // namespace llmemory::embed
