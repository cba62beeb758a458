#include "core/search/highlighter.h"

#include <algorithm>

namespace llmemory::search {

namespace {

/// Joins overlapping and touching ranges.
QList<QPair<int, int>> merged(QList<QPair<int, int>> ranges)
{
    std::sort(ranges.begin(), ranges.end());
    QList<QPair<int, int>> out;
    for (const auto &range : ranges) {
        if (!out.isEmpty() && range.first <= out.last().second)
            out.last().second = std::max(out.last().second, range.second);
        else
            out.append(range);
    }
    return out;
}

int codePoints(QStringView text)
{
    int count = 0;
    for (const QChar c : text)
        count += c.isLowSurrogate() ? 0 : 1;
    return count;
}

} // namespace

QList<QPair<int, int>> highlightsFromMarks(const QString &marked, const QString &content)
{
    if (content.contains(QChar(kMarkStart)) || content.contains(QChar(kMarkEnd)))
        return {};
    QList<QPair<int, int>> ranges;
    int position = 0;
    int start = -1;
    for (const QChar c : marked) {
        if (c == QChar(kMarkStart)) {
            start = position;
        } else if (c == QChar(kMarkEnd)) {
            if (start >= 0 && position > start)
                ranges.append({start, position});
            start = -1;
        } else if (!c.isLowSurrogate()) {
            ++position;
        }
    }
    return ranges;
}

QList<QPair<int, int>> highlightsOfWords(const QStringList &words, const QString &content)
{
    QList<QPair<int, int>> ranges;
    for (const QString &word : words) {
        if (word.isEmpty())
            continue;
        for (qsizetype at = content.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
             at = content.indexOf(word, at + word.size(), Qt::CaseInsensitive)) {
            const int start = codePoints(QStringView(content).left(at));
            ranges.append({start, start + codePoints(QStringView(content).mid(at, word.size()))});
        }
    }
    return merged(std::move(ranges));
}

} // namespace llmemory::search
