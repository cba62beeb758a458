#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace llmemory::textindex {

/// A lexeme counts so much in a passage's headings (weight B); 1 in its text. Two is what a word
/// that is said twice gets: a heading is said once for all of its passages.
inline constexpr quint32 kHeadingWeight = 2;
/// So much a lexeme of the document's name (weight A) counts in a passage, however often the name
/// has it, where neither text nor headings have it; 1 more where they do. A passage that says a
/// word of its document's name so stands before one that says it once, of a document with another
/// name. Cranfield and CISI with titles as names, nDCG@10 by words: 0.369 and 0.404, with the
/// titles in the text alone 0.362 and 0.404, without them 0.320 and 0.389.
inline constexpr quint32 kNameWeight = 2;

/// A lexeme of a passage.
struct LexemeCount
{
    QByteArray lexeme;     ///< UTF-8
    quint32 frequency = 0; ///< its positions, those in headings kHeadingWeight times, and what
                           ///< kNameWeight tells; its places in a query

    friend bool operator==(const LexemeCount &, const LexemeCount &) = default;
};

/// A lexeme in quotes as PostgreSQL writes it in a tsvector or tsquery: inner quotes and
/// backslashes twice. UTF-8. Pure.
/// @param at  on the opening quote, and behind the closing one afterwards.
QByteArray quotedLexeme(QStringView text, qsizetype &at);
/// Whether it consists of words of letters with hyphens between them. The index leaves such words
/// out where it has their parts. Pure.
bool isHyphenatedWord(const QByteArray &lexeme);

/// What PostgreSQL's output of a tsvector says, `'a':1,3B 'it''s':2`; lexemes without positions
/// count once. Words of letters with hyphens are left out where PostgreSQL has their parts behind
/// them: one word would count three times, in the passage's length too (Cranfield: nDCG@10 0.361
/// without them, 0.356 with them). Identifiers such as `a-1312` stay, and words of stop words
/// alone. Pure; what is no tsvector gives what could be read of it.
QList<LexemeCount> lexemesOfVector(const QString &tsvector);

/// What a tsquery in PostgreSQL's output asks for.
struct QueryLexemes
{
    /// Each once, in the order of their first places, with how often it is asked for. Left out is
    /// what lexemesOfVector() leaves out.
    QList<LexemeCount> lexemes;
    /// Those that stand for all that begin so, `'a':*`, each once; they are among the lexemes.
    QList<QByteArray> prefixes;
    /// The same lexemes, those of each pair of outermost parentheses for themselves.
    QList<QList<QByteArray>> languages;
    /// Whether any of the lexemes is enough; otherwise (phrases, "&", "!", prefixes, weights) a
    /// passage with one of them may still be none that is asked for.
    bool anyOfThem = true;
};

/// Lexemes and shape of `('a' | 'b' <-> 'c') | ('a')`. Outermost parentheses hold the same query in
/// another language each, so what they ask for is not added up: the most of one of them counts.
/// Pure.
QueryLexemes lexemesOfQuery(const QString &tsquery);

} // namespace llmemory::textindex
