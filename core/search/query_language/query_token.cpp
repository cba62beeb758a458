#include "core/search/query_language/query_token.h"

#include "core/search/query_language/query_values.h"

#include <QStringList>

namespace llmemory::search {

namespace {

struct Quotes
{
    char16_t open;
    const char16_t *close; ///< any of them ends it
    bool insideWords;      ///< opens also right after other characters
};

// Curly quotes that one language opens with close in another: those open at the beginning of a
// word only.
constexpr Quotes kQuotes[] = {
    {u'"', u"\"\u201d\u201c", true},
    {u'\u201c', u"\u201d\u201c\"", false},
    {u'\u201d', u"\u201d\"", false},
    {u'\u201e', u"\u201c\u201d\"", true},
    {u'\u00ab', u"\u00bb", true},
    {u'\u00bb', u"\u00ab", false},
    {u'\u300c', u"\u300d", true},
    {u'\u300e', u"\u300f", true},
    {u'\uff02', u"\uff02", true},
};

const Quotes *quotesAt(QStringView text, qsizetype at)
{
    for (const Quotes &quotes : kQuotes) {
        if (at < text.size() && text.at(at) == QChar(quotes.open))
            return &quotes;
    }
    return nullptr;
}

bool isOfWords(QChar c)
{
    return c.isLetterOrNumber() || c.isSurrogate();
}

class Tokenizer
{
public:
    explicit Tokenizer(const QString &text) : m_text(text) {}

    QList<QueryToken> run()
    {
        QList<QueryToken> tokens;
        while (skipSpace())
            tokens.append(next());
        return tokens;
    }

private:
    bool skipSpace()
    {
        while (m_at < m_text.size() && m_text.at(m_at).isSpace())
            ++m_at;
        return m_at < m_text.size();
    }

    QueryToken next()
    {
        QueryToken token;
        token.start = m_at;
        readSign(token);
        if (!readField(token))
            readComparison(token);
        readValue(token);
        token.length = m_at - token.start;
        return token;
    }

    void readSign(QueryToken &token)
    {
        const QChar c = m_text.at(m_at);
        const bool isSign = c == QLatin1Char('+') || c == QLatin1Char('-');
        const bool hasOperand =
            m_at + 1 < m_text.size() &&
            (isOfWords(m_text.at(m_at + 1)) || m_text.at(m_at + 1) == QLatin1Char('_') ||
             quotesAt(m_text, m_at + 1));
        if (!isSign || !hasOperand)
            return;
        token.sign = c == QLatin1Char('+') ? QueryPart::Sign::Required : QueryPart::Sign::Excluded;
        ++m_at;
    }

    bool readField(QueryToken &token)
    {
        for (const QString &name : queryFieldNames()) {
            const QStringView rest = QStringView(m_text).mid(m_at);
            const bool named = rest.startsWith(name, Qt::CaseInsensitive) &&
                               rest.size() > name.size() &&
                               rest.at(name.size()) == QLatin1Char(':');
            const bool isScope =
                rest.size() > name.size() + 1 && rest.at(name.size() + 1) == QLatin1Char(':');
            if (!named || isScope)
                continue;
            token.field = name;
            m_at += name.size() + 1;
            return true;
        }
        return false;
    }

    void readComparison(QueryToken &token)
    {
        const QStringView rest = QStringView(m_text).mid(m_at);
        const qsizetype place = operatorPlace(rest);
        if (place < 0)
            return;
        qsizetype end = place;
        while (end < rest.size() && QStringView(u"=!<>").contains(rest.at(end)))
            ++end;
        const QStringView sign = rest.mid(place, end - place);
        const bool known =
            sign.size() == 1 ||
            (sign.size() == 2 && sign.at(1) == QLatin1Char('=') && sign.at(0) != QLatin1Char('='));
        const bool hasValue = end < rest.size() && !rest.at(end).isSpace();
        const QString value = bareValue(end);
        // "vector<int>" is a word, "a<5" a comparison.
        const bool angled = sign.size() == 1 && sign.at(0) != QLatin1Char('=');
        const bool comparable =
            isNumber(value) || isoDays(value) || quotesAt(m_text, m_at + end) != nullptr;
        if (!known || !hasValue || (angled && !comparable))
            return;
        token.comparison = rest.left(end).toString();
        m_at += end;
    }

    /// The characters from m_at + @p offset up to white space.
    QString bareValue(qsizetype offset) const
    {
        qsizetype end = m_at + offset;
        while (end < m_text.size() && !m_text.at(end).isSpace())
            ++end;
        return m_text.mid(m_at + offset, end - m_at - offset);
    }

    void readValue(QueryToken &token)
    {
        if (const Quotes *quotes = quotesAt(m_text, m_at)) {
            token.quoted = true;
            token.valueStart = ++m_at;
            const QStringView close(quotes->close);
            while (m_at < m_text.size() && !close.contains(m_text.at(m_at)))
                ++m_at;
            token.value = m_text.mid(token.valueStart, m_at - token.valueStart);
            if (m_at < m_text.size())
                ++m_at;
            return;
        }
        token.valueStart = m_at;
        while (m_at < m_text.size() && !m_text.at(m_at).isSpace()) {
            const Quotes *quotes = quotesAt(m_text, m_at);
            if (quotes && quotes->insideWords)
                break;
            ++m_at;
        }
        token.value = m_text.mid(token.valueStart, m_at - token.valueStart);
    }

    const QString &m_text;
    qsizetype m_at = 0;
};

} // namespace

const QStringList &queryFieldNames()
{
    static const QStringList names{QStringLiteral("type"),
                                   QStringLiteral("name"),
                                   QStringLiteral("path"),
                                   QStringLiteral("lang"),
                                   QStringLiteral("tag"),
                                   QStringLiteral("page"),
                                   QStringLiteral("before"),
                                   QStringLiteral("after"),
                                   QStringLiteral("date")};
    return names;
}

QList<QueryToken> queryTokens(const QString &text)
{
    return Tokenizer(text).run();
}

} // namespace llmemory::search
