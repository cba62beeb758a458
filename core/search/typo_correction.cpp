#include "core/search/typo_correction.h"

#include "core/db/sql_array.h"
#include "core/search/owner_configs.h"
#include "core/search/text_query.h"
#include "core/textindex/dictionary.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/spelling.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace llmemory::search {

using db::Session;
using db::Statement;
using textindex::editDistance;
using textindex::KnownTerm;

namespace {

// What each word is in the owner's languages; NULL where it is a stop word.
constexpr Statement kLexemes{
    "lexemes_of_words",
    LLMEMORY_OWNER_CONFIGS
    "stems AS (SELECT w.n, to_tsvector(text_config, w.word) AS stem FROM configs, "
    "unnest($2::text[]) WITH ORDINALITY w (word, n) WHERE text_config IS NOT NULL) "
    "SELECT DISTINCT s.n, l.lexeme FROM stems s LEFT JOIN LATERAL unnest(s.stem) l ON true"};

constexpr Statement kStems{
    "stems_of_spellings",
    LLMEMORY_OWNER_CONFIGS
    "stems AS (SELECT v.n, to_tsvector(text_config, v.word) AS stem FROM configs, "
    "unnest($2::text[]) WITH ORDINALITY v (word, n) WHERE text_config IS NOT NULL) "
    "SELECT DISTINCT s.n, l.lexeme FROM stems s, unnest(s.stem) l"};

// The words of some passages whose stem is a term. Most others are left out by their first letter,
// which only an accent keeps stemming from leaving alone.
constexpr Statement kWords{
    "words_of_terms",
    "SELECT DISTINCT t.term, lower(w.token) FROM "
    "unnest($2::bigint[], $3::text[]) AS t (chunk_no, term) "
    "JOIN {{tables.document_chunks}} c ON c.owner_id = $1 AND c.chunk_no = t.chunk_no "
    "CROSS JOIN LATERAL ts_parse('default', c.name_words || ' ' || "
    "coalesce(c.heading_words, c.heading_path) || ' ' || coalesce(c.search_text, c.content)) w "
    "WHERE (lower(left(w.token, 1)) = left(t.term, 1) OR ascii(w.token) > 127) "
    "AND tsvector_to_array(to_tsvector(c.text_config, w.token)) = ARRAY[t.term]"};

/// A term that a word may have been meant for.
struct Candidate
{
    KnownTerm term;
    int distance = 0;
    /// false: only its beginning is alike, so a word that has it must be near as well.
    bool isSure = false;
};

/// A word that nothing has.
struct Unknown
{
    QString typed;
    QString word; ///< in small letters
    QStringList lexemes;
    QList<Candidate> candidates;

    bool hasSure() const
    {
        return std::any_of(candidates.begin(), candidates.end(), [](const Candidate &candidate) {
            return candidate.isSure;
        });
    }
    int mostDistance() const
    {
        constexpr qsizetype kLongForTwo = 8;
        return word.size() >= kLongForTwo ? 2 : 1;
    }
    /// Of the term to the word or to what it is stemmed to.
    int distanceTo(const QString &term, int most) const
    {
        int least = editDistance(word, term, most);
        for (const QString &lexeme : lexemes)
            least = std::min(least, editDistance(lexeme, term, most));
        return least;
    }
};

Result<QList<Unknown>> unknownWords(db::Session &session,
                                    const OwnerId &owner,
                                    const QStringList &words,
                                    const QSet<QByteArray> &found)
{
    const auto rows = session.query(kLexemes, {owner.toString(), db::textArray(words)});
    if (!rows)
        return rows.error();
    QHash<qint64, QStringList> lexemes;
    QSet<qint64> known;
    for (const db::Row &row : *rows) {
        const qint64 n = row.bigint(0);
        if (row.isNull(1) || found.contains(row.text(1).toUtf8()))
            known.insert(n);
        else
            lexemes[n] << row.text(1);
    }
    QList<Unknown> unknown;
    for (qsizetype i = 0; i < words.size() && unknown.size() < kMostCorrections; ++i) {
        const qint64 n = i + 1;
        if (!known.contains(n) && lexemes.contains(n))
            unknown.append({words.at(i), words.at(i).toLower(), lexemes.value(n), {}});
    }
    return unknown;
}

/// Letters in which a word and a term usually agree.
constexpr qsizetype kBeginning = 3;

/// Spellings of words, and what they are stemmed to.
struct Spellings
{
    QStringList texts;
    QList<qsizetype> wordOf;                    ///< of each text
    QHash<QByteArray, QList<qsizetype>> ofTerm; ///< texts
};

/// Of words without a candidate that is sure, the spellings of distance 1.
/// @param sameBeginning  those that begin alike, or those that do not.
Result<Spellings> spellingsOf(Session &session,
                              const OwnerId &owner,
                              const QList<Unknown> &unknown,
                              bool sameBeginning)
{
    Spellings spellings;
    for (qsizetype i = 0; i < unknown.size(); ++i) {
        const QString &word = unknown.at(i).word;
        if (unknown.at(i).hasSure())
            continue;
        for (const QString &variant : textindex::editVariants(word)) {
            if (variant.startsWith(word.left(kBeginning)) == sameBeginning)
                spellings.texts << variant;
        }
        spellings.wordOf.resize(spellings.texts.size(), i);
    }
    if (spellings.texts.isEmpty())
        return spellings;
    const auto rows = session.query(kStems, {owner.toString(), db::textArray(spellings.texts)});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        spellings.ofTerm[row.text(1).toUtf8()] << row.bigint(0) - 1;
    return spellings;
}

/// Adds those of @p terms that one of the spellings is stemmed to.
void addNear(const QList<KnownTerm> &terms, const Spellings &spellings, QList<Unknown> &unknown)
{
    for (const KnownTerm &term : terms) {
        const auto found = spellings.ofTerm.constFind(term.term);
        if (found == spellings.ofTerm.constEnd())
            continue;
        const QString text = QString::fromUtf8(term.term);
        QHash<qsizetype, bool> sure; // by word
        for (const qsizetype spelling : *found) {
            const qsizetype word = spellings.wordOf.at(spelling);
            const bool isStem = spellings.texts.at(spelling).startsWith(text);
            sure[word] = sure.value(word) || isStem || unknown.at(word).distanceTo(text, 1) <= 1;
        }
        for (auto entry = sure.cbegin(); entry != sure.cend(); ++entry)
            unknown[entry.key()].candidates.append({term, 1, entry.value()});
    }
}

/// Adds terms of distance 2 to a long word.
void addDistant(const QList<KnownTerm> &terms, Unknown &word)
{
    constexpr qsizetype kShortestStem = 5;
    for (const KnownTerm &term : terms) {
        const QString text = QString::fromUtf8(term.term);
        const int distance = word.distanceTo(text, 2);
        if (distance <= 2)
            word.candidates.append({term, distance, true});
        else if (text.size() >= kShortestStem &&
                 editDistance(word.word.left(text.size()), text, 2) <= 2)
            word.candidates.append({term, 2, false});
    }
}

/// Mostly the first letters are right, and the terms that have them are in a few blocks; all
/// spellings with others would be in hundreds.
Result<> addCandidates(Session &session, const OwnerId &owner, QList<Unknown> &unknown)
{
    QStringList beginnings;
    for (const Unknown &word : std::as_const(unknown)) {
        for (const QString &lexeme : word.lexemes)
            beginnings << lexeme.left(kBeginning);
    }
    beginnings.removeDuplicates();
    const auto terms = textindex::termsWithPrefixes(session, owner, beginnings);
    if (!terms)
        return terms.error();
    const auto alike = spellingsOf(session, owner, unknown, true);
    if (!alike)
        return alike.error();
    addNear(*terms, *alike, unknown);
    const auto others = spellingsOf(session, owner, unknown, false);
    if (!others)
        return others.error();
    if (!others->texts.isEmpty()) {
        const auto keys = others->ofTerm.keys();
        const auto found = textindex::findTerms(session, owner, {keys.begin(), keys.end()});
        if (!found)
            return found.error();
        addNear(found->terms, *others, unknown);
    }
    for (Unknown &word : unknown) {
        if (!word.hasSure() && word.mostDistance() > 1)
            addDistant(*terms, word);
    }
    return {};
}

/// Leaves the best one, or a few of which one may do, best first.
void choose(QList<Candidate> &candidates)
{
    constexpr qsizetype kMostUnsure = 4;
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::make_tuple(a.distance, !a.isSure, -a.term.passages, a.term.term) <
               std::make_tuple(b.distance, !b.isSure, -b.term.passages, b.term.term);
    });
    const auto sure = std::find_if(candidates.begin(),
                                   candidates.end(),
                                   [](const Candidate &candidate) { return candidate.isSure; });
    const qsizetype end =
        sure == candidates.end() ? candidates.size() : std::distance(candidates.begin(), sure) + 1;
    candidates.resize(std::min(end, kMostUnsure));
}

/// Words of passages by their terms.
Result<QHash<QByteArray, QStringList>> wordsOfTerms(db::Session &session,
                                                    const OwnerId &owner,
                                                    const QList<Unknown> &unknown)
{
    QList<qint64> numbers;
    QStringList terms;
    QSet<QByteArray> asked;
    for (const Unknown &word : unknown) {
        for (const Candidate &candidate : word.candidates) {
            const KnownTerm &term = candidate.term;
            if (asked.contains(term.term))
                continue;
            asked.insert(term.term);
            for (const quint32 chunk : term.examples) {
                numbers << chunk;
                terms << QString::fromUtf8(term.term);
            }
        }
    }
    QHash<QByteArray, QStringList> words;
    if (numbers.isEmpty())
        return words;
    const auto rows =
        session.query(kWords, {owner.toString(), db::integerArray(numbers), db::textArray(terms)});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        words[row.text(0).toUtf8()] << row.text(1);
    return words;
}

/// The nearest one, then by alphabet; empty when there is none.
QString nearest(const QString &word, const QStringList &words)
{
    const auto least =
        std::min_element(words.begin(), words.end(), [&](const QString &a, const QString &b) {
            return std::make_pair(editDistance(word, a, textindex::kLongestCorrected), a) <
                   std::make_pair(editDistance(word, b, textindex::kLongestCorrected), b);
        });
    return least == words.end() ? QString() : *least;
}

bool isUpper(const QString &text)
{
    return text == text.toUpper();
}

QString inCapitalsOf(const QString &typed, const QString &word)
{
    if (isUpper(typed))
        return word.toUpper();
    return isUpper(typed.left(1)) ? word.left(1).toUpper() + word.mid(1) : word;
}

} // namespace

Result<QList<Correction>> findCorrections(db::Session &session,
                                          const OwnerId &owner,
                                          const QStringList &words,
                                          const QSet<QByteArray> &found)
{
    auto unknown = unknownWords(session, owner, words, found);
    if (!unknown)
        return unknown.error();
    if (unknown->isEmpty())
        return QList<Correction>();
    if (auto ok = addCandidates(session, owner, *unknown); !ok)
        return ok.error();
    for (Unknown &word : *unknown)
        choose(word.candidates);
    const auto inText = wordsOfTerms(session, owner, *unknown);
    if (!inText)
        return inText.error();
    QList<Correction> corrections;
    for (const Unknown &word : std::as_const(*unknown)) {
        for (const Candidate &candidate : word.candidates) {
            const QByteArray &term = candidate.term.term;
            const QString real = nearest(word.word, inText->value(term));
            const bool isNear =
                !real.isEmpty() &&
                editDistance(word.word, real, word.mostDistance()) <= word.mostDistance();
            if (!candidate.isSure && !isNear)
                continue;
            corrections.append({word.typed, term, real.isEmpty() ? QString::fromUtf8(term) : real});
            break;
        }
    }
    return corrections;
}

QString correctedQuery(const ParsedQuery &query, const QList<Correction> &corrections)
{
    QString text = query.text;
    // From the end on, so that what comes before stays in its place.
    for (qsizetype i = query.parts.size() - 1; i >= 0; --i) {
        const QueryPart &part = query.parts.at(i);
        if (part.kind != QueryPart::Kind::Word || part.sign == QueryPart::Sign::Excluded)
            continue;
        const QString word = withoutSigns(part.value);
        const auto correction =
            std::find_if(corrections.begin(), corrections.end(), [&word](const Correction &entry) {
                return entry.typed == word;
            });
        if (correction == corrections.end())
            continue;
        text.replace(
            text.indexOf(word, part.start), word.size(), inCapitalsOf(word, correction->word));
    }
    return corrections.isEmpty() ? QString() : text;
}

QString tsqueryOf(const QList<Correction> &corrections)
{
    QStringList terms;
    for (const Correction &correction : corrections) {
        QString term = QString::fromUtf8(correction.term);
        term.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
        term.replace(QLatin1Char('\''), QLatin1String("''"));
        terms << QLatin1Char('\'') + term + QLatin1Char('\'');
    }
    return terms.join(QLatin1String(" | "));
}

} // namespace llmemory::search
