#include "core/extract/html_text.h"

#include "core/base/text.h"
#include "core/extract/html_nesting.h"
#include "core/extract/text_builder.h"

#include <algorithm>
#include <gumbo.h>
#include <initializer_list>
#include <memory>
#include <new>
#include <vector>

namespace llmemory::extract {

namespace {

/// The longest description kept.
constexpr qsizetype kFactLength = 1000;

/// Through operator new, so that exhausted memory ends the way the rest of the program expects;
/// gumbo itself would write through the null pointer.
GumboOptions parserOptions()
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = [](void *, size_t size) -> void * { return ::operator new(size); };
    options.deallocator = [](void *, void *block) { ::operator delete(block); };
    options.max_errors = 0;
    return options;
}

bool isOneOf(GumboTag tag, std::initializer_list<GumboTag> tags)
{
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool isLeftOut(GumboTag tag)
{
    return isOneOf(tag,
                   {GUMBO_TAG_SCRIPT,
                    GUMBO_TAG_STYLE,
                    GUMBO_TAG_TEMPLATE,
                    GUMBO_TAG_NAV,
                    GUMBO_TAG_HEAD,
                    GUMBO_TAG_IFRAME,
                    GUMBO_TAG_OBJECT,
                    GUMBO_TAG_SVG,
                    GUMBO_TAG_BUTTON,
                    GUMBO_TAG_SELECT,
                    GUMBO_TAG_TEXTAREA,
                    GUMBO_TAG_NOFRAMES,
                    GUMBO_TAG_TITLE,
                    GUMBO_TAG_CANVAS,
                    GUMBO_TAG_AUDIO,
                    GUMBO_TAG_VIDEO});
}

bool isParagraph(GumboTag tag)
{
    return isOneOf(tag,
                   {GUMBO_TAG_P,
                    GUMBO_TAG_UL,
                    GUMBO_TAG_OL,
                    GUMBO_TAG_DL,
                    GUMBO_TAG_TABLE,
                    GUMBO_TAG_PRE,
                    GUMBO_TAG_BLOCKQUOTE,
                    GUMBO_TAG_SECTION,
                    GUMBO_TAG_ARTICLE,
                    GUMBO_TAG_ASIDE,
                    GUMBO_TAG_HEADER,
                    GUMBO_TAG_FOOTER,
                    GUMBO_TAG_MAIN,
                    GUMBO_TAG_FIGURE,
                    GUMBO_TAG_HR,
                    GUMBO_TAG_DETAILS,
                    GUMBO_TAG_FORM,
                    GUMBO_TAG_FIELDSET,
                    GUMBO_TAG_BODY});
}

bool isLine(GumboTag tag)
{
    return isOneOf(tag,
                   {GUMBO_TAG_DIV,
                    GUMBO_TAG_LI,
                    GUMBO_TAG_TR,
                    GUMBO_TAG_DT,
                    GUMBO_TAG_DD,
                    GUMBO_TAG_CAPTION,
                    GUMBO_TAG_FIGCAPTION,
                    GUMBO_TAG_ADDRESS,
                    GUMBO_TAG_CENTER,
                    GUMBO_TAG_SUMMARY,
                    GUMBO_TAG_LEGEND});
}

bool isCell(GumboTag tag)
{
    return tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
}

bool isList(GumboTag tag)
{
    return tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL;
}

QString itemMarker(int listDepth)
{
    static constexpr int kMostIndent = 16;
    return QString(std::clamp(2 * (listDepth - 1), 0, kMostIndent), QLatin1Char(' ')) +
           QStringLiteral("- ");
}

int headingLevel(GumboTag tag)
{
    return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6 ? tag - GUMBO_TAG_H1 + 1 : 0;
}

QString attribute(const GumboElement &element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? QString() : QString::fromUtf8(found->value);
}

const GumboNode *child(const GumboVector &children, unsigned index)
{
    return static_cast<const GumboNode *>(children.data[index]);
}

bool isElement(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

bool isHidden(const GumboElement &element)
{
    return gumbo_get_attribute(&element.attributes, "hidden") != nullptr ||
           attribute(element, "aria-hidden") == QLatin1String("true") ||
           attribute(element, "style")
               .remove(QLatin1Char(' '))
               .contains(QLatin1String("display:none"));
}

/// A cell that holds whole blocks belongs to a table that lays out a page, not to one of data.
bool holdsBlocks(const GumboElement &cell)
{
    int paragraphs = 0;
    for (unsigned i = 0; i < cell.children.length; ++i) {
        const GumboNode *node = child(cell.children, i);
        if (!isElement(node))
            continue;
        const GumboTag tag = node->v.element.tag;
        if (tag == GUMBO_TAG_TABLE || headingLevel(tag) > 0)
            return true;
        paragraphs += tag == GUMBO_TAG_P || tag == GUMBO_TAG_DIV ? 1 : 0;
    }
    return paragraphs > 1;
}

bool isDataRow(const GumboElement &row)
{
    for (unsigned i = 0; i < row.children.length; ++i) {
        const GumboNode *node = child(row.children, i);
        if (isElement(node) && holdsBlocks(node->v.element))
            return false;
    }
    return true;
}

/// Walks the tree with a stack of its own, so that depth costs memory and not the program's stack.
class TextWalker
{
public:
    explicit TextWalker(TextBuilder &builder) : m_builder(builder) {}

    void walk(const GumboNode *root)
    {
        if (!enter(root))
            return;
        while (!m_open.empty() && !m_builder.isFull()) {
            Visit &visit = m_open.back();
            const GumboVector &children = visit.node->v.element.children;
            if (visit.next < children.length) {
                const unsigned index = visit.next++;
                enter(child(children, index));
            } else {
                leave(visit);
                m_open.pop_back();
            }
        }
    }

private:
    struct Visit
    {
        const GumboNode *node;
        unsigned next = 0;
        bool dataCell = false; ///< beginCell() was called for it
        bool dataRow = false;  ///< its cells stand in one line
    };

    /// True when it has children to visit.
    bool enter(const GumboNode *node)
    {
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
            node->type == GUMBO_NODE_CDATA) {
            appendText(QString::fromUtf8(node->v.text.text));
            return false;
        }
        if (!isElement(node) || isLeftOut(node->v.element.tag) || isHidden(node->v.element))
            return false;
        const GumboTag tag = node->v.element.tag;
        const bool dataCell = isCell(tag) && !m_open.empty() && m_open.back().dataRow;
        begin(node->v.element, dataCell);
        m_open.push_back({.node = node,
                          .dataCell = dataCell,
                          .dataRow = tag == GUMBO_TAG_TR && isDataRow(node->v.element)});
        return true;
    }

    void appendText(const QString &text)
    {
        if (m_preDepth > 0)
            m_builder.appendVerbatim(text);
        else
            m_builder.appendFlow(text);
    }

    void begin(const GumboElement &element, bool dataCell)
    {
        m_listDepth += isList(element.tag) ? 1 : 0;
        if (const int level = headingLevel(element.tag); level > 0)
            m_builder.beginHeading(level);
        else if (dataCell)
            m_builder.beginCell();
        else
            separate(element.tag);

        if (element.tag == GUMBO_TAG_PRE)
            ++m_preDepth;
        else if (element.tag == GUMBO_TAG_LI)
            m_builder.beginItem(itemMarker(m_listDepth));
        else if (element.tag == GUMBO_TAG_IMG)
            appendAlternative(element);
    }

    void appendAlternative(const GumboElement &image)
    {
        if (const QString text = attribute(image, "alt"); !text.trimmed().isEmpty())
            m_builder.appendFlow(text);
    }

    void leave(const Visit &visit)
    {
        const GumboTag tag = visit.node->v.element.tag;
        m_preDepth -= tag == GUMBO_TAG_PRE ? 1 : 0;
        if (tag == GUMBO_TAG_LI)
            m_builder.endItem();
        if (headingLevel(tag) > 0)
            m_builder.endHeading();
        else if (visit.dataCell)
            m_builder.endCell();
        else if (tag != GUMBO_TAG_BR)
            separate(tag);
        m_listDepth -= isList(tag) ? 1 : 0;
    }

    void separate(GumboTag tag)
    {
        // Lists stay together: neither paragraphs in items nor inner lists are set apart.
        const bool inList =
            (isList(tag) && m_listDepth > 1) || (tag == GUMBO_TAG_P && m_listDepth > 0);
        if (inList || isLine(tag) || tag == GUMBO_TAG_BR)
            m_builder.breakLine();
        else if (isParagraph(tag) || isCell(tag))
            m_builder.breakParagraph();
    }

    TextBuilder &m_builder;
    std::vector<Visit> m_open;
    int m_preDepth = 0;
    int m_listDepth = 0;
};

QString textOf(const GumboElement &element)
{
    QString text;
    for (unsigned i = 0; i < element.children.length; ++i) {
        const GumboNode *node = child(element.children, i);
        if (node->type == GUMBO_NODE_TEXT)
            text += QString::fromUtf8(node->v.text.text);
    }
    return text;
}

void readMeta(const GumboElement &meta, Json &metadata)
{
    const QString name = attribute(meta, "name").toLower();
    const QString content = elided(attribute(meta, "content").simplified(), kFactLength);
    if (content.isEmpty())
        return;
    if (name == QLatin1String("author") || name == QLatin1String("description"))
        metadata[name.toStdString()] = toJson(content);
    else if (name == QLatin1String("date") || name == QLatin1String("dcterms.created"))
        metadata["created"] = toJson(content);
}

HtmlFacts factsOf(const GumboNode *root)
{
    HtmlFacts facts;
    if (const QString language = attribute(root->v.element, "lang"); !language.isEmpty())
        facts.metadata["language"] = toJson(language);
    const GumboVector &parts = root->v.element.children;
    for (unsigned i = 0; i < parts.length; ++i) {
        const GumboNode *part = child(parts, i);
        if (!isElement(part) || part->v.element.tag != GUMBO_TAG_HEAD)
            continue;
        const GumboVector &entries = part->v.element.children;
        for (unsigned j = 0; j < entries.length; ++j) {
            const GumboNode *entry = child(entries, j);
            if (!isElement(entry))
                continue;
            if (entry->v.element.tag == GUMBO_TAG_TITLE && facts.title.isEmpty())
                facts.title = textOf(entry->v.element).simplified();
            else if (entry->v.element.tag == GUMBO_TAG_META)
                readMeta(entry->v.element, facts.metadata);
        }
    }
    return facts;
}

/// A parsed document; the markup must outlive it.
class ParsedHtml
{
public:
    explicit ParsedHtml(const QByteArray &html)
        : m_options(parserOptions())
        , m_output(gumbo_parse_with_options(&m_options, html.constData(), size_t(html.size())))
    {
    }
    ParsedHtml(const ParsedHtml &) = delete;
    ParsedHtml &operator=(const ParsedHtml &) = delete;
    ~ParsedHtml() { gumbo_destroy_output(&m_options, m_output); }
    const GumboNode *root() const { return m_output->root; }

private:
    GumboOptions m_options;
    GumboOutput *m_output;
};

} // namespace

HtmlFacts appendHtml(TextBuilder &builder, const QByteArray &html, int mostDepth)
{
    const QByteArray bounded = withBoundedNesting(html, mostDepth);
    const ParsedHtml parsed(bounded);
    TextWalker(builder).walk(parsed.root());
    return factsOf(parsed.root());
}

QString decodedEntity(const QByteArray &entity)
{
    const ParsedHtml parsed(entity);
    const GumboVector &parts = parsed.root()->v.element.children;
    QString text;
    for (unsigned i = 0; i < parts.length; ++i) {
        if (isElement(child(parts, i)))
            text += textOf(child(parts, i)->v.element);
    }
    return text;
}

} // namespace llmemory::extract
