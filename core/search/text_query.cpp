#include "core/search/text_query.h"

#include "core/language/word_segmenter.h"

#include <QList>

namespace llmemory::search {

namespace {

struct Term
{
    QString text;
    bool phrase = false;
    bool excluded = false;
};

bool hasLetterOrDigit(const QString &text)
{
    for (const QChar c : text) {
        if (c.isLetterOrNumber() || c.isSurrogate())
            return true;
    }
    return false;
}

/// "OR" and "-" would be operators of websearch_to_tsquery: quoting makes them words.
QString asOperand(QString text)
{
    text.remove(QLatin1Char('"'));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

QList<Term> split(const QString &text)
{
    QList<Term> terms;
    Term current;
    bool quoted = false;
    const auto flush = [&] {
        if (hasLetterOrDigit(current.text))
            terms.append(current);
        current = {};
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == QLatin1Char('"')) {
            const bool excluded = current.text == QLatin1String("-");
            if (!excluded)
                flush();
            quoted = !quoted;
            current = {};
            current.phrase = quoted;
            current.excluded = excluded && quoted;
        } else if (c.isSpace() && !quoted) {
            flush();
        } else if (c == QLatin1Char('-') && !quoted && current.text.isEmpty() &&
                   i + 1 < text.size() && text.at(i + 1) != QLatin1Char('"') &&
                   !text.at(i + 1).isSpace()) {
            current.excluded = true;
        } else {
            current.text += c;
        }
    }
    flush();
    return terms;
}

} // namespace

TextQuery parseTextQuery(const QString &text)
{
    QStringList any;
    QStringList none;
    TextQuery query;
    for (const Term &term : split(text)) {
        if (term.phrase || !language::needsSegmentation(term.text)) {
            (term.excluded ? none : any) << asOperand(language::segmentedWords(term.text));
            if (!term.excluded)
                query.words << term.text;
            continue;
        }
        const QStringList words =
            language::segmentedWords(term.text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (const QString &word : words) {
            if (!hasLetterOrDigit(word))
                continue;
            (term.excluded ? none : any) << asOperand(word);
            if (!term.excluded)
                query.words << word;
        }
    }
    query.any = any.join(QLatin1String(" OR "));
    query.none = none.join(QLatin1String(" OR "));
    return query;
}

TextQuery anyOfWords(const QStringList &words, const QString &none)
{
    QStringList any;
    for (const QString &word : words)
        any << asOperand(language::segmentedWords(word));
    return {any.join(QLatin1String(" OR ")), none, words};
}

} // namespace llmemory::search
