#include "core/extract/pdf_outline.h"

#include "core/base/text.h"
#include "core/extract/pdf_string.h"

#include <QPdfBookmarkModel>
#include <QPdfDocument>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::extract {

namespace {

using Role = QPdfBookmarkModel::Role;

constexpr int kDeepestHeading = 9;

/// Where the words of @p title stand between two places of the text, whatever white space is
/// between them.
qsizetype placeOf(const QString &title, const QString &text, qsizetype from, qsizetype to)
{
    QStringList words = title.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (QString &word : words)
        word = QRegularExpression::escape(word);
    const QRegularExpression pattern(words.join(QStringLiteral("\\s+")),
                                     QRegularExpression::CaseInsensitiveOption);
    const auto match = pattern.match(QStringView(text).sliced(from, to - from));
    return match.hasMatch() ? from + match.capturedStart() : -1;
}

/// Walks the tree of bookmarks in reading order.
class OutlineReader
{
public:
    OutlineReader(const QPdfBookmarkModel &model,
                  const Extraction &extraction,
                  const ExtractionLimits &limits)
        : m_model(model), m_extraction(extraction), m_limits(limits)
    {
    }

    QList<Heading> read()
    {
        readLevel({}, 1);
        return std::move(m_headings);
    }

private:
    /// The model's own reading of the file bounds the depth; deeper levels than a heading has are
    /// not visited.
    void readLevel(const QModelIndex &parent, int level)
    {
        const int rows = m_model.rowCount(parent);
        for (int row = 0; row < rows && m_headings.size() < m_limits.headings; ++row) {
            const QModelIndex index = m_model.index(row, 0, parent);
            add(index, level);
            if (level < kDeepestHeading)
                readLevel(index, level + 1);
        }
    }

    void add(const QModelIndex &index, int level)
    {
        const QList<qsizetype> &pages = m_extraction.structure.pageStarts;
        const int page = index.data(int(Role::Page)).toInt();
        const QString title =
            elided(scrubbed(pdfString(index.data(int(Role::Title)).toString())).simplified(),
                   m_limits.headingLength);
        if (title.isEmpty() || page < 0 || page >= pages.size())
            return;
        const qsizetype pageEnd =
            page + 1 < pages.size() ? pages[page + 1] : m_extraction.text.size();
        const qsizetype last = m_headings.isEmpty() ? 0 : m_headings.last().charStart;
        if (last > pageEnd)
            return;
        // After the heading before it, so that two of the same name on a page find both places.
        const qsizetype from = std::max(pages[page], m_headings.isEmpty() ? 0 : last + 1);
        const qsizetype found =
            from < pageEnd ? placeOf(title, m_extraction.text, from, pageEnd) : -1;
        const qsizetype start = found >= 0 ? found : std::max(pages[page], last);
        m_headings.append({.level = level, .charStart = start, .title = title});
    }

    const QPdfBookmarkModel &m_model;
    const Extraction &m_extraction;
    const ExtractionLimits &m_limits;
    QList<Heading> m_headings;
};

} // namespace

QList<Heading> outlineOf(QPdfDocument &document,
                         const Extraction &extraction,
                         const ExtractionLimits &limits)
{
    QPdfBookmarkModel model;
    model.setDocument(&document);
    return OutlineReader(model, extraction, limits).read();
}

} // namespace llmemory::extract
