#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include <functional>

namespace llmemory::app {

/// A run of text of a snippet.
struct SnippetPart
{
    QString text;
    bool highlighted = false;
    friend bool operator==(const SnippetPart &, const SnippetPart &) = default;
};

/// The part of a passage that shows why it was found: about @p length code points around the first
/// highlight, or the beginning. White space is collapsed, control characters are dropped; an
/// ellipsis stands where text was left out. Pure.
/// @param highlights  [start, end) in code points, ascending, as in SearchHit
QList<SnippetPart> snippetOf(const QString &content,
                             const QList<QPair<int, int>> &highlights,
                             int length = 320);

/// A snippet as lines of at most @p width columns (a longer word stays whole). @p mark decorates
/// highlighted text and must not change its width. Pure.
QStringList wrapped(const QList<SnippetPart> &parts,
                    int width,
                    const std::function<QString(const QString &)> &mark);

} // namespace llmemory::app
