#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::app {

/// Rows of text in aligned columns, two spaces between them. A value.
class TextTable
{
public:
    enum class Align { Left, Right };

    /// @param header  empty texts = no header line
    explicit TextTable(const QStringList &header, const QList<Align> &alignments = {});

    /// As many cells as the header has; cells are made printable.
    void add(const QStringList &cells);
    bool isEmpty() const { return m_rows.isEmpty(); }
    bool hasHeader() const;
    /// The header (unless all of it is empty) and the rows; no spaces at the ends of lines.
    QStringList lines() const;

private:
    QString line(const QStringList &cells, const QList<int> &widths) const;

    QStringList m_header;
    QList<Align> m_alignments;
    QList<QStringList> m_rows;
};

/// Columns that @p text takes on a terminal: wide characters count 2, combining ones 0.
int displayWidth(const QString &text);

} // namespace llmemory::app
