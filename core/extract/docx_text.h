#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace llmemory::extract {

class DocxStyles;
class TextBuilder;

/// Writes the text of the parts of a Word document: paragraphs, headings, list items, rows of
/// tables as lines of cells, marks of footnotes. Left out: deleted text, field codes, second
/// renderings of drawings.
class DocxText
{
public:
    enum class Fault {
        None,
        Damaged, ///< not well-formed
        Doctype, ///< a DOCTYPE, which the standard forbids
        Nesting, ///< elements nested too deep
    };

    DocxText(TextBuilder &builder, const DocxStyles &styles, int mostDepth);

    /// The body, a header, or a footer.
    Fault appendPart(const QByteArray &xml);
    /// word/footnotes.xml or endnotes.xml: the notes that the text refers to, in its order, each
    /// with its mark.
    /// @param element  "footnote" or "endnote"
    Fault appendNotes(const QByteArray &xml, const QString &element);
    /// Text of the first paragraph in the title's style; empty where there is none.
    const QString &title() const { return m_title; }

private:
    friend class DocxPartReader;

    TextBuilder &m_builder;
    const DocxStyles &m_styles;
    int m_mostDepth;
    /// Mark by "footnote 3"; marks count through the document from 1.
    QHash<QString, int> m_noteMarks;
    QString m_title;
};

} // namespace llmemory::extract
