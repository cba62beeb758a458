#pragma once

#include <QList>
#include <QString>

namespace llmemory {

/// A heading inside a document's text.
struct Heading
{
    int level = 1;           ///< 1 is the outermost
    qsizetype charStart = 0; ///< UTF-16 offset of the heading in the text
    QString title;           ///< without markup
    friend bool operator==(const Heading &, const Heading &) = default;
};

/// Where pages and headings begin in a text; what makes a hit openable at its place.
/// Offsets count UTF-16 code units (QString positions) from 0 and are ascending.
struct TextStructure
{
    /// Start of page 1, 2, …; empty where the format has no pages.
    QList<qsizetype> pageStarts;
    QList<Heading> headings;
    friend bool operator==(const TextStructure &, const TextStructure &) = default;
};

/// The place of a passage in its document; every number is exact for the stored text.
struct Locator
{
    int page = 0;            ///< from 1; 0 where the format has no pages
    int lineStart = 1;       ///< first line, from 1, counted in the stored text
    int lineEnd = 1;         ///< last line, inclusive
    qsizetype charStart = 0; ///< UTF-16 offset, inclusive
    qsizetype charEnd = 0;   ///< UTF-16 offset, exclusive
    QStringList headingPath; ///< titles from the outermost heading inwards
    friend bool operator==(const Locator &, const Locator &) = default;
};

} // namespace llmemory
