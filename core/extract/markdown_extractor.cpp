#include "core/extract/markdown_extractor.h"

#include "core/extract/html_text.h"
#include "core/extract/reason.h"
#include "core/extract/text_builder.h"
#include "core/extract/text_decoder.h"

#include <QRegularExpression>

#include <algorithm>
#include <md4c.h>

namespace llmemory::extract {

namespace {

/// Takes the parser's events and writes readable text.
class MarkdownText
{
public:
    MarkdownText(TextBuilder &builder, int htmlDepth) : m_builder(builder), m_htmlDepth(htmlDepth)
    {
    }

    void parse(const QByteArray &markdown)
    {
        MD_PARSER parser = {};
        parser.flags = MD_DIALECT_GITHUB;
        parser.enter_block = [](MD_BLOCKTYPE type, void *detail, void *self) {
            return of(self).enter(type, detail);
        };
        parser.leave_block = [](MD_BLOCKTYPE type, void *, void *self) {
            return of(self).leave(type);
        };
        parser.enter_span = [](MD_SPANTYPE, void *, void *) { return 0; };
        parser.leave_span = [](MD_SPANTYPE, void *, void *) { return 0; };
        parser.text = [](MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *self) {
            return of(self).append(type, QByteArray(text, qsizetype(size)));
        };
        md_parse(markdown.constData(), MD_SIZE(markdown.size()), &parser, this);
    }

private:
    static MarkdownText &of(void *self) { return *static_cast<MarkdownText *>(self); }
    /// What a callback returns: anything but 0 stops the parser.
    int goOn() const { return m_builder.isFull() ? 1 : 0; }

    int enter(MD_BLOCKTYPE type, void *detail)
    {
        switch (type) {
        case MD_BLOCK_H:
            m_builder.beginHeading(int(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level));
            break;
        case MD_BLOCK_UL:
            beginList(0);
            break;
        case MD_BLOCK_OL:
            beginList(qint64(static_cast<MD_BLOCK_OL_DETAIL *>(detail)->start) + 1);
            break;
        case MD_BLOCK_LI:
            m_builder.breakLine();
            m_builder.beginItem(nextMarker());
            break;
        case MD_BLOCK_THEAD:
        case MD_BLOCK_TBODY:
        case MD_BLOCK_TR:
            m_builder.breakLine();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            m_builder.beginCell();
            break;
        case MD_BLOCK_HTML:
            m_html.clear();
            break;
        case MD_BLOCK_CODE:
            m_inCode = true;
            m_builder.breakParagraph();
            break;
        default:
            m_builder.breakParagraph();
        }
        return goOn();
    }

    int leave(MD_BLOCKTYPE type)
    {
        switch (type) {
        case MD_BLOCK_H:
            m_builder.endHeading();
            break;
        case MD_BLOCK_UL:
        case MD_BLOCK_OL:
            endList();
            break;
        case MD_BLOCK_LI:
            m_builder.endItem();
            m_builder.breakLine();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            m_builder.endCell();
            break;
        case MD_BLOCK_HTML:
            appendHtml(m_builder, m_html, m_htmlDepth);
            break;
        case MD_BLOCK_CODE:
            m_inCode = false;
            m_builder.breakParagraph();
            break;
        case MD_BLOCK_TR:
        case MD_BLOCK_THEAD:
        case MD_BLOCK_TBODY:
            m_builder.breakLine();
            break;
        default:
            m_builder.breakParagraph();
        }
        return goOn();
    }

    int append(MD_TEXTTYPE type, const QByteArray &text)
    {
        switch (type) {
        case MD_TEXT_BR:
            m_builder.breakLine();
            break;
        case MD_TEXT_SOFTBR:
            m_builder.appendFlow(u"\n");
            break;
        case MD_TEXT_ENTITY:
            m_builder.appendFlow(decodedEntity(text));
            break;
        case MD_TEXT_HTML:
            // Of inline markup the parser reports the tags here and the text between them as text.
            m_html += text;
            break;
        case MD_TEXT_CODE:
            if (m_inCode)
                m_builder.appendVerbatim(QString::fromUtf8(text));
            else
                m_builder.appendFlow(QString::fromUtf8(text));
            break;
        default:
            m_builder.appendFlow(QString::fromUtf8(text));
        }
        return goOn();
    }

    /// @param next  as in m_lists
    void beginList(qint64 next)
    {
        separateList();
        m_lists.append(next);
    }

    void endList()
    {
        m_lists.removeLast();
        separateList();
    }

    void separateList()
    {
        if (m_lists.isEmpty())
            m_builder.breakParagraph();
        else
            m_builder.breakLine();
    }

    QString nextMarker()
    {
        static constexpr qsizetype kMostIndent = 16;
        const QString indent(std::min(2 * (m_lists.size() - 1), kMostIndent), QLatin1Char(' '));
        qint64 &next = m_lists.last();
        if (next == 0)
            return indent + QStringLiteral("- ");
        return indent + QString::number(next++ - 1) + QStringLiteral(". ");
    }

    TextBuilder &m_builder;
    int m_htmlDepth;
    /// The lists around the current place: 0 for bullets, else one more than the next number.
    QList<qint64> m_lists;
    QByteArray m_html;
    bool m_inCode = false;
};

/// YAML between "---" lines at the start of many notes: facts about the document, not text.
struct FrontMatter
{
    qsizetype length = 0;
    QString title;
    QString author;
    QString date;
};

FrontMatter frontMatterOf(const QString &text)
{
    static const QRegularExpression block(
        QStringLiteral(
            "\\A---[ \\t]*\\r?\\n(.{0,20000}?)\\r?\\n(?:---|\\.\\.\\.)[ \\t]*(?:\\r?\\n|\\z)"),
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression entry(
        QStringLiteral("^(title|author|date)[ \\t]*:[ \\t]*([\"']?)(.*?)\\2[ \\t\\r]*$"),
        QRegularExpression::MultilineOption);
    FrontMatter found;
    const auto match = block.match(text);
    if (!match.hasMatch())
        return found;
    found.length = match.capturedLength();
    for (auto entries = entry.globalMatch(match.captured(1)); entries.hasNext();) {
        const auto fact = entries.next();
        const QString name = fact.captured(1);
        const QString value = fact.captured(3);
        if (name == QLatin1String("title"))
            found.title = value;
        else if (name == QLatin1String("author"))
            found.author = value;
        else
            found.date = value;
    }
    return found;
}

QString firstTopHeading(const TextStructure &structure)
{
    const auto found = std::find_if(structure.headings.begin(),
                                    structure.headings.end(),
                                    [](const Heading &heading) { return heading.level == 1; });
    return found == structure.headings.end() ? QString() : found->title;
}

} // namespace

Extraction MarkdownExtractor::extract(const QByteArray &content,
                                      const ExtractionLimits &limits) const
{
    Extraction extraction;
    const auto decoded = decodeText(content);
    if (!decoded) {
        extraction.outcome = Outcome::Unsupported;
        extraction.reason = QLatin1String(reason::kBinary);
        return extraction;
    }
    const FrontMatter facts = frontMatterOf(decoded->text);
    TextBuilder builder(limits, content.size());
    MarkdownText(builder, limits.markupDepth)
        .parse(QStringView(decoded->text).sliced(facts.length).toUtf8());

    extraction = builder.finish(DocumentType::Markdown);
    extraction.title = facts.title.isEmpty() ? firstTopHeading(extraction.structure) : facts.title;
    if (!facts.author.isEmpty())
        extraction.metadata["author"] = toJson(facts.author);
    if (!facts.date.isEmpty())
        extraction.metadata["created"] = toJson(facts.date);
    extraction.metadata["encoding"] = toJson(decoded->encoding);
    return extraction;
}

} // namespace llmemory::extract
