#include "core/chunk/locator_index.h"

#include <algorithm>

namespace llmemory::chunk {

LocatorIndex::LocatorIndex(QStringView text, const TextStructure &structure)
    : m_pageStarts(structure.pageStarts)
{
    for (qsizetype i = text.indexOf(u'\n'); i >= 0; i = text.indexOf(u'\n', i + 1))
        m_lineStarts.push_back(qint32(i + 1));

    m_headings.reserve(size_t(structure.headings.size()));
    for (const Heading &heading : structure.headings) {
        qsizetype parent = qsizetype(m_headings.size()) - 1;
        while (parent >= 0 && m_headings[size_t(parent)].heading.level >= heading.level)
            parent = m_headings[size_t(parent)].parent;
        m_headings.push_back({heading, parent});
    }
}

Locator LocatorIndex::at(qsizetype charStart, qsizetype charEnd) const
{
    return {.page = pageAt(charStart),
            .lineStart = lineAt(charStart),
            .lineEnd = lineAt(std::max(charStart, charEnd - 1)),
            .charStart = charStart,
            .charEnd = charEnd,
            .headingPath = headingPathAt(charStart)};
}

int LocatorIndex::pageAt(qsizetype offset) const
{
    if (m_pageStarts.isEmpty())
        return 0;
    const auto after = std::upper_bound(m_pageStarts.begin(), m_pageStarts.end(), offset);
    return std::max(1, int(after - m_pageStarts.begin()));
}

int LocatorIndex::lineAt(qsizetype offset) const
{
    const auto after = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset);
    return int(after - m_lineStarts.begin()) + 1;
}

QStringList LocatorIndex::headingPathAt(qsizetype offset) const
{
    const auto after = std::upper_bound(
        m_headings.begin(), m_headings.end(), offset, [](qsizetype o, const Entry &e) {
            return o < e.heading.charStart;
        });
    QStringList path;
    for (qsizetype i = after - m_headings.begin() - 1; i >= 0; i = m_headings[size_t(i)].parent)
        path.prepend(m_headings[size_t(i)].heading.title);
    return path;
}

} // namespace llmemory::chunk
