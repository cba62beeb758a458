#include "core/search/text_search.h"

#include "core/db/sql_array.h"
#include "core/search/owner_configs.h"
#include "core/search/search_filter.h"
#include "core/textindex/lexemes.h"
#include "core/textindex/segment_repository.h"

#include <QHash>

#include <algorithm>

namespace llmemory::search {

using db::Statement;

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
    "FROM parsed"};

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
constexpr Statement kAllowed{"allowed_passages",
                             "SELECT x.chunk_no FROM {{tables.document_chunks}} x "
                             "WHERE x.owner_id = $1 AND x.chunk_no IS NOT NULL "
                             "AND ($8::tsquery IS NULL OR x.search_vector @@ $8::tsquery) "
                             "AND " LLMEMORY_SEARCH_FILTER " ORDER BY x.chunk_no"};

constexpr Statement kNumbers{"passage_numbers",
                             "SELECT c.chunk_id, c.chunk_no FROM {{tables.document_chunks}} c JOIN "
                             "{{tables.owners}} o ON o.owner_id = c.owner_id AND o.text_indexed "
                             "WHERE c.owner_id = $1 AND c.chunk_id = ANY ($2::uuid[]) "
                             "AND c.chunk_no IS NOT NULL"};

/// As they are stored, each once, with how often they are asked for.
QList<textindex::LexemeCount> storedTerms(const QList<textindex::LexemeCount> &lexemes)
{
    QList<textindex::LexemeCount> terms;
    for (const textindex::LexemeCount &lexeme : lexemes)
        terms.append({textindex::termOf(lexeme.lexeme), lexeme.frequency});
    return terms;
}

QList<QByteArray> namesOf(const QList<textindex::LexemeCount> &terms)
{
    QList<QByteArray> names;
    for (const textindex::LexemeCount &term : terms)
        names << term.lexeme;
    return names;
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

    /// @param terms  as stored, each once, with how often it is asked for.
    Result<QList<Ranked>> run(const QList<textindex::LexemeCount> &terms, size_t most)
    {
        const auto stored = textindex::loadTerms(m_session, m_query.owner, namesOf(terms));
        if (!stored)
            return stored.error();
        auto lists = textindex::listsOf(terms, stored->blocks);
        if (!lists)
            return textindex::damagedIndex(m_query.owner);
        const textindex::Bm25 scorer(stored->collection, std::move(*lists), {});

        QList<Ranked> found;
        size_t looked = 0;
        size_t block = m_checks ? std::max(kLeastBlock, 2 * most) : most;
        for (;;) {
            const auto best = scorer.best(block);
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
        const auto rows = m_session.query(
            kCheck, m_filter + QVariantList{db::integerArray(numbers), m_condition});
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
        const auto rows = m_session.query(kAllowed, m_filter + QVariantList{m_condition});
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

} // namespace

Result<TextMatches> searchText(db::Session &session,
                               const SearchQuery &query,
                               const TextQuery &text,
                               int most)
{
    TextMatches matches;
    if (text.any.isEmpty())
        return matches;
    auto parsed = session.queryOne(kTsquery, {query.owner.toString(), text.any});
    if (!parsed)
        return parsed.error();
    matches.tsquery = parsed->text(0);
    if (matches.tsquery.isEmpty())
        return matches; // only stop words, or no documents
    constexpr int kIsIndexed = 1;
    if (parsed->boolean(kIsIndexed)) {
        const textindex::QueryLexemes lexemes = textindex::lexemesOfQuery(matches.tsquery);
        // Phrases are more than their words.
        const QVariant condition = lexemes.anyOfThem ? QVariant() : QVariant(matches.tsquery);
        auto ranked = IndexedSearch(session, query, condition)
                          .run(storedTerms(lexemes.lexemes), size_t(std::max(most, 1)));
        if (!ranked)
            return ranked.error();
        matches.ranked = std::move(*ranked);
        return matches;
    }
    auto rows = session.query(kSearch, filterValues(query) + QVariantList{matches.tsquery, most});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        matches.ranked.append({ChunkId(row.value(0).toUuid()), row.real(1)});
    return matches;
}

Result<QHash<ChunkId, QList<textindex::TermMatch>>> matchedTerms(db::Session &session,
                                                                 const OwnerId &owner,
                                                                 const QString &tsquery,
                                                                 const QList<ChunkId> &passages)
{
    QHash<ChunkId, QList<textindex::TermMatch>> matches;
    QStringList ids;
    for (const ChunkId &passage : passages)
        ids << passage.toString();
    const auto numbers = session.query(kNumbers, {owner.toString(), db::textArray(ids)});
    if (!numbers)
        return numbers.error();
    const auto terms = storedTerms(textindex::lexemesOfQuery(tsquery).lexemes);
    if (numbers->isEmpty() || terms.isEmpty())
        return matches;
    const auto stored = textindex::loadTerms(session, owner, namesOf(terms));
    if (!stored)
        return stored.error();
    auto lists = textindex::listsOf(terms, stored->blocks);
    if (!lists)
        return textindex::damagedIndex(owner);
    const textindex::Bm25 scorer(stored->collection, std::move(*lists), {});
    for (const db::Row &row : *numbers) {
        auto found = scorer.explain(quint32(row.bigint(1)));
        if (!found)
            return textindex::damagedIndex(owner);
        matches.insert(ChunkId(row.value(0).toUuid()), std::move(*found));
    }
    return matches;
}

} // namespace llmemory::search
