#include "core/chunk/window_cutter.h"

#include "core/chunk/text_boundaries.h"

#include <algorithm>

namespace llmemory::chunk {

namespace {

/// A page start nearer than this to the piece's start is passed over, which bounds the number of
/// pieces of a text with a page at every word.
constexpr qsizetype kLeastPageTokens = 8;

auto headingFrom(const QList<Heading> &headings, qsizetype offset)
{
    return std::lower_bound(headings.begin(),
                            headings.end(),
                            offset,
                            [](const Heading &h, qsizetype o) { return h.charStart < o; });
}

} // namespace

WindowCutter::WindowCutter(QStringView text, const TextStructure &structure)
    : m_text(text), m_structure(structure), m_tokens(tokenSpans(text))
{
}

int WindowCutter::tokenCount(TextRange range) const
{
    return range.end <= range.start ? 0 : int(tokenAt(range.end - 1) - tokenAt(range.start)) + 1;
}

std::vector<TextRange> WindowCutter::cut(TextRange range, WindowSize size, PageRule pages) const
{
    size.tokens = std::max(size.tokens, 1);
    size.overlap = std::clamp(size.overlap, 0, size.tokens / 2);
    range = trimmed(range);
    std::vector<TextRange> pieces;
    while (range.start < range.end) {
        const Step done = step(range, size, pages);
        const TextRange piece = trimmed({range.start, done.end});
        // A window whose new part is white space would repeat the end of the piece before.
        const qsizetype reached = pieces.empty() ? range.start : pieces.back().end;
        if (piece.end > reached)
            pieces.push_back(piece);
        range.start = skipSpace(m_text, done.next, range.end);
    }
    return pieces;
}

WindowCutter::Step WindowCutter::step(TextRange range, WindowSize size, PageRule pages) const
{
    const qsizetype first = tokenAt(range.start);
    const qsizetype limit = std::min(tokenStart(first + size.tokens), range.end);
    if (pages == PageRule::Align) {
        const qsizetype page = pageBreak(range, limit);
        if (page > range.start)
            return stepToPage(range, page, limit, size.overlap);
    }
    if (limit >= range.end)
        return {range.end, range.end};

    const qsizetype middle = std::max(tokenStart(first + size.tokens / 2), range.start + 1);
    const qsizetype heading = headingBreak(middle, limit);
    if (heading > range.start)
        return {heading, heading};

    const qsizetype lastFifth =
        std::max(tokenStart(first + size.tokens * 4LL / 5), range.start + 1);
    qsizetype end = textBreak(lastFifth, limit);
    if (end <= range.start)
        end = limit;
    const qsizetype next = overlapStart(end, size.overlap);
    return {end, next > range.start ? next : end};
}

/// The piece ends at the page start, or where the sentence that runs over it ends, if that is near.
WindowCutter::Step WindowCutter::stepToPage(TextRange range,
                                            qsizetype pageStart,
                                            qsizetype limit,
                                            int overlap) const
{
    const TextRange page = trimmed({range.start, pageStart});
    if (overlap == 0 || page.start == page.end || isSentenceEnd(m_text, page.end))
        return {pageStart, pageStart};
    const QList<qsizetype> &starts = m_structure.pageStarts;
    const auto after = std::upper_bound(starts.begin(), starts.end(), pageStart);
    const qsizetype pageEnd = after == starts.end() ? range.end : std::min(*after, range.end);
    const qsizetype most = std::min({tokenStart(tokenAt(pageStart) + overlap), limit, pageEnd});
    const qsizetype sentenceEnd =
        graphemeStart(m_text, firstSentenceEnd(m_text, pageStart + 1, most));
    // Taking the whole page would leave the next piece nothing of its own.
    const bool leavesSome =
        sentenceEnd > pageStart && skipSpace(m_text, sentenceEnd, pageEnd) < pageEnd;
    return {leavesSome ? sentenceEnd : pageStart, pageStart};
}

/// The first page start in the window that ends at @p limit; -1 for none.
qsizetype WindowCutter::pageBreak(TextRange range, qsizetype limit) const
{
    const qsizetype least =
        std::max(tokenStart(tokenAt(range.start) + kLeastPageTokens), range.start + 1);
    const QList<qsizetype> &starts = m_structure.pageStarts;
    const auto page = std::lower_bound(starts.begin(), starts.end(), least);
    if (page == starts.end() || *page > limit || *page >= range.end)
        return -1;
    return graphemeStart(m_text, *page);
}

/// The last heading in [from, to], or the first of those that follow each other without text; -1
/// for none.
qsizetype WindowCutter::headingBreak(qsizetype from, qsizetype to) const
{
    const QList<Heading> &headings = m_structure.headings;
    auto heading = headingFrom(headings, to + 1);
    const auto first = headingFrom(headings, from);
    if (heading <= first)
        return -1;
    --heading;
    while (heading > first) {
        const auto above = heading - 1;
        const qsizetype lineEnd = m_text.indexOf(u'\n', above->charStart);
        if (lineEnd < 0 || skipSpace(m_text, lineEnd, heading->charStart) < heading->charStart)
            break;
        heading = above;
    }
    return graphemeStart(m_text, heading->charStart);
}

qsizetype WindowCutter::textBreak(qsizetype from, qsizetype limit) const
{
    qsizetype end = lastSentenceEnd(m_text, from, limit);
    if (end < 0)
        end = lastSoftBreak(m_text, from, limit);
    if (end < 0)
        end = lastWordStart(m_text, from, limit);
    return graphemeStart(m_text, end < 0 ? limit : end);
}

/// Where a piece begins that follows one ending at @p end.
qsizetype WindowCutter::overlapStart(qsizetype end, int overlap) const
{
    if (overlap == 0)
        return end;
    const qsizetype from = tokenStart(std::max<qsizetype>(tokenAt(end - 1) + 1 - overlap, 0));
    // The last one, white space after the end included: the next piece would stop at any later one,
    // and add nothing.
    const qsizetype to = skipSpace(m_text, end, m_text.size());
    if (const qsizetype start = lastStructureStart(from, to); start >= 0)
        return graphemeStart(m_text, start);
    // The end of the text before is a boundary too, but gives no overlap.
    const qsizetype last = trimmed({from, end}).end - 1;
    qsizetype start = firstSentenceEnd(m_text, from, last);
    if (start < 0)
        start = firstWordStart(m_text, from, last);
    return start < 0 ? graphemeStart(m_text, from) : graphemeStart(m_text, start);
}

/// The last page start or heading in [from, to]; -1 for none.
qsizetype WindowCutter::lastStructureStart(qsizetype from, qsizetype to) const
{
    qsizetype last = -1;
    const QList<qsizetype> &pages = m_structure.pageStarts;
    const auto page = std::upper_bound(pages.begin(), pages.end(), to);
    if (page != pages.begin())
        last = *(page - 1);
    const auto heading = headingFrom(m_structure.headings, to + 1);
    if (heading != m_structure.headings.begin())
        last = std::max(last, (heading - 1)->charStart);
    return last >= from ? last : -1;
}

TextRange WindowCutter::trimmed(TextRange range) const
{
    const qsizetype start = skipSpace(m_text, range.start, range.end);
    qsizetype end = range.end;
    while (end > start && m_text[end - 1].isSpace())
        --end;
    return {start, end};
}

/// The token that holds @p offset; the last one for offsets past the text.
qsizetype WindowCutter::tokenAt(qsizetype offset) const
{
    const auto after =
        std::upper_bound(m_tokens.begin(), m_tokens.end(), offset, [](qsizetype o, TokenSpan t) {
            return o < t.start;
        });
    return std::max<qsizetype>(after - m_tokens.begin() - 1, 0);
}

/// The size of the text for tokens past the last.
qsizetype WindowCutter::tokenStart(qsizetype token) const
{
    return token < qsizetype(m_tokens.size()) ? m_tokens[size_t(token)].start : m_text.size();
}

} // namespace llmemory::chunk
