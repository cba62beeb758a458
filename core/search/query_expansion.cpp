#include "core/search/query_expansion.h"

#include "core/search/query_words.h"

#include <QSet>

namespace llmemory::search {

namespace {

/// What surrounds a word in a sentence and is no part of it; "C++" and "#4711" stay whole.
bool isSentenceSign(QChar c)
{
    static const QString signs =
        QStringLiteral(".,;:!?()[]{}'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u2026\u3001\u3002"
                       "\uff0c\uff1a\uff1b\uff01\uff1f\uff08\uff09\u300c\u300d\u061f\u060c");
    return signs.contains(c);
}

QString bareWord(const QString &word)
{
    QStringView bare = QStringView(word).trimmed();
    while (!bare.isEmpty() && isSentenceSign(bare.front()))
        bare = bare.mid(1);
    while (!bare.isEmpty() && isSentenceSign(bare.back()))
        bare.chop(1);
    return bare.toString().toLower();
}

/// Words joined for people; a phrase among them keeps its quotes.
QString joined(const QStringList &words, const QString &separator)
{
    QStringList shown;
    for (const QString &word : words)
        shown << (word.contains(QLatin1Char(' ')) ? QLatin1Char('"') + word + QLatin1Char('"')
                                                  : word);
    return shown.join(separator);
}

} // namespace

QList<QueryVariant> queryVariants(const QString &query, int most)
{
    const ParsedQuery read = readLeniently(query);
    const TextQuery parsed = textQueryOf(read);
    QList<QueryVariant> variants{{query, parsed, meaningOf(read)}};

    QStringList all;
    QStringList keywords;
    for (const QString &word : parsed.words) {
        const QString bare = bareWord(word);
        if (bare.isEmpty())
            continue;
        all << bare;
        if (!isStopWord(bare))
            keywords << bare;
    }
    const QString space = QStringLiteral(" ");
    QSet<QString> known{query.simplified().toLower(), joined(all, space)};
    const auto add = [&](const QString &text, const QStringList &words, const QString &meaning) {
        if (variants.size() >= most || words.isEmpty() || known.contains(text.toLower()))
            return;
        known.insert(text.toLower());
        variants.append({text, anyOfWords(words, parsed), meaning});
    };
    add(joined(keywords, space), keywords, keywords.join(space));
    add(joined(keywords, QStringLiteral(" OR ")), keywords, {});
    const QString phrase = parsed.words.join(space);
    if (parsed.words.size() > 1)
        add(QLatin1Char('"') + phrase + QLatin1Char('"'), {phrase}, {});
    return variants;
}

QList<QueryVariant> queryVariants(const QString &query, const QStringList &wordings, int most)
{
    const ParsedQuery read = readLeniently(query);
    const TextQuery parsed = textQueryOf(read);
    QList<QueryVariant> variants{{query, parsed, meaningOf(read)}};
    for (const QString &wording : wordings) {
        QStringList words;
        for (const QString &word : wording.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            const QString bare = bareWord(word);
            if (!bare.isEmpty())
                words << bare;
        }
        if (variants.size() < most && !words.isEmpty())
            variants.append({wording, anyOfWords(words, parsed), wording});
    }
    return variants;
}

} // namespace llmemory::search
