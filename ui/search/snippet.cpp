#include "ui/search/snippet.h"

namespace llmemory::ui {

namespace {

/// Characters that lead up to the first found word: few, so that it is seen in a narrow list too.
constexpr qsizetype kLead = 36;

/// A text with runs of white space as one space, and where its positions went.
struct Collapsed
{
    QString text;
    QList<qsizetype> positions; ///< new position of each old one, and of the end

    explicit Collapsed(const QString &content)
    {
        text.reserve(content.size());
        positions.reserve(content.size() + 1);
        bool gap = true; // none at the start
        for (const QChar c : content) {
            positions.append(text.size());
            const bool space = c.isSpace();
            if (!space)
                text += c;
            else if (!gap)
                text += u' ';
            gap = space;
        }
        positions.append(text.size());
    }
};

bool splitsPair(const QString &text, qsizetype position)
{
    return position > 0 && position < text.size() && text.at(position).isLowSurrogate() &&
           text.at(position - 1).isHighSurrogate();
}

/// The next start of a word at or after @p position, not beyond @p limit.
qsizetype wordStart(const QString &text, qsizetype position, qsizetype limit)
{
    if (position == 0 || text.at(position - 1).isSpace())
        return position;
    const qsizetype space = text.indexOf(u' ', position);
    if (space >= 0 && space < limit)
        return space + 1;
    return splitsPair(text, position) ? position + 1 : position; // a text without spaces
}

/// The last end of a word at or before @p position, not before @p limit.
qsizetype wordEnd(const QString &text, qsizetype position, qsizetype limit)
{
    if (position >= text.size())
        return text.size();
    const qsizetype space = text.lastIndexOf(u' ', position);
    if (space > limit)
        return space;
    return splitsPair(text, position) ? position - 1 : position;
}

} // namespace

QList<TextRange> utf16Ranges(const QString &content, const QList<QPair<int, int>> &codePoints)
{
    QList<TextRange> ranges;
    qsizetype unit = 0;
    qsizetype point = 0;
    auto advance = [&](qsizetype to) {
        for (; point < to && unit < content.size(); ++point) {
            const bool pair = content.at(unit).isHighSurrogate() && unit + 1 < content.size() &&
                              content.at(unit + 1).isLowSurrogate();
            unit += pair ? 2 : 1;
        }
        return unit;
    };
    for (const auto &[start, end] : codePoints) {
        if (start < point || end <= start)
            continue; // not ascending, or empty
        const qsizetype from = advance(start);
        const qsizetype to = advance(end);
        if (from < to)
            ranges.append({from, to});
    }
    return ranges;
}

Snippet makeSnippet(const QString &content,
                    const QList<QPair<int, int>> &highlights,
                    qsizetype length)
{
    const Collapsed whole(content);
    const QString &text = whole.text;
    const QList<TextRange> found = utf16Ranges(content, highlights);

    const qsizetype first = found.isEmpty() ? 0 : whole.positions.at(found.first().start);
    qsizetype start = 0;
    const qsizetype lead = qMin(kLead, length / 4);
    if (text.size() > length && first > lead)
        start = wordStart(text, qMin(first - lead, text.size() - length), first);
    const qsizetype end = text.size() - start <= length
                              ? text.size()
                              : wordEnd(text, start + length, qMax(first, start));

    const QString before = start > 0 ? QStringLiteral("… ") : QString();
    const QString after = end < text.size() ? QStringLiteral(" …") : QString();
    Snippet snippet;
    snippet.text = before + text.mid(start, end - start) + after;
    for (const TextRange &range : found) {
        const qsizetype from = qMax(whole.positions.at(range.start), start);
        const qsizetype to = qMin(whole.positions.at(range.end), end);
        if (from < to)
            snippet.marks.append({from - start + before.size(), to - start + before.size()});
    }
    return snippet;
}

} // namespace llmemory::ui
