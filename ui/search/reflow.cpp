#include "ui/search/reflow.h"

#include <QList>
#include <QStringView>

#include <algorithm>

namespace llmemory::ui {

namespace {

/// A line of less than this share of the longest ones ends its paragraph.
constexpr double kFullLine = 0.75;
/// Text that is this narrow is a list or a table, not a paragraph.
constexpr qsizetype kLeastWidth = 40;

/// Length of the longer lines: nine in ten are not longer.
qsizetype usualWidth(const QString &text)
{
    QList<qsizetype> lengths;
    for (const QStringView line : QStringView(text).split(u'\n', Qt::SkipEmptyParts))
        lengths.append(line.size());
    if (lengths.isEmpty())
        return 0;
    const auto ninth = lengths.begin() + (lengths.size() - 1) * 9 / 10;
    std::nth_element(lengths.begin(), ninth, lengths.end());
    return *ninth;
}

} // namespace

QString reflowed(QString text)
{
    const qsizetype width = usualWidth(text);
    if (width < kLeastWidth)
        return text;
    qsizetype lineStart = 0;
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        if (text.at(i) != u'\n')
            continue;
        const bool full = double(i - lineStart) >= kFullLine * double(width);
        lineStart = i + 1;
        if (full && text.at(i + 1) != u'\n')
            text[i] = u' ';
    }
    return text;
}

} // namespace llmemory::ui
