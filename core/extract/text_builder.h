#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

#include <QString>

namespace llmemory::extract {

/// Collects the text of a document so that every offset is exact for the final text: lines end in
/// "\n", breaks stand only between visible text, there is no control character but tab, newline and
/// form feed and no lone surrogate. Stops by itself at the limits; ask isFull() to stop reading as
/// well.
class TextBuilder
{
public:
    /// @param inputBytes  size of the file, for the limit on expansion
    TextBuilder(const ExtractionLimits &limits, qsizetype inputBytes);

    /// Running text: white space collapses to single spaces.
    void appendFlow(QStringView text);
    /// Text whose spaces and line ends are content.
    void appendVerbatim(QStringView text);

    /// The next visible text starts a line; nothing inside a cell but a space.
    void breakLine() { requestBreak(1); }
    /// The next visible text starts a paragraph, after an empty line.
    void breakParagraph() { requestBreak(2); }

    /// @p marker stands before the next visible text, however many breaks are asked for meanwhile:
    /// "- ".
    void beginItem(const QString &marker) { m_pendingMarker = marker; }
    /// Forgets the marker of an item without text.
    void endItem() { m_pendingMarker.clear(); }

    /// Between beginCell() and endCell() breaks are spaces; cells of a line are separated by tabs.
    void beginCell();
    void endCell();

    /// The next visible text starts a page.
    void beginPage();

    /// What is appended until endHeading() is a heading.
    /// @param level  1 is the outermost
    void beginHeading(int level);
    void endHeading();

    /// True once a limit is reached; further text is dropped.
    bool isFull() const { return m_outcome != Outcome::Ok; }
    /// What there is so far; pending breaks are not in it.
    const QString &text() const { return m_text; }

    /// The text with its structure: Ok, Truncated, Bomb, or Empty where nothing visible came.
    Extraction finish(DocumentType type);

private:
    void requestBreak(int newlines);
    /// Writes the breaks, page starts and the heading's start that wait for visible text.
    void flush();
    void put(QStringView text);
    /// Both take a part of @p text from its start and return its length; a run may be 0.
    qsizetype appendPlainRun(QStringView text);
    qsizetype appendCharacter(QStringView text);
    /// Appends or moves to Truncated or Bomb. @param bytes  length of @p text as UTF-8
    void append(QStringView text, qsizetype bytes);
    bool fits(qsizetype units, qsizetype bytes) const;
    bool isExpansion(qsizetype length) const;

    ExtractionLimits m_limits;
    qsizetype m_inputBytes;
    Outcome m_outcome = Outcome::Ok;
    QString m_text;
    TextStructure m_structure;
    qsizetype m_utf8Bytes = 0;
    int m_pendingBreaks = 0;
    int m_pendingTabs = 0;
    int m_pendingPages = 0;
    QString m_pendingMarker;
    int m_cellDepth = 0;
    bool m_rowStarted = false;
    bool m_pendingSpace = false;
    bool m_endedInReturn = false;
    int m_headingLevel = 0;
    qsizetype m_headingStart = -1;
};

} // namespace llmemory::extract
