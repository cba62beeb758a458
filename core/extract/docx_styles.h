#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace llmemory::extract {

/// What the paragraph styles of a Word document mean for its structure.
class DocxStyles
{
public:
    DocxStyles() = default;
    /// @param xml  word/styles.xml; what cannot be read counts as plain paragraphs
    explicit DocxStyles(const QByteArray &xml);

    /// 1-9 for headings, 0 for other paragraphs; follows the styles it is based on.
    int headingLevel(const QString &styleId) const;
    /// The style of the document's title.
    bool isTitle(const QString &styleId) const { return m_titles.contains(styleId); }

private:
    struct Style
    {
        int level = 0;
        QString basedOn;
    };
    QHash<QString, Style> m_styles;
    QStringList m_titles;
};

} // namespace llmemory::extract
