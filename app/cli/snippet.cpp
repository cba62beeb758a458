#include "app/cli/snippet.h"

#include "app/cli/console.h"
#include "app/cli/text_table.h"

#include <algorithm>

namespace llmemory::app {

namespace {

constexpr char16_t kEllipsis = u'\u2026';

/// Share of a snippet that comes before the first highlight.
constexpr int kLeadingShare = 4;

/// Where the snippet begins: some text before the first highlight, at the beginning of a word.
qsizetype startOf(const QList<uint> &text, const QList<QPair<int, int>> &highlights, int length)
{
    if (text.size() <= length || highlights.isEmpty())
        return 0;
    const qsizetype first = std::clamp<qsizetype>(highlights.constFirst().first, 0, text.size());
    const qsizetype earliest = std::min(first - length / kLeadingShare, text.size() - length);
    if (earliest <= 0)
        return 0;
    for (qsizetype i = earliest; i < std::min(first, earliest + length / kLeadingShare); ++i) {
        if (QChar::isSpace(text.at(i)))
            return i + 1;
    }
    return earliest;
}

/// Where it ends: before the last word that does not fit whole.
qsizetype endOf(const QList<uint> &text, qsizetype start, int length)
{
    const qsizetype latest = std::min<qsizetype>(start + length, text.size());
    if (latest == text.size())
        return latest;
    for (qsizetype i = latest; i > start + length / 2; --i) {
        if (QChar::isSpace(text.at(i)))
            return i;
    }
    return latest;
}

void append(QList<SnippetPart> &parts, const QString &text, bool highlighted)
{
    if (parts.isEmpty() || parts.constLast().highlighted != highlighted)
        parts.append({.text = text, .highlighted = highlighted});
    else
        parts.last().text += text;
}

} // namespace

QList<SnippetPart> snippetOf(const QString &content,
                             const QList<QPair<int, int>> &highlights,
                             int length)
{
    const QList<uint> text = content.toUcs4();
    const qsizetype start = startOf(text, highlights, length);
    const qsizetype end = endOf(text, start, length);

    QList<SnippetPart> parts;
    if (start > 0)
        append(parts, QString(QChar(kEllipsis)), false);
    qsizetype next = 0; // the first highlight that does not end before the current position
    bool spaceDue = false;
    for (qsizetype i = start; i < end; ++i) {
        const char32_t c = text.at(i);
        if (QChar::isSpace(c)) {
            spaceDue = !parts.isEmpty();
            continue;
        }
        if (!isPrintable(c))
            continue;
        while (next < highlights.size() && highlights.at(next).second <= i)
            ++next;
        const bool highlighted = next < highlights.size() && highlights.at(next).first <= i;
        if (spaceDue)
            append(parts, QStringLiteral(" "), highlighted && parts.constLast().highlighted);
        spaceDue = false;
        append(parts, QString::fromUcs4(&c, 1), highlighted);
    }
    if (end < text.size())
        append(parts, QString(QChar(kEllipsis)), false);
    return parts;
}

QStringList wrapped(const QList<SnippetPart> &parts,
                    int width,
                    const std::function<QString(const QString &)> &mark)
{
    QStringList lines;
    QString line;
    QString word;
    int lineWidth = 0;
    int wordWidth = 0;
    const auto endWord = [&] {
        if (word.isEmpty())
            return;
        if (lineWidth > 0 && lineWidth + 1 + wordWidth > width) {
            lines += line;
            line.clear();
            lineWidth = 0;
        }
        if (lineWidth > 0) {
            line += u' ';
            ++lineWidth;
        }
        line += word;
        lineWidth += wordWidth;
        word.clear();
        wordWidth = 0;
    };
    for (const SnippetPart &part : parts) {
        const QStringList pieces = part.text.split(u' ');
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            if (i > 0)
                endWord();
            const QString &piece = pieces.at(i);
            if (piece.isEmpty())
                continue;
            word += part.highlighted ? mark(piece) : piece;
            wordWidth += displayWidth(piece);
        }
    }
    endWord();
    if (!line.isEmpty())
        lines += line;
    return lines;
}

} // namespace llmemory::app
