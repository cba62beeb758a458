#pragma once

#include "core/documents/text_structure.h"

#include <QStringList>
#include <QStringView>

#include <vector>

namespace llmemory::chunk {

/// Answers where an offset lies in a text: page, line, headings. Built once a text, O(n); each
/// answer is a binary search. Immutable after construction: any thread.
/// Lines end with U+000A; offsets past the text count as its end.
class LocatorIndex
{
public:
    /// Keeps no reference to either.
    LocatorIndex(QStringView text, const TextStructure &structure);

    /// The place of [charStart, charEnd): page and headings are those of its first character,
    /// lineEnd is the line of its last.
    Locator at(qsizetype charStart, qsizetype charEnd) const;

    /// From 1; 0 where there are no pages. What stands before the first page start is on page 1.
    int pageAt(qsizetype offset) const;
    /// From 1.
    int lineAt(qsizetype offset) const;
    /// Titles from the outermost heading inwards; empty before the first heading.
    QStringList headingPathAt(qsizetype offset) const;

private:
    struct Entry
    {
        Heading heading;
        qsizetype parent; ///< position of the heading around it, -1 for none
    };

    QList<qsizetype> m_pageStarts;
    std::vector<Entry> m_headings;
    std::vector<qint32> m_lineStarts; ///< of the second line and on
};

} // namespace llmemory::chunk
