#pragma once

#include "core/chunk/token_counter.h"
#include "core/documents/text_structure.h"

#include <QStringView>

#include <vector>

namespace llmemory::chunk {

/// Part of a text: [start, end), UTF-16 offsets.
struct TextRange
{
    qsizetype start = 0;
    qsizetype end = 0;
    friend bool operator==(const TextRange &, const TextRange &) = default;
};

/// Size of the pieces, in tokens.
struct WindowSize
{
    int tokens = 300; ///< at most, at least 1
    int overlap = 25; ///< repeated of the piece before, at most; at most half of tokens
};

enum class PageRule {
    Ignore, ///< pieces may run over page starts
    Align,  ///< each page start begins a piece, so that the page of a piece is that of all its own
            ///< text
};

/// Cuts ranges of one text into overlapping pieces. A window of tokens is cut, in this order of
/// preference: before the last heading in its second half (the next piece begins there, without
/// overlap); in its last fifth after the last sentence or paragraph, else after the last line,
/// comma or the like, else before the last word; else at its end. Never inside a grapheme cluster
/// of up to 64 code units. Overlap begins at a heading or page start, a sentence or a word where
/// one is near.
/// @p text and @p structure must outlive the cutter. Immutable: any thread.
class WindowCutter
{
public:
    WindowCutter(QStringView text, const TextStructure &structure);

    /// The whole text.
    TextRange all() const { return {0, m_text.size()}; }
    /// Tokens that @p range touches.
    int tokenCount(TextRange range) const;
    /// Pieces of @p range in order, without surrounding white space, none empty; together they hold
    /// every character of it that is not white space, and each reaches past the end of the one
    /// before.
    std::vector<TextRange> cut(TextRange range, WindowSize size, PageRule pages) const;

private:
    struct Step
    {
        qsizetype end;  ///< of this piece
        qsizetype next; ///< start of the next
    };

    Step step(TextRange range, WindowSize size, PageRule pages) const;
    Step stepToPage(TextRange range, qsizetype pageStart, qsizetype limit, int overlap) const;
    qsizetype pageBreak(TextRange range, qsizetype limit) const;
    qsizetype headingBreak(qsizetype from, qsizetype to) const;
    qsizetype textBreak(qsizetype from, qsizetype limit) const;
    qsizetype overlapStart(qsizetype end, int overlap) const;
    qsizetype lastStructureStart(qsizetype from, qsizetype to) const;

    TextRange trimmed(TextRange range) const;
    qsizetype tokenAt(qsizetype offset) const;
    qsizetype tokenStart(qsizetype token) const;

    QStringView m_text;
    const TextStructure &m_structure;
    std::vector<TokenSpan> m_tokens;
};

} // namespace llmemory::chunk
