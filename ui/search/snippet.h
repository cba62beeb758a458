#pragma once

#include <QList>
#include <QMetaType>
#include <QPair>
#include <QString>

namespace llmemory::ui {

/// Part of a text, [start, end) in UTF-16 code units.
struct TextRange
{
    qsizetype start = 0;
    qsizetype end = 0;
    friend bool operator==(const TextRange &, const TextRange &) = default;
};

/// A few lines of a passage around what was found in it.
struct Snippet
{
    QString text;           ///< one line; an ellipsis where something was left out
    QList<TextRange> marks; ///< found words in text; ascending, disjoint
    friend bool operator==(const Snippet &, const Snippet &) = default;
};

/// Highlights as the search gives them, in code points, as positions in @p content. Ranges outside
/// of the text are cut or left out. Pure.
QList<TextRange> utf16Ranges(const QString &content, const QList<QPair<int, int>> &codePoints);

/// The part of @p content of about @p length characters that shows the first highlight and as many
/// after it as fit; begins and ends between words, white space runs become one space.
/// @param highlights  [start, end) in Unicode code points, ascending
/// @param length      most characters, > 0; ellipses come on top. Pure.
Snippet makeSnippet(const QString &content,
                    const QList<QPair<int, int>> &highlights,
                    qsizetype length);

} // namespace llmemory::ui

Q_DECLARE_METATYPE(llmemory::ui::Snippet)
