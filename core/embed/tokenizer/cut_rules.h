#pragma once

#include <array>

namespace llmemory::embed {

/// What the steps of a tokenizer tell of themselves, so that a text can be cut into words before
/// any step sees it, with the same tokens as without cutting. ASCII characters only; white space
/// means space, tab and line ends.
struct CutRules
{
    static constexpr size_t kAscii = 128;

    /// Cutting at white space changes nothing in what normalisation makes of the words.
    bool normalizesWords = true;
    /// Normalisation leaves no white space but one space between words …
    bool collapses = false;
    /// … and none at the ends.
    bool strips = false;
    /// Grapheme clusters are looked up, and may begin with a space.
    bool readsGraphemes = false;
    /// Pre-tokenisation drops white space and goes on with each word by itself.
    bool splitsWords = false;
    /// Pre-tokenisation writes white space as the mark of Metaspace, and one before the text.
    bool marksWords = false;
    char16_t mark = u'\u2581';  ///< with marksWords
    bool splitsAtMarks = false; ///< with marksWords
    /// Characters with white space around them after normalisation.
    std::array<bool, kAscii> spaced{};
    /// Pre-tokenisation makes every ASCII punctuation character a piece of its own.
    bool isolatesPunctuation = false;
    /// Characters that become others.
    std::array<bool, kAscii> replaced{};
    /// Characters that mean something else together with their neighbours.
    std::array<bool, kAscii> joined{};
    /// Words must not be cut at punctuation.
    bool joinsAll = false;
};

} // namespace llmemory::embed
