#include "core/extract/html_nesting.h"

#include <QByteArrayView>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace llmemory::extract {

namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Elements without content, and those that the next of their kind closes: they do not nest by
/// themselves.
const QSet<QByteArray> &nonNesting()
{
    static const QSet<QByteArray> names = [] {
        const QList<QByteArray> list =
            QByteArrayLiteral(
                "area base br col embed hr img input link meta param source track wbr html head "
                "body p li "
                "dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp")
                .split(' ');
        return QSet<QByteArray>(list.begin(), list.end());
    }();
    return names;
}

bool isRawText(const QByteArray &name)
{
    return name == "script" || name == "style";
}

bool isForeign(const QByteArray &name)
{
    return name == "svg" || name == "math";
}

/// One pass over the markup, copying what may stay.
class NestingFilter
{
public:
    NestingFilter(const QByteArray &html, int mostDepth) : m_html(html), m_mostDepth(mostDepth)
    {
        m_out.reserve(html.size());
    }

    QByteArray run()
    {
        while (m_at < m_html.size()) {
            const qsizetype open = m_html.indexOf('<', m_at);
            copyTo(open < 0 ? m_html.size() : open);
            if (open >= 0)
                handleMarkup();
        }
        return std::move(m_out);
    }

private:
    char charAt(qsizetype position) const
    {
        return position < m_html.size() ? m_html.at(position) : '\0';
    }

    void copyTo(qsizetype end)
    {
        m_out.append(m_html.constData() + m_at, end - m_at);
        m_at = end;
    }

    void handleMarkup()
    {
        if (QByteArrayView(m_html).sliced(m_at).startsWith("<!--"))
            skipComment();
        else if (charAt(m_at + 1) == '/' && isLetter(charAt(m_at + 2)))
            handleEndTag();
        else if (isLetter(charAt(m_at + 1)))
            handleStartTag();
        else
            copyTo(m_at + 1);
    }

    void skipComment()
    {
        const qsizetype end = m_html.indexOf("-->", m_at + 2);
        m_at = end < 0 ? m_html.size() : end + 3;
    }

    QByteArray nameAt(qsizetype position) const
    {
        qsizetype end = position;
        while (end < m_html.size() && !QByteArrayView(" \t\r\n\f/>").contains(m_html.at(end)))
            ++end;
        return m_html.mid(position, end - position).toLower();
    }

    /// Past the ">" of the tag at the current place, respecting quoted attribute values.
    qsizetype tagEnd() const
    {
        char quote = '\0';
        for (qsizetype i = m_at; i < m_html.size(); ++i) {
            const char c = m_html.at(i);
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if ((c == '"' || c == '\'') && m_html.at(i - 1) == '=') {
                quote = c;
            } else if (c == '>') {
                return i + 1;
            }
        }
        return m_html.size();
    }

    void skipRawText(const QByteArray &name)
    {
        const QByteArray closing = QByteArrayLiteral("</") + name;
        qsizetype at = m_at;
        while ((at = m_html.indexOf("</", at)) >= 0) {
            if (m_html.mid(at, closing.size()).toLower() == closing)
                break;
            ++at;
        }
        m_at = at < 0 ? m_html.size() : at;
        m_at = at < 0 ? m_at : tagEnd();
    }

    bool nests(const QByteArray &name, qsizetype end) const
    {
        // Inside drawings and formulas every element nests, unless it closes itself.
        if (m_foreignDepth > 0)
            return m_html.at(end - 2) != '/';
        return !nonNesting().contains(name);
    }

    void handleStartTag()
    {
        const QByteArray name = nameAt(m_at + 1);
        const qsizetype end = tagEnd();
        if (isRawText(name)) {
            m_at = end;
            skipRawText(name);
            return;
        }
        if (nests(name, end)) {
            if (m_depth >= m_mostDepth) {
                ++m_dropped[name];
                m_at = end;
                return;
            }
            ++m_depth;
            ++m_open[name];
            m_foreignDepth += isForeign(name) ? 1 : 0;
        }
        copyTo(end);
    }

    void handleEndTag()
    {
        const QByteArray name = nameAt(m_at + 2);
        const qsizetype end = tagEnd();
        if (const auto dropped = m_dropped.find(name); dropped != m_dropped.end() && *dropped > 0) {
            --*dropped;
            m_at = end;
            return;
        }
        if (const auto open = m_open.find(name); open != m_open.end() && *open > 0) {
            --*open;
            --m_depth;
            m_foreignDepth -= isForeign(name) ? 1 : 0;
        }
        copyTo(end);
    }

    const QByteArray &m_html;
    int m_mostDepth;
    qsizetype m_at = 0;
    QByteArray m_out;
    QHash<QByteArray, int> m_open;
    QHash<QByteArray, int> m_dropped;
    int m_depth = 0;
    int m_foreignDepth = 0;
};

} // namespace

QByteArray withBoundedNesting(const QByteArray &html, int mostDepth)
{
    return NestingFilter(html, mostDepth).run();
}

} // namespace llmemory::extract
