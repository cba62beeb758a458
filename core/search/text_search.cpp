#include "core/search/text_search.h"

#include "core/db/sql_array.h"
#include "core/search/own_rows.h"
#include "core/search/owner_configs.h"
#include "core/search/search_filter.h"
#include "core/textindex/dictionary.h"
#include "core/textindex/lexemes.h"
#include "core/textindex/segment_repository.h"

#include <QHash>

#include <algorithm>

namespace llmemory::search {

using db::Statement;
using textindex::AskedTerm;

namespace {

// The query in each of the owner's languages, joined with OR. Only PostgreSQL's own output is cast
// back to tsquery.
constexpr Statement kTsquery{
    "text_query",
    LLMEMORY_OWNER_CONFIGS
    "parsed AS (SELECT websearch_to_tsquery(text_config, $2) AS wanted FROM configs "
    "WHERE text_config IS NOT NULL) "
    "SELECT string_agg(DISTINCT '(' || wanted::text || ')', ' | ') FILTER (WHERE numnode(wanted) > "
    "0), "
    "(SELECT text_indexed FROM {{tables.owners}} WHERE owner_id = $1) "
    "FROM parsed",
    db::Plan::Kept};

// For owners whose text index is still being built. Ranking flag 1: divides by 1 + ln(length), so
// that long passages do not win by length alone.
constexpr Statement kSearch{
    "text_search_without_index",
    "SELECT x.chunk_id, ts_rank(x.search_vector, $8::tsquery, 1) AS rank FROM "
    "{{tables.document_chunks}} x "
    "WHERE x.owner_id = $1 AND x.search_vector @@ $8::tsquery AND " LLMEMORY_SEARCH_FILTER
    " ORDER BY rank DESC, x.chunk_id LIMIT $9"};

// Which of these passages are asked for; $9 NULL: nothing but the filter counts.
constexpr Statement kCheck{"check_passages",
                           "SELECT x.chunk_no, x.chunk_id FROM {{tables.document_chunks}} x "
                           "WHERE x.owner_id = $1 AND x.chunk_no = ANY ($8::bigint[]) "
                           "AND ($9::tsquery IS NULL OR x.search_vector @@ $9::tsquery) "
                           "AND " LLMEMORY_SEARCH_FILTER};
// A subquery's array is of unknown length to the planner: the plan that it keeps is that for any.
constexpr Statement kCheckOfAll{"passages_of_numbers",
                                "SELECT x.chunk_no, x.chunk_id FROM {{tables.document_chunks}} x "
                                "WHERE x.owner_id = $1 "
                                "AND x.chunk_no = ANY ((SELECT $2::bigint[])::bigint[])",
                                db::Plan::Kept};
constexpr Statement kAllowed{"allowed_passages",
                             "SELECT x.chunk_no FROM {{tables.document_chunks}} x "
                             "WHERE x.owner_id = $1 AND x.chunk_no IS NOT NULL "
                             "AND ($8::tsquery IS NULL OR x.search_vector @@ $8::tsquery) "
                             "AND " LLMEMORY_SEARCH_FILTER " ORDER BY x.chunk_no"};

constexpr Statement kNumbers{"passage_numbers",
                             "SELECT c.chunk_id, c.chunk_no FROM {{tables.document_chunks}} c "
                             "WHERE c.owner_id = $1 AND c.chunk_id = ANY ($2::uuid[]) "
                             "AND c.chunk_no IS NOT NULL"};

/// As they are stored, each once.
QList<AskedTerm> storedTerms(const QList<textindex::LexemeCount> &lexemes)
{
    QList<AskedTerm> terms;
    for (const textindex::LexemeCount &lexeme : lexemes)
        terms.append({textindex::termOf(lexeme.lexeme), double(lexeme.frequency)});
    return terms;
}

/// Counts a term that may be there already.
void addTerm(QList<AskedTerm> &terms, const AskedTerm &added)
{
    const auto known = std::find_if(terms.begin(), terms.end(), [&added](const AskedTerm &term) {
        return term.term == added.term;
    });
    if (known == terms.end())
        terms.append(added);
    else
        known->asked += added.asked;
}

/// What is to be looked for in place of words that are not in the index. Costs nothing where the
/// query is whole in one of the owner's languages.
Result<QList<Correction>> correctionsFor(db::Session &session,
                                         const OwnerId &owner,
                                         const TextQuery &text,
                                         const textindex::QueryLexemes &lexemes,
                                         const QList<textindex::TermLists> &lists)
{
    QSet<QByteArray> found;
    for (const textindex::TermLists &term : lists)
        found.insert(term.term);
    const bool isWhole = std::any_of(
        lexemes.languages.begin(), lexemes.languages.end(), [&found](const auto &language) {
            return std::all_of(
                language.begin(), language.end(), [&found](const QByteArray &lexeme) {
                    return found.contains(textindex::termOf(lexeme));
                });
        });
    if (isWhole || text.correctable.isEmpty())
        return QList<Correction>();
    return findCorrections(session, owner, text.correctable, found);
}

/// The terms that a prefix in a tsquery of conditions stands for, see textConditions().
Result<QList<AskedTerm>> prefixTerms(db::Session &session,
                                     const OwnerId &owner,
                                     const QString &matching)
{
    const textindex::QueryLexemes lexemes = textindex::lexemesOfQuery(matching);
    QList<AskedTerm> asked;
    if (lexemes.prefixes.isEmpty())
        return asked;
    QStringList prefixes;
    for (const QByteArray &prefix : lexemes.prefixes)
        prefixes << QString::fromUtf8(prefix);
    auto terms = textindex::termsWithPrefixes(session, owner, prefixes);
    if (!terms)
        return terms.error();
    std::stable_sort(terms->begin(), terms->end(), [](const auto &a, const auto &b) {
        return a.passages > b.passages;
    });
    QSet<QByteArray> chosen;
    const auto add = [&](const QByteArray &term) {
        if (!chosen.contains(term))
            asked.append({term, 1});
        chosen.insert(term);
    };
    for (const QString &prefix : std::as_const(prefixes)) {
        const QByteArray beginning = prefix.toUtf8();
        int left = kMostPrefixTerms;
        for (auto term = terms->cbegin(); term != terms->cend() && left > 0; ++term) {
            if (!term->term.startsWith(beginning))
                continue;
            add(term->term);
            --left;
        }
        // The condition is met by the prefix' own stem as well.
        for (const textindex::LexemeCount &lexeme : lexemes.lexemes) {
            if (prefix.startsWith(QString::fromUtf8(lexeme.lexeme).chopped(1)))
                add(textindex::termOf(lexeme.lexeme));
        }
    }
    return asked;
}

/// Passages that are looked at in one go, best first, to see which of them are asked for.
constexpr size_t kLeastBlock = 512;
/// When more than this would have to be looked at, all that are asked for are fetched instead.
constexpr size_t kMostLookedAt = 8192;

/// The text leg of one query over the owner's index: ranks by BM25, and leaves out what filter
/// and phrases refuse before anything is cut off.
class IndexedSearch
{
public:
    /// @param condition  a tsquery that passages must match beside the filter; null = none.
    IndexedSearch(db::Session &session, const SearchQuery &query, const QVariant &condition)
        : m_session(session), m_query(query), m_filter(filterValues(query)), m_condition(condition)
    {
        constexpr qsizetype kFilter = 1; // $2
        m_checks = !condition.isNull() || !m_filter.at(kFilter).isNull();
    }

    Result<QList<Ranked>> run(const textindex::Bm25 &scorer, size_t most)
    {
        // Others cannot meet the filter's conditions.
        std::optional<std::vector<quint32>> possible;
        if (const auto &passages = m_query.filter.passages)
            possible.emplace(passages->begin(), passages->end());
        QList<Ranked> found;
        size_t looked = 0;
        size_t block = m_checks ? std::max(kLeastBlock, 2 * most) : most;
        for (;;) {
            const auto best = scorer.best(block, possible ? &*possible : nullptr);
            if (!best)
                return textindex::damagedIndex(m_query.owner);
            const auto checked = check(
                {best->begin() + std::ptrdiff_t(std::min(looked, best->size())), best->end()});
            if (!checked)
                return checked.error();
            found += *checked;
            looked = block;
            const bool isAll = best->size() < block;
            if (isAll || found.size() >= qsizetype(most))
                return found.mid(0, qsizetype(most));
            if (possible) { // few: the rest of them
                block = possible->size() + 1;
                continue;
            }
            // So many more as this share of good ones lets expect, and half as many again.
            const size_t expected =
                found.isEmpty() ? kMostLookedAt : most * block / size_t(found.size()) * 3 / 2;
            if (expected >= kMostLookedAt)
                return amongAllowed(scorer, most);
            block = std::max(expected, block + kLeastBlock);
        }
    }

private:
    /// Those that are asked for, in the same order.
    Result<QList<Ranked>> check(const std::vector<textindex::ScoredChunk> &scored)
    {
        if (scored.empty())
            return QList<Ranked>();
        QList<qint64> numbers;
        for (const textindex::ScoredChunk &entry : scored)
            numbers << entry.chunk;
        const QString asked = db::integerArray(numbers);
        const auto rows = m_checks
                              ? m_session.query(kCheck, m_filter + QVariantList{asked, m_condition})
                              : m_session.query(kCheckOfAll, {m_filter.first(), asked});
        if (!rows)
            return rows.error();
        QHash<qint64, ChunkId> ids;
        for (const db::Row &row : *rows)
            ids.insert(row.bigint(0), ChunkId(row.value(1).toUuid()));
        QList<Ranked> kept;
        for (const textindex::ScoredChunk &entry : scored) {
            const auto id = ids.constFind(entry.chunk);
            if (id != ids.constEnd())
                kept.append({*id, entry.score});
        }
        return kept;
    }

    Result<QList<Ranked>> amongAllowed(const textindex::Bm25 &scorer, size_t most)
    {
        const auto rows = queryOwnRows(m_session, {kAllowed, m_filter + QVariantList{m_condition}});
        if (!rows)
            return rows.error();
        std::vector<quint32> allowed;
        allowed.reserve(size_t(rows->size()));
        for (const db::Row &row : *rows)
            allowed.push_back(quint32(row.bigint(0)));
        const auto best = scorer.best(most, &allowed);
        if (!best)
            return textindex::damagedIndex(m_query.owner);
        return check(*best);
    }

    db::Session &m_session;
    const SearchQuery &m_query;
    const QVariantList m_filter;
    const QVariant m_condition;
    bool m_checks = false;
};

/// Fills in what there is beside the tsquery.
Result<> searchIndexed(db::Session &session,
                       const SearchQuery &query,
                       const TextQuery &text,
                       size_t most,
                       const TextOptions &options,
                       TextMatches &matches)
{
    const textindex::QueryLexemes lexemes = textindex::lexemesOfQuery(matches.tsquery);
    matches.terms = storedTerms(lexemes.lexemes);
    const auto ofPrefixes = prefixTerms(session, query.owner, query.filter.matching);
    if (!ofPrefixes)
        return ofPrefixes.error();
    for (const AskedTerm &term : *ofPrefixes)
        addTerm(matches.terms, term);
    if (matches.terms.isEmpty())
        return {}; // only stop words, or no documents
    auto loaded = textindex::loadLists(session, query.owner, matches.terms);
    if (!loaded)
        return loaded.error();
    if (options.typoTolerance) {
        auto corrections = correctionsFor(session, query.owner, text, lexemes, loaded->lists);
        if (!corrections)
            return corrections.error();
        matches.corrections = std::move(*corrections);
    }
    if (!matches.corrections.isEmpty()) {
        for (const Correction &correction : std::as_const(matches.corrections))
            addTerm(matches.terms, {correction.term, kCorrectedWeight});
        // All anew: numbers of two moments do not go together.
        loaded = textindex::loadLists(session, query.owner, matches.terms);
        if (!loaded)
            return loaded.error();
    }
    const textindex::Bm25 scorer(loaded->stored.collection, std::move(loaded->lists), options.bm25);
    // Phrases are more than their words. Where the filter has a prefix, it decides alone.
    QVariant condition;
    if (!lexemes.anyOfThem && ofPrefixes->isEmpty())
        condition = alternatives(matches.tsquery, tsqueryOf(matches.corrections));
    auto ranked = IndexedSearch(session, query, condition).run(scorer, most);
    if (!ranked)
        return ranked.error();
    matches.ranked = std::move(*ranked);
    return {};
}

} // namespace

TextOptions textOptions(const Config::Search &config)
{
    return {.bm25 = {.k1 = config.bm25K1, .b = config.bm25B},
            .typoTolerance = config.typoTolerance};
}

Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most,
                               const TextOptions &options)
{
    TextMatches matches;
    if (text.any.isEmpty() && query.filter.matching.isEmpty())
        return matches;
    auto parsed = session.queryOne(kTsquery, {query.owner.toString(), text.any});
    if (!parsed)
        return parsed.error();
    matches.tsquery = parsed->text(0);
    constexpr int kIsIndexed = 1;
    if (parsed->boolean(kIsIndexed)) {
        if (auto ok =
                searchIndexed(session, query, text, size_t(std::max(most, 1)), options, matches);
            !ok)
            return ok.error();
        return matches;
    }
    // Its only words may be those that a prefix stands for.
    const QString wanted = text.any.isEmpty() ? query.filter.matching : matches.tsquery;
    if (wanted.isEmpty())
        return matches; // only stop words, or no documents
    auto rows = session.query(kSearch, filterValues(query) + QVariantList{wanted, most});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        matches.ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return matches;
}

Result<QList<Ranked>> searchTerms(db::Session &session,
                                  const SearchQuery &query,
                                  const QList<AskedTerm> &terms,
                                  int most,
                                  const textindex::Bm25Parameters &bm25)
{
    auto loaded = textindex::loadLists(session, query.owner, terms);
    if (!loaded)
        return loaded.error();
    const textindex::Bm25 scorer(loaded->stored.collection, std::move(loaded->lists), bm25);
    return IndexedSearch(session, query, QVariant()).run(scorer, size_t(std::max(most, 1)));
}

Result<QHash<ChunkId, QList<textindex::TermMatch>>> matchedTerms(db::Session &session,
                                                                 const OwnerId &owner,
                                                                 const QList<AskedTerm> &terms,
                                                                 const QList<ChunkId> &passages,
                                                                 const TextOptions &options)
{
    QHash<ChunkId, QList<textindex::TermMatch>> matches;
    QStringList ids;
    for (const ChunkId &passage : passages)
        ids << passage.toString();
    const auto numbers = session.query(kNumbers, {owner.toString(), db::textArray(ids)});
    if (!numbers)
        return numbers.error();
    if (numbers->isEmpty() || terms.isEmpty())
        return matches;
    auto loaded = textindex::loadLists(session, owner, terms);
    if (!loaded)
        return loaded.error();
    const textindex::Bm25 scorer(loaded->stored.collection, std::move(loaded->lists), options.bm25);
    for (const db::Row &row : *numbers) {
        auto found = scorer.explain(quint32(row.bigint(1)));
        if (!found)
            return textindex::damagedIndex(owner);
        matches.insert(ChunkId(row.value(0).toUuid()), std::move(*found));
    }
    return matches;
}

} // namespace llmemory::search
