#include "core/search/text_query.h"

#include "core/language/word_segmenter.h"
#include "core/search/query_language/query_parser.h"
#include "core/search/query_language/query_token.h"
#include "core/textindex/spelling.h"

#include <algorithm>

namespace llmemory::search {

namespace {

using Kind = QueryPart::Kind;
using Sign = QueryPart::Sign;

bool hasLetterOrDigit(const QString &text)
{
    return std::any_of(
        text.begin(), text.end(), [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); });
}

/// "OR" and "-" would be operators of websearch_to_tsquery: quoting makes them words.
QString asOperand(QString text)
{
    text.remove(QLatin1Char('"'));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

QString phraseOf(const QString &text)
{
    return asOperand(language::segmentedWords(text));
}

/// A word as it is, or the words of a script without spaces.
QStringList wordsOf(const QString &text)
{
    if (!language::needsSegmentation(text))
        return {text};
    QStringList words = language::segmentedWords(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    words.removeIf([](const QString &word) { return !hasLetterOrDigit(word); });
    return words;
}

/// The part before the last word, of a script without spaces, and that word.
TextCondition prefixCondition(const QString &text)
{
    const QString segmented = language::segmentedWords(text).trimmed();
    const qsizetype space = segmented.lastIndexOf(QLatin1Char(' '));
    if (space < 0)
        return {.words = {}, .prefix = segmented};
    return {.words = asOperand(segmented.left(space)), .prefix = segmented.mid(space + 1)};
}

class Collector
{
public:
    /// @param isShort  whether it is a query, not a text.
    explicit Collector(bool isShort) : m_isShort(isShort) {}

    void add(const QueryPart &part)
    {
        switch (part.kind) {
        case Kind::Word:
            if (hasLetterOrDigit(part.value))
                addWord(part);
            break;
        case Kind::Phrase:
            addPhrase(part);
            break;
        case Kind::Prefix:
            conditionsFor(part).append(prefixCondition(part.value));
            break;
        case Kind::Near:
            addNear(part);
            break;
        default:
            break; // fields are no words
        }
    }

    TextQuery finish()
    {
        m_query.any = m_any.join(QLatin1String(" OR "));
        m_query.none = m_none.join(QLatin1String(" OR "));
        return std::move(m_query);
    }

private:
    QList<TextCondition> &conditionsFor(const QueryPart &part)
    {
        return part.sign == Sign::Excluded ? m_query.mustNot : m_query.must;
    }

    void addAlternative(const QString &word)
    {
        m_any << phraseOf(word);
        m_query.words << word;
    }

    void addWord(const QueryPart &part)
    {
        const QStringList words = wordsOf(part.value);
        for (const QString &word : words) {
            if (part.sign == Sign::Excluded)
                m_none << phraseOf(word);
            else
                addAlternative(word);
        }
        const QString word = withoutSigns(part.value);
        if (m_isShort && part.sign != Sign::Excluded && !m_query.correctable.contains(word) &&
            textindex::isCorrectable(word))
            m_query.correctable << word;
        if (part.sign == Sign::Required)
            m_query.must.append({.words = phraseOf(part.value)});
    }

    void addPhrase(const QueryPart &part)
    {
        if (part.sign == Sign::Excluded) {
            m_none << phraseOf(part.value);
            return;
        }
        addAlternative(part.value);
        if (m_isShort || part.sign == Sign::Required)
            m_query.must.append({.words = phraseOf(part.value)});
    }

    void addNear(const QueryPart &part)
    {
        if (part.sign != Sign::Excluded) {
            addAlternative(part.value);
            addAlternative(part.other);
        }
        conditionsFor(part).append({.words = phraseOf(part.value),
                                    .other = phraseOf(part.other),
                                    .distance = part.distance});
    }

    const bool m_isShort;
    TextQuery m_query;
    QStringList m_any;
    QStringList m_none;
};

bool isText(const QueryPart &part)
{
    return part.kind == Kind::Word || part.kind == Kind::Phrase || part.kind == Kind::Near;
}

} // namespace

QString withoutSigns(const QString &text)
{
    const auto isPart = [](QChar c) { return c.isLetterOrNumber() || c.isMark(); };
    const auto first = std::find_if(text.begin(), text.end(), isPart);
    const auto last = std::find_if(text.rbegin(), std::make_reverse_iterator(first), isPart).base();
    return QString(first, last - first);
}

TextQuery textQueryOf(const ParsedQuery &query)
{
    const auto words = std::count_if(query.parts.begin(), query.parts.end(), isText);
    Collector collector(words <= kMostWordsBesidePhrases);
    for (const QueryPart &part : query.parts)
        collector.add(part);
    return collector.finish();
}

ParsedQuery readLeniently(const QString &text)
{
    auto parsed = parseQuery(text);
    if (parsed)
        return std::move(*parsed);
    ParsedQuery words{text, {}};
    for (const QueryToken &token : queryTokens(text)) {
        QueryPart part;
        part.start = token.start;
        part.length = token.length;
        part.value = text.mid(token.start, token.length);
        words.parts.append(part);
    }
    return words;
}

TextQuery parseTextQuery(const QString &text)
{
    return textQueryOf(readLeniently(text));
}

QString meaningOf(const ParsedQuery &query)
{
    const bool asTyped =
        std::all_of(query.parts.begin(), query.parts.end(), [](const QueryPart &part) {
            return part.kind == Kind::Word && part.sign == Sign::None;
        });
    if (asTyped)
        return query.text;
    QStringList words;
    for (const QueryPart &part : query.parts) {
        if (!isText(part) || part.sign == Sign::Excluded || !hasLetterOrDigit(part.value))
            continue;
        words << part.value;
        if (part.kind == Kind::Near)
            words << part.other;
    }
    return words.join(QLatin1Char(' '));
}

QString alternatives(const QString &a, const QString &b)
{
    if (a.isEmpty() || b.isEmpty())
        return a.isEmpty() ? b : a;
    return QStringLiteral("(%1) | (%2)").arg(a, b);
}

TextQuery anyOfWords(const QStringList &words, const TextQuery &like)
{
    QStringList any;
    for (const QString &word : words)
        any << phraseOf(word);
    TextQuery query = like;
    query.any = any.join(QLatin1String(" OR "));
    query.words = words;
    query.correctable.removeIf([&words](const QString &word) {
        return std::none_of(words.begin(), words.end(), [&word](const QString &other) {
            return withoutSigns(other).compare(word, Qt::CaseInsensitive) == 0;
        });
    });
    return query;
}

} // namespace llmemory::search
