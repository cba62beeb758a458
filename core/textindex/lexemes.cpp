#include "core/textindex/lexemes.h"

#include <QSet>

namespace llmemory::textindex {

namespace {

/// A lexeme in quotes as PostgreSQL writes it: inner quotes and backslashes twice. @p at is on the
/// opening quote, and behind the closing one afterwards.
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

/// `:1,3B`; @p at is behind it afterwards.
quint32 countedPositions(QStringView text, qsizetype &at)
{
    if (at >= text.size() || text.at(at) != QLatin1Char(':'))
        return 1;
    quint32 count = 0;
    for (++at; at < text.size() && text.at(at) != QLatin1Char(' '); ++at) {
        const QChar c = text.at(at);
        const bool isLastDigit =
            c.isDigit() && (at + 1 == text.size() || !text.at(at + 1).isDigit());
        if (isLastDigit)
            ++count;
        else if (c == QLatin1Char('B'))
            count += kHeadingWeight - 1;
    }
    return count;
}

} // namespace

QList<LexemeCount> lexemesOfVector(const QString &tsvector)
{
    QList<LexemeCount> counts;
    for (qsizetype at = 0; at < tsvector.size();) {
        if (tsvector.at(at) != QLatin1Char('\'')) {
            ++at;
            continue;
        }
        LexemeCount entry;
        entry.lexeme = quotedLexeme(tsvector, at);
        entry.frequency = countedPositions(tsvector, at);
        counts.append(std::move(entry));
    }
    return counts;
}

QueryLexemes lexemesOfQuery(const QString &tsquery)
{
    QueryLexemes query;
    QSet<QByteArray> seen;
    for (qsizetype at = 0; at < tsquery.size();) {
        const QChar c = tsquery.at(at);
        if (c == QLatin1Char('\'')) {
            const QByteArray lexeme = quotedLexeme(tsquery, at);
            if (!seen.contains(lexeme)) {
                seen.insert(lexeme);
                query.lexemes.append(lexeme);
            }
            continue;
        }
        if (!QStringView(u" |()").contains(c))
            query.anyOfThem = false;
        ++at;
    }
    return query;
}

} // namespace llmemory::textindex
