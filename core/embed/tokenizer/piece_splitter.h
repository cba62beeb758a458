#pragma once

#include "core/embed/tokenizer/pieces.h"

#include <unicode/utf16.h>

namespace llmemory::embed {

/// What becomes of the places where a text is split (Hugging Face's SplitDelimiterBehavior).
enum class SplitBehavior {
    Removed,            ///< dropped
    Isolated,           ///< pieces of their own
    MergedWithPrevious, ///< the end of the piece before
    MergedWithNext,     ///< the start of the piece after
    Contiguous,         ///< pieces of their own, neighbours together
};

/// Splits one span of a text: told of the matches from left to right, it adds the pieces.
class PieceSplitter final
{
public:
    /// @param pieces  gets the new spans
    PieceSplitter(Pieces &pieces, const Pieces::Span &span, SplitBehavior behavior)
        : m_pieces(pieces), m_span(span), m_behavior(behavior), m_done(span.begin)
    {
    }

    /// The next match, with what is between it and the last one. @param begin,end  in the text
    void match(size_t begin, size_t end)
    {
        other(begin);
        segment(begin, end, true);
    }
    /// What goes on to @p end is no match, and apart from what comes after it.
    void other(size_t end)
    {
        if (m_done < end)
            segment(m_done, end, false);
    }
    /// No more matches.
    void finish()
    {
        other(m_span.end);
        if (m_held)
            add(m_heldBegin, m_done);
    }

private:
    void segment(size_t begin, size_t end, bool match)
    {
        const bool first = begin == m_span.begin;
        switch (m_behavior) {
        case SplitBehavior::Removed:
            if (!match)
                add(begin, end);
            break;
        case SplitBehavior::Isolated:
            add(begin, end);
            break;
        case SplitBehavior::Contiguous:
            if (!first && match == m_matched)
                m_pieces.spans.back().end = end;
            else
                add(begin, end);
            break;
        case SplitBehavior::MergedWithPrevious:
            if (!first && match && !m_matched)
                m_pieces.spans.back().end = end;
            else
                add(begin, end);
            break;
        case SplitBehavior::MergedWithNext:
            if (m_held && !match) {
                add(m_heldBegin, end);
            } else {
                if (m_held)
                    add(m_heldBegin, begin);
                if (!match)
                    add(begin, end);
                m_heldBegin = begin;
            }
            m_held = match;
            break;
        }
        m_matched = match;
        m_done = end;
    }
    void add(size_t begin, size_t end)
    {
        m_pieces.add(begin, end, m_span.first && begin == m_span.begin);
    }

    Pieces &m_pieces;
    const Pieces::Span m_span;
    const SplitBehavior m_behavior;
    size_t m_done; ///< end of the last segment
    bool m_matched = false;
    bool m_held = false;    ///< a match waits for what it is merged with
    size_t m_heldBegin = 0; ///< with m_held
};

/// Splits every span at each character that @p matches, a function of a code point.
template <typename Matches>
void splitAtCharacters(Pieces &pieces,
                       Pieces &spare,
                       SplitBehavior behavior,
                       const Matches &matches)
{
    spare.spans.clear();
    spare.spans.swap(pieces.spans);
    for (const Pieces::Span &span : spare.spans) {
        PieceSplitter splitter(pieces, span, behavior);
        for (size_t i = span.begin; i < span.end;) {
            const size_t begin = i;
            UChar32 c = 0;
            U16_NEXT(pieces.text.data(), i, span.end, c);
            if (matches(c))
                splitter.match(begin, i);
        }
        splitter.finish();
    }
}

} // namespace llmemory::embed
