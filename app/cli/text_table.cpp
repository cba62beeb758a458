#include "app/cli/text_table.h"

#include "app/cli/console.h"

#include <algorithm>
#include <cwchar>

namespace llmemory::app {

TextTable::TextTable(const QStringList &header, const QList<Align> &alignments)
    : m_header(header), m_alignments(alignments)
{
}

void TextTable::add(const QStringList &cells)
{
    Q_ASSERT(cells.size() == m_header.size());
    QStringList row;
    for (const QString &cell : cells)
        row += printable(cell);
    m_rows += row;
}

bool TextTable::hasHeader() const
{
    return !m_header.join(QString()).isEmpty();
}

QStringList TextTable::lines() const
{
    QList<int> widths(m_header.size(), 0);
    for (const QStringList &row : m_rows + QList<QStringList>{m_header}) {
        for (qsizetype column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths.at(column), displayWidth(row.at(column)));
    }
    QStringList lines;
    if (hasHeader())
        lines += line(m_header, widths);
    for (const QStringList &row : m_rows)
        lines += line(row, widths);
    return lines;
}

QString TextTable::line(const QStringList &cells, const QList<int> &widths) const
{
    QString text;
    for (qsizetype column = 0; column < cells.size(); ++column) {
        if (column > 0)
            text += QLatin1String("  ");
        const QString padding(widths.at(column) - displayWidth(cells.at(column)), u' ');
        if (m_alignments.value(column, Align::Left) == Align::Right)
            text += padding + cells.at(column);
        else
            text += cells.at(column) + padding;
    }
    while (text.endsWith(u' '))
        text.chop(1);
    return text;
}

int displayWidth(const QString &text)
{
    int width = 0;
    for (const char32_t codePoint : text.toUcs4()) {
        // -1: the locale does not know the character; one column is the best guess.
        const int columns = ::wcwidth(static_cast<wchar_t>(codePoint));
        width += columns < 0 ? 1 : columns;
    }
    return width;
}

} // namespace llmemory::app
