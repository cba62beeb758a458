#include "core/extract/text_builder.h"

#include "core/base/text.h"

#include <algorithm>
#include <utility>

namespace llmemory::extract {

namespace {

constexpr auto isFlowSpace = [](QChar c) { return c.isSpace(); };

bool isDroppedControl(char16_t unit)
{
    return unit < u' ' && unit != u'\t' && unit != u'\n' && unit != u'\f';
}

/// Goes into the text as it is, whatever stands around it.
bool isPlain(QChar c)
{
    return c.unicode() >= u' ' && !c.isSurrogate();
}

qsizetype utf8BytesOf(char16_t unit)
{
    if (unit < 0x80)
        return 1;
    return unit < 0x800 ? 2 : 3;
}

} // namespace

TextBuilder::TextBuilder(const ExtractionLimits &limits, qsizetype inputBytes)
    : m_limits(limits), m_inputBytes(inputBytes)
{
}

void TextBuilder::appendFlow(QStringView text)
{
    qsizetype at = 0;
    while (at < text.size() && !isFull()) {
        const auto *const begin = text.begin() + at;
        const auto *const wordEnd = std::find_if(begin, text.end(), isFlowSpace);
        if (wordEnd != begin) {
            flush();
            put(QStringView(begin, wordEnd));
        }
        const auto *const next = std::find_if_not(wordEnd, text.end(), isFlowSpace);
        m_pendingSpace = m_pendingSpace || next != wordEnd;
        at = next - text.begin();
    }
}

void TextBuilder::appendVerbatim(QStringView text)
{
    if (text.isEmpty() || isFull())
        return;
    flush();
    put(text);
}

void TextBuilder::requestBreak(int newlines)
{
    if (m_cellDepth > 0) {
        m_pendingSpace = true;
        return;
    }
    m_pendingBreaks = std::max(m_pendingBreaks, newlines);
    m_pendingTabs = 0;
    m_rowStarted = false;
}

void TextBuilder::beginCell()
{
    if (m_cellDepth++ > 0) {
        m_pendingSpace = true;
        return;
    }
    if (m_rowStarted)
        ++m_pendingTabs;
    m_rowStarted = true;
    m_pendingSpace = false;
}

void TextBuilder::endCell()
{
    m_pendingSpace = --m_cellDepth > 0;
}

void TextBuilder::beginPage()
{
    breakParagraph();
    ++m_pendingPages;
}

void TextBuilder::beginHeading(int level)
{
    breakParagraph();
    m_headingLevel = level;
    m_headingStart = -1;
}

void TextBuilder::endHeading()
{
    if (m_headingStart >= 0 && m_structure.headings.size() < m_limits.headings) {
        const QString title = m_text.mid(m_headingStart).simplified();
        m_structure.headings.append({.level = m_headingLevel,
                                     .charStart = m_headingStart,
                                     .title = elided(title, m_limits.headingLength)});
    }
    m_headingLevel = 0;
    m_headingStart = -1;
    breakParagraph();
}

void TextBuilder::flush()
{
    const bool first = m_text.isEmpty();
    if (!first && m_pendingBreaks > 0) {
        m_endedInReturn = false;
        int present = 0;
        while (present < m_pendingBreaks && present < m_text.size() &&
               m_text.at(m_text.size() - 1 - present) == u'\n')
            ++present;
        put(QStringView(u"\n\n").left(m_pendingBreaks - present));
    } else if (!first && m_pendingTabs == 0 && m_pendingSpace && !m_text.back().isSpace()) {
        put(u" ");
    }
    for (; m_pendingTabs > 0; --m_pendingTabs)
        put(u"\t");
    m_pendingBreaks = 0;
    m_pendingSpace = false;
    for (; m_pendingPages > 0; --m_pendingPages)
        m_structure.pageStarts.append(m_text.size());
    if (!m_pendingMarker.isEmpty())
        put(std::exchange(m_pendingMarker, QString()));
    if (m_headingLevel > 0 && m_headingStart < 0)
        m_headingStart = m_text.size();
}

bool TextBuilder::fits(qsizetype units, qsizetype bytes) const
{
    return m_text.size() + units <= m_limits.textLength &&
           m_utf8Bytes + bytes <= m_limits.textBytes && !isExpansion(m_text.size() + units);
}

bool TextBuilder::isExpansion(qsizetype length) const
{
    return length > m_limits.freeCharacters && length / m_limits.charactersPerByte > m_inputBytes;
}

void TextBuilder::append(QStringView text, qsizetype bytes)
{
    if (fits(text.size(), bytes)) {
        m_text.append(text);
        m_utf8Bytes += bytes;
    } else {
        m_outcome = isExpansion(m_text.size() + text.size()) ? Outcome::Bomb : Outcome::Truncated;
    }
}

qsizetype TextBuilder::appendPlainRun(QStringView text)
{
    // Bounded, so that the last run before a limit is not counted again for each of its characters.
    static constexpr qsizetype kMostRun = 4096;
    const qsizetype most = std::min(text.size(), kMostRun);
    qsizetype length = 0;
    qsizetype bytes = 0;
    for (; length < most && isPlain(text[length]); ++length)
        bytes += utf8BytesOf(text[length].unicode());
    if (length == 0 || !fits(length, bytes))
        return 0;
    append(text.first(length), bytes);
    m_endedInReturn = false;
    return length;
}

qsizetype TextBuilder::appendCharacter(QStringView text)
{
    static constexpr qsizetype kPairBytes = 4;
    const QChar c = text.front();
    const bool afterReturn = std::exchange(m_endedInReturn, c == u'\r');
    if (c.isHighSurrogate() && text.size() > 1 && text[1].isLowSurrogate()) {
        append(text.first(2), kPairBytes);
        return 2;
    }
    if (c.isSurrogate())
        append(u"\ufffd", utf8BytesOf(QChar::ReplacementCharacter));
    else if (c == u'\r')
        append(u"\n", 1);
    else if (!isDroppedControl(c.unicode()) && !(c == u'\n' && afterReturn))
        append(text.first(1), utf8BytesOf(c.unicode()));
    return 1;
}

void TextBuilder::put(QStringView text)
{
    while (!text.isEmpty() && !isFull()) {
        const qsizetype run = appendPlainRun(text);
        text = text.sliced(run > 0 ? run : appendCharacter(text));
    }
}

Extraction TextBuilder::finish(DocumentType type)
{
    Extraction extraction;
    extraction.type = type;
    extraction.outcome = m_outcome;
    const bool visible =
        std::any_of(m_text.begin(), m_text.end(), [](QChar c) { return !c.isSpace(); });
    if (!visible && m_outcome != Outcome::Bomb)
        extraction.outcome = Outcome::Empty;
    if (!extraction.hasText())
        return extraction;
    for (; m_pendingPages > 0; --m_pendingPages)
        m_structure.pageStarts.append(m_text.size());
    extraction.text = std::move(m_text);
    extraction.structure = std::move(m_structure);
    return extraction;
}

} // namespace llmemory::extract
