#include "core/textindex/lexemes.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <utility>

namespace llmemory::textindex {

namespace {

/// PostgreSQL's MAXENTRYPOS - 1: what is farther behind has this position too.
constexpr int kLastPosition = 16383;

/// `1,3B` behind a colon, if there is one; @p at is behind it afterwards.
QStringView positionsAt(QStringView text, qsizetype &at)
{
    if (at >= text.size() || text.at(at) != QLatin1Char(':'))
        return {};
    const qsizetype from = ++at;
    while (at < text.size() && text.at(at) != QLatin1Char(' '))
        ++at;
    return text.mid(from, at - from);
}

quint32 countOf(QStringView positions)
{
    if (positions.isEmpty())
        return 1;
    quint32 count = 0;
    bool isOfName = false;
    for (const QStringView position : positions.tokenize(u',')) {
        if (position.endsWith(u'A'))
            isOfName = true;
        else
            count += position.endsWith(u'B') ? kHeadingWeight : 1;
    }
    if (!isOfName)
        return count;
    return count == 0 ? kNameWeight : count + 1;
}

QList<int> numbersOf(QStringView positions)
{
    QList<int> numbers;
    for (QStringView part : positions.tokenize(u',')) {
        if (!part.isEmpty() && !part.back().isDigit())
            part.chop(1); // its weight
        numbers << part.toInt();
    }
    return numbers;
}

/// A hyphenated word has the places of its parts right behind its own.
int partsOf(const QByteArray &hyphenated)
{
    return int(hyphenated.count('-')) + 1;
}

/// Takes out the hyphenated words of which a part is there. @param positions  of each.
void dropHyphenated(QList<LexemeCount> &counts, const QList<QStringView> &positions)
{
    QSet<int> places;
    for (qsizetype i = 0; i < counts.size(); ++i) {
        if (isHyphenatedWord(counts.at(i).lexeme))
            continue;
        for (const int place : numbersOf(positions.at(i)))
            places.insert(place);
    }
    QList<LexemeCount> kept;
    for (qsizetype i = 0; i < counts.size(); ++i) {
        const LexemeCount &entry = counts.at(i);
        bool hasParts = false;
        if (isHyphenatedWord(entry.lexeme)) {
            for (const int place : numbersOf(positions.at(i))) {
                for (int part = 1; part <= partsOf(entry.lexeme); ++part)
                    hasParts = hasParts || places.contains(std::min(place + part, kLastPosition));
            }
        }
        if (!hasParts)
            kept.append(entry);
    }
    counts = std::move(kept);
}

/// How far behind a lexeme of a tsquery the next one has to be: `<->` and `<2>`; 0 where it need
/// not follow. @p at  behind the lexeme.
int distanceBehind(QStringView text, qsizetype at)
{
    static const QRegularExpression pattern(QStringLiteral("\\G *<(-|\\d+)>"));
    const auto match = pattern.match(text.toString(), at);
    if (!match.hasMatch())
        return 0;
    return match.capturedView(1) == QLatin1String("-") ? 1 : match.capturedView(1).toInt();
}

} // namespace

QByteArray quotedLexeme(QStringView text, qsizetype &at)
{
    QString lexeme;
    for (++at; at < text.size(); ++at) {
        const QChar c = text.at(at);
        const bool twice = at + 1 < text.size() && text.at(at + 1) == c;
        if (c == QLatin1Char('\'') && !twice) {
            ++at;
            break;
        }
        if ((c == QLatin1Char('\'') || c == QLatin1Char('\\')) && twice)
            ++at;
        lexeme += c;
    }
    return lexeme.toUtf8();
}

bool isHyphenatedWord(const QByteArray &lexeme)
{
    if (!lexeme.contains('-'))
        return false;
    const QString text = QString::fromUtf8(lexeme);
    return text.front() != QLatin1Char('-') && std::all_of(text.begin(), text.end(), [](QChar c) {
               return c == QLatin1Char('-') || c.isLetter() || c.isMark() || c.isSurrogate();
           });
}

QList<LexemeCount> lexemesOfVector(const QString &tsvector)
{
    QList<LexemeCount> counts;
    QList<QStringView> positions;
    bool hasHyphenated = false;
    for (qsizetype at = 0; at < tsvector.size();) {
        if (tsvector.at(at) != QLatin1Char('\'')) {
            ++at;
            continue;
        }
        LexemeCount entry;
        entry.lexeme = quotedLexeme(tsvector, at);
        positions << positionsAt(tsvector, at);
        entry.frequency = countOf(positions.last());
        hasHyphenated = hasHyphenated || isHyphenatedWord(entry.lexeme);
        counts.append(std::move(entry));
    }
    if (hasHyphenated)
        dropHyphenated(counts, positions);
    return counts;
}

QueryLexemes lexemesOfQuery(const QString &tsquery)
{
    QueryLexemes query;
    QHash<QByteArray, qsizetype> places; // in the list
    QHash<QByteArray, quint32> counts;   // in this pair of outermost parentheses
    QList<QByteArray> language;          // the same
    int depth = 0;
    for (qsizetype at = 0; at < tsquery.size();) {
        const QChar c = tsquery.at(at);
        if (c == QLatin1Char('\'')) {
            const QByteArray lexeme = quotedLexeme(tsquery, at);
            const int distance = isHyphenatedWord(lexeme) ? distanceBehind(tsquery, at) : 0;
            if (distance > 0 && distance <= partsOf(lexeme))
                continue;
            if (!places.contains(lexeme)) {
                places.insert(lexeme, query.lexemes.size());
                query.lexemes.append({lexeme, 0});
            }
            quint32 &most = query.lexemes[places.value(lexeme)].frequency;
            most = std::max(most, ++counts[lexeme]);
            language << lexeme;
            const bool isPrefix = QStringView(tsquery).mid(at).startsWith(QLatin1String(":*"));
            if (isPrefix && !query.prefixes.contains(lexeme))
                query.prefixes << lexeme;
            continue;
        }
        depth += c == QLatin1Char('(') ? 1 : 0;
        depth -= c == QLatin1Char(')') ? 1 : 0;
        if (c == QLatin1Char(')') && depth == 0) {
            counts.clear();
            query.languages << std::exchange(language, {});
        }
        if (!QStringView(u" |()").contains(c))
            query.anyOfThem = false;
        ++at;
    }
    return query;
}

} // namespace llmemory::textindex
