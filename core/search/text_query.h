#pragma once

#include "core/search/query_language/parsed_query.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::search {

/// What a passage must hold, or must not hold, whatever its rank. Of three kinds: words in this
/// order (only `words`), words near others (`distance` > 0), and a word that begins with `prefix`.
struct TextCondition
{
    /// A quoted operand of websearch_to_tsquery(); with a prefix what stands right before it, then
    /// often empty.
    QString words;
    QString other = {};  ///< near: the second operand, as `words`
    int distance = 0;    ///< near: words apart at most, in any order; 0 = not near
    QString prefix = {}; ///< as typed; never empty with that kind

    friend bool operator==(const TextCondition &, const TextCondition &) = default;
};

/// A query as PostgreSQL's websearch_to_tsquery() takes it. A long question should still find
/// something, so words are alternatives and the ranking prefers passages with more of them.
///
/// What the text leg does with it: ranks by `any`. That passages meet `must`, and neither `none`
/// nor `mustNot`, is seen to before, in both legs: withConditions() has PostgreSQL make tsqueries
/// of them and puts those into the query's filter, PassageFilter::matching and notMatching, which
/// LLMEMORY_SEARCH_FILTER checks. A leg that checks conditions in another way takes them from
/// there. The words of phrases, of +words and of NEAR are in `any`, too; a prefix
/// is not, so `any` may be empty where `must` is not.
struct TextQuery
{
    QString any;       ///< words and "phrases" joined with OR; empty when there is none
    QString none;      ///< what was excluded with a leading "-", joined with OR; empty when nothing
    QStringList words; ///< the words and phrases of `any`, for highlighting scripts without spaces
    /// Words of `any` as typed, without signs around them, whose spelling may be guessed at where
    /// nothing has them; see textindex::isCorrectable(). None in a text, see below.
    QStringList correctable = {};
    QList<TextCondition> must = {};    ///< phrases, +words, near and prefixes; all of them
    QList<TextCondition> mustNot = {}; ///< excluded prefixes and near; none of them

    friend bool operator==(const TextQuery &, const TextQuery &) = default;
};

/// A text of more words and phrases than that is a text, not a query: its quotes are quotation
/// marks, which must not keep everything else from being found. (In one of two collections that
/// the search is measured by, a tenth of the queries are such texts.)
inline constexpr int kMostWordsBesidePhrases = 20;

/// A word of a query without the signs around it, as in "harbour,". Pure; any thread.
QString withoutSigns(const QString &text);

/// The words of a query; its fields are no words. A phrase is a condition, in a query of more than
/// kMostWordsBesidePhrases words only with "+" before it. Words of scripts without spaces are
/// segmented as the index is. Pure; any thread.
TextQuery textQueryOf(const ParsedQuery &query);

/// The same of what a user typed. What cannot be read in the query language is taken as words.
/// Pure; any thread.
TextQuery parseTextQuery(const QString &text);

/// The query as a text for an embedding model or a reranker: what was typed where there are only
/// words, else its words and phrases without signs, fields and exclusions. Empty when there are
/// none. Pure; any thread.
QString meaningOf(const ParsedQuery &query);

/// Reads a query that was checked before, see parseTextQuery(). Pure; any thread.
ParsedQuery readLeniently(const QString &text);

/// Both tsqueries as alternatives, or the one that is not empty. Pure; any thread.
QString alternatives(const QString &a, const QString &b);

/// A query for any of @p words, of which those with spaces are phrases, with the conditions of
/// another one. Pure; any thread.
/// @param like  whose none, must and mustNot it takes, and what of its correctable is a word.
TextQuery anyOfWords(const QStringList &words, const TextQuery &like);

} // namespace llmemory::search
