#include "core/extract/docx_text.h"

#include "core/extract/docx_styles.h"
#include "core/extract/ooxml.h"
#include "core/extract/text_builder.h"

#include <QXmlStreamReader>

#include <algorithm>
#include <utility>

namespace llmemory::extract {

namespace {

bool isOneOf(QStringView name, std::initializer_list<QLatin1String> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Elements whose whole content is not text of the document as it reads.
bool isLeftOut(QStringView name)
{
    return isOneOf(name,
                   {QLatin1String("Fallback"),
                    QLatin1String("del"),
                    QLatin1String("moveFrom"),
                    QLatin1String("delText"),
                    QLatin1String("instrText"),
                    QLatin1String("sectPr"),
                    QLatin1String("rPrChange"),
                    QLatin1String("pPrChange")});
}

QString markText(int mark)
{
    return QStringLiteral("[%1]").arg(mark);
}

} // namespace

/// One pass over one part.
class DocxPartReader
{
public:
    using Fault = DocxText::Fault;

    DocxPartReader(DocxText &text, const QByteArray &xml)
        : m_text(text), m_builder(text.m_builder), m_reader(xml)
    {
    }

    Fault read()
    {
        while (!m_reader.atEnd() && m_fault == Fault::None && !m_builder.isFull())
            handle(m_reader.readNext());
        if (m_fault == Fault::None && m_reader.hasError() && !m_builder.isFull())
            m_fault = Fault::Damaged;
        return m_fault;
    }

    /// Reads only notes that are referred to.
    void restrictToNotes(const QString &element) { m_noteElement = element; }

private:
    void handle(QXmlStreamReader::TokenType token)
    {
        switch (token) {
        case QXmlStreamReader::DTD:
            m_fault = Fault::Doctype;
            break;
        case QXmlStreamReader::StartElement:
            if (++m_depth > m_text.m_mostDepth)
                m_fault = Fault::Nesting;
            else
                start(m_reader.name());
            break;
        case QXmlStreamReader::EndElement:
            --m_depth;
            end(m_reader.name());
            break;
        case QXmlStreamReader::Characters:
            if (m_inText)
                appendText(m_reader.text());
            break;
        default:
            break;
        }
    }

    void skip()
    {
        m_reader.skipCurrentElement();
        --m_depth;
    }

    void start(QStringView name)
    {
        if (isLeftOut(name) || (name == m_noteElement && !beginNote()))
            skip();
        else if (name == QLatin1String("p"))
            beginParagraph();
        else if (name == QLatin1String("pPr"))
            m_inProperties = true;
        else if (m_inProperties)
            readProperty(name);
        else if (name == QLatin1String("t"))
            m_inText = true;
        else if (isOneOf(name, {QLatin1String("tr"), QLatin1String("tbl")}))
            separateTable(name);
        else if (name == QLatin1String("tc"))
            m_builder.beginCell();
        else
            appendSpecial(name);
    }

    void end(QStringView name)
    {
        if (name == QLatin1String("p"))
            endParagraph();
        else if (name == QLatin1String("pPr"))
            applyProperties();
        else if (name == QLatin1String("t"))
            m_inText = false;
        else if (name == QLatin1String("tc"))
            m_builder.endCell();
        else if (isOneOf(name, {QLatin1String("tr"), QLatin1String("tbl")}))
            separateTable(name);
    }

    void separateTable(QStringView name)
    {
        if (name == QLatin1String("tr"))
            m_builder.breakLine();
        else
            m_builder.breakParagraph();
    }

    void appendText(QStringView text)
    {
        separateParagraph();
        m_builder.appendFlow(text);
        if (m_inTitle)
            m_text.m_title += text;
    }

    void appendSpecial(QStringView name)
    {
        if (isOneOf(name, {QLatin1String("br"), QLatin1String("cr")}))
            m_builder.breakLine();
        else if (isOneOf(name, {QLatin1String("tab"), QLatin1String("ptab")}))
            appendText(u" ");
        else if (name == QLatin1String("noBreakHyphen"))
            appendText(u"-");
        else if (name == QLatin1String("footnoteReference"))
            appendMark(QStringLiteral("footnote"));
        else if (name == QLatin1String("endnoteReference"))
            appendMark(QStringLiteral("endnote"));
    }

    QString noteKey(const QString &element) const
    {
        return element + QLatin1Char(' ') + ooxml::attribute(m_reader, "id");
    }

    void appendMark(const QString &element)
    {
        const QString key = noteKey(element);
        if (!m_text.m_noteMarks.contains(key))
            m_text.m_noteMarks.insert(key, int(m_text.m_noteMarks.size()) + 1);
        m_builder.appendFlow(markText(m_text.m_noteMarks.value(key)));
    }

    bool beginNote()
    {
        const int mark = m_text.m_noteMarks.value(noteKey(m_noteElement));
        if (mark == 0)
            return false;
        m_builder.breakParagraph();
        m_builder.beginItem(markText(mark) + QLatin1Char(' '));
        return true;
    }

    void beginParagraph()
    {
        m_style.clear();
        m_ownLevel = -1;
        m_afterItem = std::exchange(m_isItem, false);
        m_separated = false;
    }

    /// Once it is known whether the paragraph is an item: those of one list stand in lines.
    void separateParagraph()
    {
        if (std::exchange(m_separated, true))
            return;
        if (m_isItem && m_afterItem)
            m_builder.breakLine();
        else
            m_builder.breakParagraph();
    }

    void readProperty(QStringView name)
    {
        if (name == QLatin1String("pStyle"))
            m_style = ooxml::attribute(m_reader, "val");
        else if (name == QLatin1String("outlineLvl"))
            m_ownLevel = ooxml::headingLevelOf(ooxml::attribute(m_reader, "val"));
        else if (name == QLatin1String("numPr"))
            m_isItem = true;
    }

    void applyProperties()
    {
        m_inProperties = false;
        separateParagraph();
        const int level = m_ownLevel >= 0 ? m_ownLevel : m_text.m_styles.headingLevel(m_style);
        if (level > 0) {
            m_builder.beginHeading(level);
            m_inHeading = true;
        } else if (m_isItem) {
            m_builder.beginItem(QStringLiteral("- "));
        }
        m_inTitle = m_text.m_title.isEmpty() && m_text.m_styles.isTitle(m_style);
    }

    void endParagraph()
    {
        if (m_inHeading)
            m_builder.endHeading();
        else if (m_isItem)
            m_builder.endItem();
        m_inHeading = false;
        m_inTitle = false;
        if (m_isItem)
            m_builder.breakLine();
        else
            m_builder.breakParagraph();
    }

    DocxText &m_text;
    TextBuilder &m_builder;
    QXmlStreamReader m_reader;
    Fault m_fault = Fault::None;
    QString m_noteElement;
    int m_depth = 0;
    bool m_inText = false;
    bool m_inProperties = false;
    bool m_inHeading = false;
    bool m_inTitle = false;
    bool m_isItem = false;
    bool m_afterItem = false;
    bool m_separated = false; ///< the break before this paragraph was asked for
    QString m_style;
    int m_ownLevel = -1; ///< -1 where the paragraph says nothing itself
};

DocxText::DocxText(TextBuilder &builder, const DocxStyles &styles, int mostDepth)
    : m_builder(builder), m_styles(styles), m_mostDepth(mostDepth)
{
}

DocxText::Fault DocxText::appendPart(const QByteArray &xml)
{
    m_builder.breakParagraph();
    return DocxPartReader(*this, xml).read();
}

DocxText::Fault DocxText::appendNotes(const QByteArray &xml, const QString &element)
{
    DocxPartReader reader(*this, xml);
    reader.restrictToNotes(element);
    return reader.read();
}

} // namespace llmemory::extract
